import Foundation
import HTTP

extension SettingSources {
    private struct Source {
        var path: String
        var raw: RawSetting
        var isFile: Bool

        init?(_ path: String, _ raw: RawSetting?, isFile: Bool) {
            guard let raw else { return nil }
            self.path = path
            self.raw = raw
            self.isFile = isFile
        }
    }

    /// A secret, from the strongest place that gives it or a file that holds it: a file named in the environment is
    /// stronger than a value in YAML.
    /// - Throws: `ConfigurationError` where it is given twice, in a wrong form, or in a file that cannot be read or
    ///   that everybody can read. It never repeats the secret.
    func secret(_ path: String) throws(ConfigurationError) -> Secret? {
        guard let source = try source(path) else { return nil }
        guard let value = source.raw.single else {
            throw ConfigurationError(
                "a single value is expected", key: source.path, at: source.raw.place, advice: "Write \"key: value\".")
        }
        if source.isFile { return Secret(try contents(of: value, source)) }
        return try Self.line(value, source.path, source.raw.place).map { Secret($0) }
    }

    /// True for a text that holds one of the secrets given elsewhere, or has the form of one.
    func mayBeSecret(_ text: String) -> Bool {
        if SecretShape.matches(text) { return true }
        let known = SettingKey.all.filter { $0.kind == .secret }.flatMap { key in
            Self.variables(key.path).compactMap(variable) + [file.setting(key.path)].compactMap { $0 }
        }
        return known.flatMap(\.values).contains { $0.utf8.count >= 4 && text.contains($0) }
    }

    private func source(_ path: String) throws(ConfigurationError) -> Source? {
        let twinPath = path + "_file"
        for (name, fileName) in zip(Self.variables(path), Self.variables(twinPath)) {
            let source = try Self.one(
                Source(path, variable(name), isFile: false), Source(twinPath, variable(fileName), isFile: true))
            if let source { return source }
        }
        return try Self.one(
            Source(path, file.setting(path), isFile: false), Source(twinPath, file.setting(twinPath), isFile: true))
    }

    private static func one(_ value: Source?, _ file: Source?) throws(ConfigurationError) -> Source? {
        if let value, file != nil {
            throw ConfigurationError(
                "given twice, as itself and as a file that holds it", key: value.path, at: value.raw.place,
                advice: "Remove one; the file is the safer way.")
        }
        return value ?? file
    }

    private func contents(of file: String, _ source: Source) throws(ConfigurationError) -> String {
        let data = try? SmallFile.read(file, limit: 64 << 10)
        guard let data, let text = String(data: data, encoding: .utf8), !text.trimmed.isEmpty else {
            throw ConfigurationError(
                "\(Self.shown(file: file)) cannot be read, is empty or is no text", key: source.path,
                at: source.raw.place,
                advice: "Give the path of a file that holds the secret and that this user may read.")
        }
        if FileExposure.isOpen(file, environment) {
            throw ConfigurationError(
                "\(Self.shown(file: file)) can be read by every user of this machine", key: source.path,
                at: source.raw.place, advice: "Take the others' rights from it: chmod 600 \(SettingKey.shown(file))")
        }
        do throws(ConfigurationError) {
            return try Self.line(text.trimmed, source.path, source.raw.place) ?? ""
        } catch {
            throw ConfigurationError(
                "\(Self.shown(file: file)) holds more than one line, or control characters", key: source.path,
                at: source.raw.place, advice: "It should hold the secret and nothing else.")
        }
    }
}
