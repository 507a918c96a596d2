import Foundation

/// The two sources of settings: the environment, which wins, and the YAML file.
struct SettingSources: Sendable {
    let environment: [String: String]
    let file: SettingsFile

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

    /// The error for a value that a key cannot have; a value that may be a secret is not repeated.
    func wrong(_ path: String, _ value: String, _ advice: String) -> ConfigurationError {
        let problem =
            mayBeSecret(value)
            ? "its value, not shown since it may be a secret, is none for it"
            : "\"\(SettingKey.shown(value))\" is not a value for it"
        return ConfigurationError(problem, key: path, at: place(of: path), advice: advice)
    }

    /// The error for a value that is not repeated, whatever it is.
    func refused(_ path: String, _ problem: String, _ advice: String) -> ConfigurationError {
        ConfigurationError(problem, key: path, at: place(of: path), advice: advice)
    }

    /// One text on one line, `nil` where none is given.
    /// - Throws: `ConfigurationError` for a list, and for a text with control characters.
    func text(_ path: String) throws(ConfigurationError) -> String? {
        guard let raw = raw(path) else { return nil }
        guard let value = raw.single else {
            throw ConfigurationError(
                "a single value is expected", key: path, at: raw.place, advice: "Write \"key: value\".")
        }
        return try Self.line(value, path, raw.place)
    }

    /// A text of one line; a line break at its end, as of a YAML block or a file, is not part of it.
    /// - Throws: `ConfigurationError` for a text with control characters.
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

    /// A text that must be given.
    /// - Throws: `ConfigurationError` where it is missing, with the variable that gives it.
    func required(_ path: String, _ advice: String) throws(ConfigurationError) -> String {
        if let text = try text(path) { return text }
        throw ConfigurationError("missing", key: path, advice: advice + " As a variable: \(SettingKey.variable(path)).")
    }

    /// A YAML list, or one text with commas.
    /// - Throws: `ConfigurationError` for an element with control characters.
    func list(_ path: String) throws(ConfigurationError) -> [String]? {
        guard let raw = raw(path) else { return nil }
        let values = raw.isList ? raw.values : raw.values.flatMap { $0.split(separator: ",").map { $0.trimmed } }
        var lines: [String] = []
        for value in values {
            if let line = try Self.line(value, path, raw.place) { lines.append(line) }
        }
        return lines
    }
}

extension StringProtocol {
    /// The text without white space at either end.
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
