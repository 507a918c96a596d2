import Foundation
import Yams

/// The YAML file, flattened to `a.b_c` keys that are all known.
struct SettingsFile: Sendable {
    private(set) var settings: [String: RawSetting] = [:]
    private(set) var engines: [String: [String: RawSetting]] = [:]
    /// The place of each engine's label.
    private(set) var engineLabels: [String: ConfigurationError.Place] = [:]
    /// The file's path, `nil` for a text that is in none.
    private(set) var path: String?

    /// Bytes; nobody writes a longer one by hand.
    private static let longest = 256 << 10
    private static let example = "Compare it with the example in config/."

    init() {}

    /// Reads a file.
    /// - Throws: `ConfigurationError` for a file that cannot be read, is no YAML, or has an unknown key.
    init(path: String) throws(ConfigurationError) {
        let data: Data
        do throws(SmallFile.Problem) { data = try SmallFile.read(path, limit: Self.longest) } catch {
            switch error {
            case .tooLarge: throw Self.tooLarge(path)
            case .unreadable:
                throw ConfigurationError(
                    "the configuration file \(path) cannot be read",
                    advice: "Give the path of a readable file with --config, or leave it away and use NIDS_* variables."
                )
            }
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw ConfigurationError("\(path) is not UTF-8 text", advice: "Save it as UTF-8.")
        }
        try self.init(text: text, name: path)
        self.path = path
    }

    /// The first secret that stands in the file itself.
    var firstSecret: (key: String, place: ConfigurationError.Place)? {
        let keys = SettingKey.all.filter { $0.kind == .secret }.map(\.path)
        let engines = self.engines.keys.sorted().map { SettingKey.enginePath($0, "api_key") }
        return (keys + engines).lazy.compactMap { key in setting(key).map { (key, $0.place) } }.first
    }

    /// The value that the file has for a key, one of an engine included.
    func setting(_ path: String) -> RawSetting? {
        if let (label, member) = SettingKey.engineMember(of: path) { return engines[label]?[member] }
        return settings[path]
    }

    /// - Throws: `ConfigurationError` for a text that is no YAML, or has an unknown key.
    init(text: String, name: String) throws(ConfigurationError) {
        guard text.utf8.count <= Self.longest else { throw Self.tooLarge(name) }
        // Editors on Windows put a byte order mark before UTF-8.
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        try Self.refuseManyReferences(text, name: name)
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch let error as YamlError {
            throw Self.unreadable(error, text: text, name: name)
        } catch {
            throw ConfigurationError("\(name) is not YAML", advice: Self.example)
        }
        guard let node, !Self.isNothing(node) else { return }
        guard case .mapping(let mapping) = node else {
            throw ConfigurationError(
                "not a list of keys", at: .file(name, line: Self.line(node)),
                advice: "Write keys such as \"nextcloud:\" with theirs indented below.")
        }
        try read(mapping, prefix: "", name: name)
    }

    private mutating func read(_ mapping: Node.Mapping, prefix: String, name: String) throws(ConfigurationError) {
        for (keyNode, value) in mapping {
            let key = prefix + (keyNode.string ?? "?")
            let place = ConfigurationError.Place.file(name, line: Self.line(keyNode))
            if key == "transcription.engines" {
                try readEngines(value, name: name, place: place)
            } else if SettingKey.byPath[key] != nil {
                guard let setting = try Self.setting(value, key: key, place: place) else { continue }
                // YAML sees to it within one section; "nextcloud.url:" beside "nextcloud:" is another.
                guard settings.updateValue(setting, forKey: key) == nil else { throw Self.twice(key, place) }
            } else if SettingKey.sections.contains(key) {
                if Self.isNothing(value) { continue }
                guard case .mapping(let inner) = value else {
                    throw ConfigurationError(
                        "keys are expected below it", key: key, at: place,
                        advice: "Indent them on the lines that follow.")
                }
                try read(inner, prefix: key + ".", name: name)
            } else {
                throw SettingKey.unknown(key, known: SettingKey.all.map(\.path) + SettingKey.sections, at: place)
            }
        }
    }

    private mutating func readEngines(
        _ node: Node, name: String, place: ConfigurationError.Place
    ) throws(ConfigurationError) {
        if Self.isNothing(node) { return }
        guard case .mapping(let labels) = node else {
            throw ConfigurationError(
                "labels are expected below it", key: "transcription.engines", at: place,
                advice: "Write a label of your own, and its engine and model below it.")
        }
        for (labelNode, body) in labels {
            let label = labelNode.string ?? "?"
            let key = "transcription.engines.\(label)"
            let place = ConfigurationError.Place.file(name, line: Self.line(labelNode))
            guard case .mapping(let members) = body else {
                throw ConfigurationError(
                    "keys are expected below it", key: SettingKey.shown(key), at: place,
                    advice: "Known: \(SettingKey.engineKeys.joined(separator: ", ")).")
            }
            guard engineLabels.updateValue(place, forKey: label) == nil else { throw Self.twice(key, place) }
            engines[label] = try Self.engine(members, key: key, name: name)
        }
    }

