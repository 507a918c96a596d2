import Foundation
import HTTP

/// Makes settings of the YAML file, the environment and the defaults: the environment wins over the file.
public struct SettingsLoader: Sendable {
    private let environment: [String: String]
    private let file: SettingsFile

    /// - Parameters:
    ///   - path: the YAML file, `nil` for the first of the usual places that has one.
    ///   - environment: the process's variables.
    /// - Throws: `ConfigurationError`.
    public init(path: String?, environment: [String: String]) throws(ConfigurationError) {
        self.environment = environment
        if let path = path ?? Self.usualPlace(environment) {
            file = try SettingsFile(path: path)
        } else {
            file = SettingsFile()
        }
    }

    init(file: SettingsFile, environment: [String: String]) {
        self.file = file
        self.environment = environment
    }

    /// `nids-sync.yaml` here, in the user's configuration folder, or in `/etc/nids-sync`.
    static func usualPlace(_ environment: [String: String]) -> String? {
        let home = environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map { $0 + "/.config" }
        let places = ["nids-sync.yaml", home.map { $0 + "/nids-sync/nids-sync.yaml" }, "/etc/nids-sync/nids-sync.yaml"]
        return places.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0) }
    }

    /// The settings.
    /// - Throws: `ConfigurationError` that names the place and what would be right.
    public func load() throws(ConfigurationError) -> Settings {
        try refuseUnknownVariables()
        let geminiKey = try secret("transcription.gemini.api_key")
        let engines = try engineSettings()
        return Settings(
            nextcloud: try nextcloud(),
            stateDirectory: try text("state.directory") ?? defaultStateDirectory,
            transcription: Settings.Transcription(
                models: try models(hasGeminiKey: geminiKey != nil),
                geminiKey: geminiKey,
                geminiBaseURL: try text("transcription.gemini.base_url"),
                openAIKey: try secret("transcription.openai.api_key"),
                openAIBaseURL: try text("transcription.openai.base_url"),
                monthlyBudget: try budget("transcription.monthly_budget"),
                concurrency: try integer("transcription.concurrency", in: 1...1000),
                engines: engines),
            observations: try observations(),
            stopGrace: try duration("stop.grace") ?? .seconds(150),
            statusListen: try text("status.listen") ?? "127.0.0.1:8099",
            logLevel: try logLevel())
    }

    private func nextcloud() throws(ConfigurationError) -> Settings.Nextcloud {
        Settings.Nextcloud(
            url: try nextcloudURL(),
            user: try required("nextcloud.user", "The login name of the Nextcloud account that may read the scans."),
            password: try requiredPassword(),
            root: try required("nextcloud.root", "The folder of the scans, for example \"Observations Media\"."),
            include: try list("nextcloud.include") ?? ["jpeg/**", "pdf/**"],
            exclude: try list("nextcloud.exclude") ?? [],
            pollInterval: try duration("nextcloud.poll_interval") ?? .seconds(10),
            walkInterval: try duration("nextcloud.walk_interval") ?? .seconds(300),
            fullCheckInterval: try duration("nextcloud.full_check_interval") ?? .seconds(6 * 3600),
            caFile: try text("nextcloud.ca_file"),
            maximumScanSize: try size("nextcloud.max_scan_size") ?? 200 << 20)
    }

    private func nextcloudURL() throws(ConfigurationError) -> String {
        let url = try required("nextcloud.url", "Your Nextcloud's address, for example https://cloud.example.org.")
        let place = try raw("nextcloud.url")?.place ?? .nowhere
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
            throw ConfigurationError(
                "\"\(url)\" is not an address", key: "nextcloud.url", at: place,
                advice: "It begins with https://, for example https://cloud.example.org.")
        }
        guard !url.contains("@") else {
            throw ConfigurationError(
                "the address holds a login", key: "nextcloud.url", at: place,
                advice: "Give the login as nextcloud.user and nextcloud.password_file.")
        }
        return url
    }

    private func requiredPassword() throws(ConfigurationError) -> Secret {
        if let password = try secret("nextcloud.password") { return password }
        throw ConfigurationError(
            "missing", key: "nextcloud.password",
            advice: "Create an app password in Nextcloud (Settings, Security) and give it as NIDS_NEXTCLOUD_PASSWORD, "
                + "or the path of a file that holds it as nextcloud.password_file.")
    }

    private func models(hasGeminiKey: Bool) throws(ConfigurationError) -> [String] {
        guard let models = try list("transcription.models"), !models.isEmpty else {
            return [hasGeminiKey ? "gemini_3_flash" : "tesseract"]
        }
        let place = try raw("transcription.models")?.place ?? .nowhere
        for label in models {
            let allowed = label.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "._-".unicodeScalars.contains($0))
            }
            guard allowed, !label.hasPrefix(".") else {
                throw ConfigurationError(
                    "\"\(label)\" cannot be a label", key: "transcription.models", at: place,
                    advice: "A label names a folder: letters, digits, \"_\", \"-\" and \".\" (not first).")
            }
        }
        guard Set(models).count == models.count else {
            throw ConfigurationError("a label stands there twice", key: "transcription.models", at: place, advice: "Remove one.")
        }
        return models
    }

    private func engineSettings() throws(ConfigurationError) -> [String: Settings.Engine] {
        var engines: [String: Settings.Engine] = [:]
        for (label, members) in file.engines {
            guard let engine = members["engine"]?.single, ["gemini", "tesseract"].contains(engine) else {
                throw ConfigurationError(
                    "engine must be gemini or tesseract", key: "transcription.engines.\(label).engine",
                    at: members["engine"]?.place ?? .nowhere, advice: "Other engines come with a later release.")
            }
            engines[label] = Settings.Engine(engine: engine, model: members["model"]?.single)
        }
        return engines
    }

    private func observations() throws(ConfigurationError) -> Settings.Observations {
        guard let host = try text("observations.host"), !host.isEmpty else { return .sqlite }
        return .mariaDB(
            host: host,
            port: try integer("observations.port", in: 1...65535) ?? 3306,
            name: try required("observations.name", "The database's name (DB_NAME)."),
            user: try required("observations.user", "The database account's name (DB_USER)."),
            password: try secret("observations.password") ?? Secret(""))
    }

    private func logLevel() throws(ConfigurationError) -> String {
        let levels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]
        guard let level = try text("log.level") else { return "info" }
        guard levels.contains(level) else {
            throw wrong("log.level", level, "One of \(levels.joined(separator: ", ")).")
        }
        return level
    }

    private var defaultStateDirectory: String {
        if let directory = environment["STATE_DIRECTORY"], !directory.isEmpty { return directory }
        if getuid() == 0 { return "/var/lib/nids-sync" }
        let base = environment["XDG_STATE_HOME"] ?? (environment["HOME"] ?? ".") + "/.local/state"
        return base + "/nids-sync"
    }

    private func refuseUnknownVariables() throws(ConfigurationError) {
        let known = Set(SettingKey.all.map(\.variable))
        for name in environment.keys.sorted()
        where name.hasPrefix("NIDS_") && !name.hasPrefix("NIDS_TEST_") && !known.contains(name) {
            let nearest = known.min { $0.editDistance(to: name) < $1.editDistance(to: name) } ?? ""
            throw ConfigurationError(
                "unknown", at: .variable(name),
                advice: nearest.editDistance(to: name) <= 4
                    ? "Did you mean \(nearest)?" : "The keys are listed in config/nids-sync.yaml.")
        }
    }
}

