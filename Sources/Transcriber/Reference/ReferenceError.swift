/// A fault in a list of names that somebody gave, with its place and what would be right.
public struct ReferenceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The list's file, as it was named.
    public var file: String
    /// The line, from 1.
    public var line: Int
    public var problem: String
    public var advice: String

    public init(file: String, line: Int, problem: String, advice: String) {
        self.file = file
        self.line = line
        self.problem = problem
        self.advice = advice
    }

    public var description: String { "\(file), line \(line): \(problem). \(advice)" }
}
