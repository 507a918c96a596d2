/// A fault in the configuration, with its place, its key, and what would be right.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The place at which the value was found.
    public enum Place: Sendable, Hashable {
        case file(String, line: Int)
        case variable(String)
        case nowhere
    }

    public var place: Place
    /// The key's name in the YAML file, where there is one.
    public var key: String?
    public var problem: String
    /// The value or action that would be right.
    public var advice: String

    public init(_ problem: String, key: String? = nil, at place: Place = .nowhere, advice: String) {
        self.problem = problem
        self.key = key
        self.place = place
        self.advice = advice
    }

    public var description: String {
        let location =
            switch place {
            case .file(let file, let line): "\(file), line \(line): "
            case .variable(let name): "environment variable \(name): "
            case .nowhere: ""
            }
        return "\(location)\(key.map { "\($0): " } ?? "")\(problem). \(advice)"
    }
}