extension SettingsLoader {
    private func raw(_ path: String) throws(ConfigurationError) -> RawSetting? {
        guard let key = SettingKey.byPath[path] else { return nil }
        for name in [key.variable] + key.shortNames {
            if let value = environment[name], !value.isEmpty {
                let values = key.kind == .list ? value.split(separator: ",").map { $0.trimmed } : [value]
                return RawSetting(values: values, isList: key.kind == .list, place: .variable(name))
            }
        }
        return file.settings[path]
    }

    private func wrong(_ path: String, _ value: String, _ advice: String) -> ConfigurationError {
        let place = (try? raw(path))?.place ?? .nowhere
        return ConfigurationError("\"\(value)\" is not a value for it", key: path, at: place, advice: advice)
    }

    private func text(_ path: String) throws(ConfigurationError) -> String? {
        guard let raw = try raw(path) else { return nil }
        guard let text = raw.single else {
            throw ConfigurationError("a single value is expected", key: path, at: raw.place, advice: "Write \"key: value\".")
        }
        return text
    }

    private func required(_ path: String, _ advice: String) throws(ConfigurationError) -> String {
        if let text = try text(path), !text.isEmpty { return text }
        throw ConfigurationError("missing", key: path, advice: advice + " As a variable: \(SettingKey.variable(path)).")
    }

    private func list(_ path: String) throws(ConfigurationError) -> [String]? {
        guard let raw = try raw(path) else { return nil }
        return raw.isList ? raw.values : raw.values.flatMap { $0.split(separator: ",").map { $0.trimmed } }
    }

    private func integer(_ path: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
        guard let text = try text(path) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw wrong(path, text, "A whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    private func duration(_ path: String) throws(ConfigurationError) -> Duration? {
        guard let text = try text(path) else { return nil }
        guard let value = Duration(setting: text) else {
            throw wrong(path, text, "A number and a unit, for example 500ms, 10s, 5m, 6h, 2d.")
        }
        return value
    }

    private func size(_ path: String) throws(ConfigurationError) -> Int? {
        guard let text = try text(path) else { return nil }
        guard let value = Int(sizeSetting: text) else {
            throw wrong(path, text, "A number of bytes, or with a unit: 500KB, 200MB, 1GB.")
        }
        return value
    }

    private func budget(_ path: String) throws(ConfigurationError) -> Settings.Budget? {
        guard let text = try text(path) else { return nil }
        if text == "unlimited" { return .unlimited }
        guard let sum = Double(text), sum >= 0, sum.isFinite else {
            throw wrong(path, text, "A sum, for example 25, or \"unlimited\".")
        }
        return .sum(sum)
    }

    private func secret(_ path: String) throws(ConfigurationError) -> Secret? {
        if let value = try text(path) { return Secret(value) }
        guard let file = try text(path + "_file") else { return nil }
        guard let data = FileManager.default.contents(atPath: file), let text = String(data: data, encoding: .utf8),
            !text.trimmed.isEmpty
        else {
            throw ConfigurationError(
                "the file \(file) cannot be read or is empty", key: path + "_file",
                at: try raw(path + "_file")?.place ?? .nowhere,
                advice: "Give the path of a file that holds the secret and that this user may read.")
        }
        return Secret(text.trimmed)
    }
}

extension StringProtocol {
    /// The text without white space at either end.
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
