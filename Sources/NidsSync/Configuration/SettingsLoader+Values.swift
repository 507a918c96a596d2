import Foundation

extension SettingsLoader {
    /// The strongest value given for a key. An empty variable is as if it were not there.
    func raw(_ path: String) -> RawSetting? {
        for name in Self.variables(path) {
            if let setting = variable(name) { return setting }
        }
        return file.setting(path)
    }

    /// The variables that give a key, the strongest first; an engine's keys have none.
    static func variables(_ path: String) -> [String] {
        SettingKey.byPath[path].map { [$0.variable] + $0.shortNames } ?? []
    }

    func variable(_ name: String) -> RawSetting? {
        guard let value = environment[name], !value.isEmpty else { return nil }
        return RawSetting(values: [value], isList: false, place: .variable(name))
    }

    func place(of path: String) -> ConfigurationError.Place { raw(path)?.place ?? .nowhere }

    func wrong(_ path: String, _ value: String, _ advice: String) -> ConfigurationError {
        ConfigurationError(
            "\"\(SettingKey.shown(value))\" is not a value for it", key: path, at: place(of: path), advice: advice)
    }

    func text(_ path: String) throws(ConfigurationError) -> String? {
        guard let raw = raw(path) else { return nil }
        guard let value = raw.single else {
            throw ConfigurationError(
                "a single value is expected", key: path, at: raw.place, advice: "Write \"key: value\".")
        }
        return try Self.line(value, path, raw.place)
    }

    /// A text of one line; a line break at its end, as of a YAML block or a file, is not part of it.
    static func line(
        _ text: String, _ path: String, _ place: ConfigurationError.Place
    ) throws(ConfigurationError) -> String? {
        let line = text.trimmingCharacters(in: .newlines)
        // The value is not shown: it may be a secret.
        guard !line.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw ConfigurationError(
                "it holds a line break or another control character", key: path, at: place,
                advice: "Give a text of one line.")
        }
        return line.isEmpty ? nil : line
    }

    func required(_ path: String, _ advice: String) throws(ConfigurationError) -> String {
        if let text = try text(path) { return text }
        throw ConfigurationError("missing", key: path, advice: advice + " As a variable: \(SettingKey.variable(path)).")
    }

    func list(_ path: String) throws(ConfigurationError) -> [String]? {
        guard let raw = raw(path) else { return nil }
        if raw.isList { return raw.values }
        return raw.values.flatMap { $0.split(separator: ",").map { $0.trimmed } }.filter { !$0.isEmpty }
    }

    func integer(_ path: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
        guard let text = try text(path) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw wrong(path, text, "A whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    func duration(_ path: String) throws(ConfigurationError) -> Duration? {
        guard let text = try text(path) else { return nil }
        guard let value = Duration(setting: text) else {
            throw wrong(path, text, "A number and a unit, for example 500ms, 10s, 5m, 6h, 2d.")
        }
        return value
    }

    /// A duration after which something is done again: none at all would be without a pause.
    func interval(_ path: String) throws(ConfigurationError) -> Duration? {
        guard let value = try duration(path) else { return nil }
        guard value > .zero else { throw wrong(path, try text(path) ?? "", "Longer than nothing, for example 10s.") }
        return value
    }

    func size(_ path: String) throws(ConfigurationError) -> Int? {
        guard let text = try text(path) else { return nil }
        guard let value = Int(sizeSetting: text), value > 0 else {
            throw wrong(path, text, "A number of bytes, or with a unit: 500KB, 200MB, 1GB.")
        }
        return value
    }

    /// `true` or `false`, or what else people write for it.
    func boolean(_ path: String) throws(ConfigurationError) -> Bool? {
        guard let text = try text(path) else { return nil }
        switch text.lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default: throw wrong(path, text, "Either true or false.")
        }
    }

    /// A number from nothing up to a limit, with or without a point.
    func decimal(_ path: String, upTo limit: Double, _ advice: String) throws(ConfigurationError) -> Double? {
        guard let text = try text(path) else { return nil }
        guard let value = Double(decimal: text), value <= limit else { throw wrong(path, text, advice) }
        return value
    }

    func budget(_ path: String) throws(ConfigurationError) -> Settings.Budget? {
        guard let text = try text(path) else { return nil }
        if text == "unlimited" { return .unlimited }
        guard let sum = Double(decimal: text), sum.isFinite else {
            throw wrong(path, text, "A sum, for example 25 or 12.50, or \"unlimited\".")
        }
        return .sum(sum)
    }

    /// An http or https address, without a login.
    func address(_ path: String, example: String) throws(ConfigurationError) -> String? {
        guard let text = try text(path) else { return nil }
        let pattern = /https?:\/\/(\[[0-9A-Fa-f:.]+\]|[^\/\s?#@:]+)(:[0-9]+)?(\/[^\s?#]*)?/
        guard text.wholeMatch(of: pattern) == nil else { return text }
        // It is not shown: what stands before the @ may be a password.
        guard !text.contains("@") else {
            throw ConfigurationError(
                "the address holds a login", key: path, at: place(of: path),
                advice: "Give it without, for example \(example), and the login or key by its own setting.")
        }
        throw wrong(path, text, "It begins with https:// and has no ? or #, for example \(example).")
    }

    func readableFile(_ path: String) throws(ConfigurationError) -> String? {
        guard let file = try text(path) else { return nil }
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw ConfigurationError(
                "the file \(file) cannot be read", key: path, at: place(of: path),
                advice: "Give the path of a file that is there and that this user may read.")
        }
        return file
    }
}

extension StringProtocol {
    /// The text without white space at either end.
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