    private static func engine(
        _ members: Node.Mapping, key: String, name: String
    ) throws(ConfigurationError) -> [String: RawSetting] {
        var settings: [String: RawSetting] = [:]
        for (memberNode, value) in members {
            let member = memberNode.string ?? "?"
            let place = ConfigurationError.Place.file(name, line: line(memberNode))
            guard SettingKey.engineKeys.contains(member) else {
                throw SettingKey.unknown(
                    "\(key).\(member)", known: SettingKey.engineKeys.map { "\(key).\($0)" }, at: place)
            }
            settings[member] = try setting(value, key: "\(key).\(member)", place: place)
        }
        return settings
    }

    private static func setting(
        _ node: Node, key: String, place: ConfigurationError.Place
    ) throws(ConfigurationError) -> RawSetting? {
        switch node {
        case .scalar(let scalar):
            return isNothing(node) ? nil : RawSetting(values: [scalar.string], isList: false, place: place)
        case .sequence(let sequence):
            var values: [String] = []
            for element in sequence {
                guard case .scalar(let scalar) = element, !isNothing(element) else {
                    throw ConfigurationError(
                        "its elements must be plain texts, none of them empty", key: key, at: place,
                        advice: "One text a line, each after \"- \".")
                }
                values.append(scalar.string)
            }
            return RawSetting(values: values, isList: true, place: place)
        default:
            throw ConfigurationError(
                "a single value is expected", key: SettingKey.shown(key), at: place, advice: "Write \"key: value\".")
        }
    }

    /// "key:" with nothing behind it, null or an empty text: as if it were not there, as an empty variable is.
    private static func isNothing(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.string.isEmpty
            || (scalar.style == .plain && ["~", "null", "Null", "NULL"].contains(scalar.string))
    }

    private static func line(_ node: Node) -> Int { node.mark?.line ?? 1 }
}

extension SettingsFile {
    /// A few lines of references to references can stand for more values than any machine has room for.
    private static func refuseManyReferences(_ text: String, name: String) throws(ConfigurationError) {
        var count = 0
        for line in text.split(whereSeparator: \.isNewline) where line.first(where: { $0 != " " }) != "#" {
            var before: UInt8 = 0x20
            for byte in line.utf8 {
                if byte == UInt8(ascii: "*"), " ,[{:-?\t".utf8.contains(before) { count += 1 }
                before = byte
            }
        }
        guard count <= 20 else {
            throw ConfigurationError(
                "\(name) has more than 20 references (*name)",
                advice: "Write the values out; put patterns that begin with * in quotes.")
        }
    }

    private static func tooLarge(_ name: String) -> ConfigurationError {
        ConfigurationError(
            "\(name) is larger than \(longest >> 10) KiB, which no configuration is",
            advice: "Give the path of the YAML file with --config.")
    }

    private static func twice(_ key: String, _ place: ConfigurationError.Place) -> ConfigurationError {
        ConfigurationError("the key stands there twice", key: SettingKey.shown(key), at: place, advice: "Remove one.")
    }

    private static func unreadable(_ error: YamlError, text: String, name: String) -> ConfigurationError {
        switch error {
        case .duplicatedKeysInMapping(let duplicates, let context):
            return twice(duplicates.first ?? "?", .file(name, line: context.mark.line))
        case .composer(_, let problem, let mark, _) where problem.contains("another document"):
            return ConfigurationError(
                "a second document begins here (---), and nothing of it would be read",
                at: .file(name, line: mark.line), advice: "Put all keys into one, and remove the line \"---\".")
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            return ConfigurationError(
                problem, at: .file(name, line: mark.line),
                advice: advice(problem, context?.text ?? "", line: line(mark.line, of: text)))
        case .reader(let problem, let offset, _, _):
            let before = text.utf8.prefix(offset ?? 0)
            return ConfigurationError(
                problem, at: .file(name, line: 1 + before.count(where: { $0 == UInt8(ascii: "\n") })),
                advice: "Save it as plain UTF-8 text.")
        default:
            return ConfigurationError("not YAML", at: .file(name, line: 1), advice: example)
        }
    }

    private static func line(_ number: Int, of text: String) -> Substring {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return lines.indices.contains(number - 1) ? lines[number - 1] : ""
    }

    private static func advice(_ problem: String, _ context: String, line: Substring) -> String {
        if context.contains("alias") || problem.contains("alias") { return "Put a text that begins with * in quotes." }
        if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
            return "Indent with spaces, not with tabs."
        }
        return example
    }
}
