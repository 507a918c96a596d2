import Foundation
import Yams

/// A value as somebody wrote it, and where.
struct RawSetting: Sendable {
    var values: [String]
    var isList: Bool
    var place: ConfigurationError.Place

    var single: String? { isList ? nil : values.first }
}

/// The YAML file, flattened to `a.b_c` keys that are all known.
struct SettingsFile: Sendable {
    private(set) var settings: [String: RawSetting] = [:]
    private(set) var engines: [String: [String: RawSetting]] = [:]

    init() {}

    /// Reads a file.
    /// - Throws: `ConfigurationError` for a file that cannot be read, is no YAML, or has an unknown key.
    init(path: String) throws(ConfigurationError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(
                "the configuration file \(path) cannot be read",
                advice: "Give the path of a readable file with --config, or leave it away and use NIDS_* variables.")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw ConfigurationError("\(path) is not UTF-8 text", advice: "Save it as UTF-8.")
        }
        try self.init(text: text, name: path)
    }

    init(text: String, name: String) throws(ConfigurationError) {
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch let error as YamlError {
            throw Self.unreadable(error, name: name)
        } catch {
            throw ConfigurationError("\(name) is not YAML", advice: "Compare it with the example in config/.")
        }
        guard let node else { return }
        if case .scalar(let scalar) = node, scalar.string.isEmpty { return }
        guard case .mapping(let mapping) = node else {
            throw ConfigurationError(
                "not a list of keys", at: .file(name, line: Self.line(node)),
                advice: "Write keys such as \"nextcloud:\" with theirs indented below.")
        }
        try read(mapping, prefix: "", name: name)
    }

    private mutating func read(_ mapping: Node.Mapping, prefix: String, name: String) throws(ConfigurationError) {
        var seen: Set<String> = []
        for (keyNode, value) in mapping {
            let key = prefix + (keyNode.string ?? "?")
            let place = ConfigurationError.Place.file(name, line: Self.line(keyNode))
            guard seen.insert(key).inserted else {
                throw ConfigurationError("the key stands there twice", key: key, at: place, advice: "Remove one.")
            }
            if key == "transcription.engines" {
                try readEngines(value, name: name, place: place)
            } else if SettingKey.byPath[key] != nil {
                if let setting = try Self.setting(value, key: key, place: place) { settings[key] = setting }
            } else if SettingKey.all.contains(where: { $0.path.hasPrefix(key + ".") }) {
                switch value {
                case .mapping(let inner): try read(inner, prefix: key + ".", name: name)
                case .scalar(let scalar) where scalar.string.isEmpty: continue
                default:
                    throw ConfigurationError(
                        "keys are expected below it", key: key, at: place,
                        advice: "Indent them on the lines that follow.")
                }
            } else {
                throw Self.unknown(key, known: SettingKey.all.map(\.path), place: place)
            }
        }
    }

    private mutating func readEngines(
        _ node: Node, name: String, place: ConfigurationError.Place
    ) throws(ConfigurationError) {
        guard case .mapping(let labels) = node else {
            throw ConfigurationError(
                "labels are expected below it", key: "transcription.engines", at: place,
                advice: "Write a label of your own, and its engine and model below it.")
        }
        for (label, body) in labels {
            let key = "transcription.engines.\(label.string ?? "?")"
            guard case .mapping(let members) = body else {
                throw ConfigurationError(
                    "keys are expected below it", key: key, at: .file(name, line: Self.line(label)),
                    advice: "Known: \(SettingKey.engineKeys.joined(separator: ", ")).")
            }
            var settings: [String: RawSetting] = [:]
            for (member, value) in members {
                let memberKey = member.string ?? "?"
                let place = ConfigurationError.Place.file(name, line: Self.line(member))
                guard SettingKey.engineKeys.contains(memberKey) else {
                    throw Self.unknown("\(key).\(memberKey)", known: SettingKey.engineKeys.map { "\(key).\($0)" }, place: place)
                }
                settings[memberKey] = try Self.setting(value, key: "\(key).\(memberKey)", place: place)
            }
            engines[label.string ?? "?"] = settings
        }
    }

    private static func setting(
        _ node: Node, key: String, place: ConfigurationError.Place
    ) throws(ConfigurationError) -> RawSetting? {
        switch node {
        case .scalar(let scalar):
            // "key:" with nothing behind it, or null: as if it were not there.
            if scalar.style == .plain, ["", "~", "null"].contains(scalar.string) { return nil }
            return RawSetting(values: [scalar.string], isList: false, place: place)
        case .sequence(let sequence):
            var values: [String] = []
            for element in sequence {
                guard case .scalar(let scalar) = element else {
                    throw ConfigurationError(
                        "its elements must be plain texts", key: key, at: place, advice: "One text a line.")
                }
                values.append(scalar.string)
            }
            return RawSetting(values: values, isList: true, place: place)
        default:
            throw ConfigurationError("a single value is expected", key: key, at: place, advice: "Write \"key: value\".")
        }
    }

    private static func unknown(
        _ key: String, known: [String], place: ConfigurationError.Place
    ) -> ConfigurationError {
        let nearest = known.min { $0.editDistance(to: key) < $1.editDistance(to: key) }
        let advice =
            nearest.flatMap { $0.editDistance(to: key) <= max(3, key.count / 3) ? "Did you mean \($0)?" : nil }
            ?? "The keys are listed in config/nids-sync.yaml."
        return ConfigurationError("unknown key", key: key, at: place, advice: advice)
    }

    private static func unreadable(_ error: YamlError, name: String) -> ConfigurationError {
        let (line, problem): (Int, String) =
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                (mark.line, problem)
            default: (1, "not YAML")
            }
        return ConfigurationError(
            problem, at: .file(name, line: line), advice: "Compare it with the example in config/.")
    }

    private static func line(_ node: Node) -> Int { node.mark?.line ?? 1 }
}

extension String {
    /// How many letters must be changed, added or removed to make one text of the other.
    func editDistance(to other: String) -> Int {
        let left = Array(self)
        let right = Array(other)
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, candidate) in right.enumerated() {
                let cost = letter == candidate ? diagonal : 1 + Swift.min(diagonal, row[j], row[j + 1])
                diagonal = row[j + 1]
                row[j + 1] = cost
            }
        }
        return row[right.count]
    }
}
