import HTTP

/// Makes settings of the YAML file, the environment and the defaults: the environment wins over the file.
public struct SettingsLoader: Sendable {
    let sources: SettingSources

    /// - Parameters:
    ///   - path: the YAML file, `nil` for the first of the usual places that has one.
    ///   - environment: the process's variables.
    /// - Throws: `ConfigurationError` for a file that cannot be read, is no YAML, or has an unknown key.
    public init(path: String?, environment: [String: String]) throws(ConfigurationError) {
        if let path = path ?? UsualPlaces.configuration(environment) {
            self.init(file: try SettingsFile(path: path), environment: environment)
        } else {
            self.init(file: SettingsFile(), environment: environment)
        }
    }

    init(file: SettingsFile, environment: [String: String]) {
        sources = SettingSources(environment: environment, file: file)
    }

    /// The settings, complete and checked.
    /// - Throws: `ConfigurationError` that names the place and what would be right.
    public func load() throws(ConfigurationError) -> Settings {
        try refuseUnknownVariables()
        try refuseOpenFile()
        return Settings(
            nextcloud: try nextcloud(),
            stateDirectory: try stateDirectory(),
            transcription: try transcription(),
            observations: try observations(),
            reference: try reference(),
            stopGrace: try sources.duration("stop.grace", upTo: .day) ?? .seconds(150),
            statusListen: try listenAddress(),
            logLevel: try logLevel())
    }

    private func transcription() throws(ConfigurationError) -> Settings.Transcription {
        let geminiKey = try sources.secret("transcription.gemini.api_key")
        let engines = try engineSettings()
        return Settings.Transcription(
            models: try models(hasGeminiKey: geminiKey != nil),
            geminiKey: geminiKey,
            geminiBaseURL: try sources.address("transcription.gemini.base_url", example: "https://api.example.org"),
            openAIKey: try sources.secret("transcription.openai.api_key"),
            openAIBaseURL: try sources.address("transcription.openai.base_url", example: "https://api.example.org/v1"),
            monthlyBudget: try sources.budget("transcription.monthly_budget"),
            concurrency: try sources.integer("transcription.concurrency", in: 1...1000),
            requestsPerMinute: try sources.integer("transcription.requests_per_minute", in: 1...100_000),
            engines: engines,
            usesBatch: try sources.boolean("transcription.batch") ?? false)
    }

    func reference() throws(ConfigurationError) -> Settings.Reference {
        Settings.Reference(
            speciesFile: try sources.readableFile("reference.especes_file"),
            communesFile: try sources.readableFile("reference.communes_file"),
            takesDjangoLists: try takesDjangoLists())
    }

    private func listenAddress() throws(ConfigurationError) -> String {
        guard let address = try sources.text("status.listen") else { return "127.0.0.1:8099" }
        let colon = address.lastIndex(of: ":")
        guard let colon, colon > address.startIndex, UInt16(address[address.index(after: colon)...]) != nil else {
            throw sources.wrong("status.listen", address, "An address and a port, for example 127.0.0.1:8099.")
        }
        return address
    }

    private func logLevel() throws(ConfigurationError) -> String {
        let levels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]
        guard let level = try sources.text("log.level") else { return "info" }
        guard levels.contains(level) else {
            throw sources.wrong("log.level", level, "One of \(levels.joined(separator: ", ")).")
        }
        return level
    }

    func refuseUnknownVariables() throws(ConfigurationError) {
        let known = SettingKey.all.map(\.variable)
        for name in sources.environment.keys.sorted()
        where name.hasPrefix("NIDS_") && !name.hasPrefix("NIDS_TEST_") && !known.contains(name) {
            let nearest = SettingKey.nearest(to: name, in: known, within: 4)
            throw ConfigurationError(
                "unknown", at: .variable(SettingKey.shown(name)),
                advice: nearest.map { "Did you mean \($0)?" } ?? "The keys are listed in config/nids-sync.yaml.")
        }
    }

    /// A configuration with a secret in it is for its owner, as a file of the secret alone is.
    private func refuseOpenFile() throws(ConfigurationError) {
        guard let path = sources.file.path, let secret = sources.file.firstSecret,
            FileExposure.isOpen(path, sources.environment)
        else { return }
        throw ConfigurationError(
            "it is a secret, and every user of this machine can read the file", key: secret.key, at: secret.place,
            advice:
                "Take the others' rights from it: chmod 600 \(SettingKey.shown(path)); or put the secret into a file "
                + "of its own and name that as \(secret.key)_file.")
    }
}

extension SettingsLoader: CustomStringConvertible, CustomReflectable {
    /// Nothing of what it holds: among the variables are secrets.
    public var description: String { "(settings not loaded yet)" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
