import DAV
import Foundation
import HTTP

/// Makes settings of the YAML file, the environment and the defaults: the environment wins over the file.
public struct SettingsLoader: Sendable {
    let environment: [String: String]
    let file: SettingsFile

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

    /// The settings.
    /// - Throws: `ConfigurationError` that names the place and what would be right.
    public func load() throws(ConfigurationError) -> Settings {
        try refuseUnknownVariables()
        let geminiKey = try secret("transcription.gemini.api_key")
        let engines = try engineSettings()
        return Settings(
            nextcloud: try nextcloud(),
            stateDirectory: try stateDirectory(),
            transcription: Settings.Transcription(
                models: try models(hasGeminiKey: geminiKey != nil),
                geminiKey: geminiKey,
                geminiBaseURL: try address("transcription.gemini.base_url", example: "https://api.example.org"),
                openAIKey: try secret("transcription.openai.api_key"),
                openAIBaseURL: try address("transcription.openai.base_url", example: "https://api.example.org/v1"),
                monthlyBudget: try budget("transcription.monthly_budget"),
                concurrency: try integer("transcription.concurrency", in: 1...1000),
                requestsPerMinute: try integer("transcription.requests_per_minute", in: 1...100_000),
                engines: engines,
                usesBatch: try boolean("transcription.batch") ?? false),
            observations: try observations(),
            stopGrace: try duration("stop.grace") ?? .seconds(150),
            statusListen: try listenAddress(),
            logLevel: try logLevel())
    }

    private func nextcloud() throws(ConfigurationError) -> Settings.Nextcloud {
        Settings.Nextcloud(
            url: try nextcloudURL(),
            user: try required("nextcloud.user", "The login name of the Nextcloud account that may read the scans."),
            password: try requiredPassword(),
            root: try root(),
            include: try patterns() ?? ["jpeg/**", "pdf/**"],
            exclude: try list("nextcloud.exclude") ?? [],
            pollInterval: try interval("nextcloud.poll_interval") ?? .seconds(10),
            walkInterval: try interval("nextcloud.walk_interval") ?? .seconds(300),
            fullCheckInterval: try interval("nextcloud.full_check_interval") ?? .seconds(6 * 3600),
            caFile: try readableFile("nextcloud.ca_file"),
            pairWait: try duration("nextcloud.pair_wait") ?? .seconds(900),
            maximumScanSize: try size("nextcloud.max_scan_size") ?? 200_000_000)
    }

    private func nextcloudURL() throws(ConfigurationError) -> String {
        let example = "https://cloud.example.org"
        if let url = try address("nextcloud.url", example: example) { return url }
        return try required("nextcloud.url", "Your Nextcloud's address, for example \(example).")
    }

    private func root() throws(ConfigurationError) -> String {
        let root = try required("nextcloud.root", "The folder of the scans, for example \"Observations Media\".")
        guard RemotePath(root) != nil else {
            throw wrong(
                "nextcloud.root", root,
                "A path below the account's files, for example Observations Media or Partage/Nids.")
        }
        return root
    }

    private func patterns() throws(ConfigurationError) -> [String]? {
        guard let patterns = try list("nextcloud.include") else { return nil }
        guard !patterns.isEmpty else {
            throw ConfigurationError(
                "it names no pattern, so that nothing would be read", key: "nextcloud.include",
                at: place(of: "nextcloud.include"), advice: "For example: jpeg/**, pdf/**")
        }
        return patterns
    }

    private func requiredPassword() throws(ConfigurationError) -> Secret {
        if let password = try secret("nextcloud.password") { return password }
        throw ConfigurationError(
            "missing", key: "nextcloud.password",
            advice: "Create an app password in Nextcloud (Settings, Security) and give it as NIDS_NEXTCLOUD_PASSWORD, "
                + "or the path of a file that holds it as nextcloud.password_file.")
    }

    private func observations() throws(ConfigurationError) -> Settings.Observations {
        guard let host = try text("observations.host") else { return .sqlite }
        return .mariaDB(
            host: host,
            port: try integer("observations.port", in: 1...65535) ?? 3306,
            name: try required("observations.name", "The database's name (DB_NAME)."),
            user: try required("observations.user", "The database account's name (DB_USER)."),
            password: try secret("observations.password") ?? Secret(""))
    }

    private func listenAddress() throws(ConfigurationError) -> String {
        guard let address = try text("status.listen") else { return "127.0.0.1:8099" }
        let colon = address.lastIndex(of: ":")
        guard let colon, colon > address.startIndex, UInt16(address[address.index(after: colon)...]) != nil else {
            throw wrong("status.listen", address, "An address and a port, for example 127.0.0.1:8099.")
        }
        return address
    }

    private func logLevel() throws(ConfigurationError) -> String {
        let levels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]
        guard let level = try text("log.level") else { return "info" }
        guard levels.contains(level) else {
            throw wrong("log.level", level, "One of \(levels.joined(separator: ", ")).")
        }
        return level
    }

    func refuseUnknownVariables() throws(ConfigurationError) {
        let known = SettingKey.all.map(\.variable)
        for name in environment.keys.sorted()
        where name.hasPrefix("NIDS_") && !name.hasPrefix("NIDS_TEST_") && !known.contains(name) {
            let nearest = SettingKey.nearest(to: name, in: known, within: 4)
            throw ConfigurationError(
                "unknown", at: .variable(SettingKey.shown(name)),
                advice: nearest.map { "Did you mean \($0)?" } ?? "The keys are listed in config/nids-sync.yaml.")
        }
    }
}

extension SettingsLoader: CustomStringConvertible, CustomReflectable {
    /// Nothing of what it holds: among the variables are secrets.
    public var description: String { "(settings not loaded yet)" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
