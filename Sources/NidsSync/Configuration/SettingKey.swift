/// One key of the configuration: its name in the YAML file and in the environment, and what its value may be.
struct SettingKey: Sendable {
    enum Kind: Sendable {
        case text, list, duration, size, integer, budget, secret
    }

    /// `nextcloud.poll_interval`
    let path: String
    let kind: Kind
    /// Other names in the environment, weaker than the systematic one.
    var shortNames: [String] = []

    /// `NIDS_NEXTCLOUD_POLL_INTERVAL`
    var variable: String { Self.variable(path) }

    static func variable(_ path: String) -> String {
        "NIDS_" + path.uppercased().replacing(".", with: "_")
    }

    /// All keys; each secret also has a twin `…_file`. `transcription.engines.<label>.…` comes on top.
    static let all: [SettingKey] =
        [
            SettingKey(path: "nextcloud.url", kind: .text),
            SettingKey(path: "nextcloud.user", kind: .text),
            SettingKey(path: "nextcloud.password", kind: .secret),
            SettingKey(path: "nextcloud.root", kind: .text),
            SettingKey(path: "nextcloud.include", kind: .list),
            SettingKey(path: "nextcloud.exclude", kind: .list),
            SettingKey(path: "nextcloud.poll_interval", kind: .duration),
            SettingKey(path: "nextcloud.walk_interval", kind: .duration),
            SettingKey(path: "nextcloud.full_check_interval", kind: .duration),
            SettingKey(path: "nextcloud.ca_file", kind: .text),
            SettingKey(path: "nextcloud.max_scan_size", kind: .size),
            SettingKey(path: "state.directory", kind: .text),
            SettingKey(path: "transcription.models", kind: .list),
            SettingKey(path: "transcription.concurrency", kind: .integer),
            SettingKey(path: "transcription.monthly_budget", kind: .budget),
            SettingKey(path: "transcription.gemini.api_key", kind: .secret, shortNames: ["GEMINI_API_KEY"]),
            SettingKey(path: "transcription.gemini.base_url", kind: .text),
            SettingKey(path: "transcription.openai.api_key", kind: .secret),
            SettingKey(path: "transcription.openai.base_url", kind: .text),
            SettingKey(path: "observations.host", kind: .text, shortNames: ["DB_HOST"]),
            SettingKey(path: "observations.port", kind: .integer, shortNames: ["DB_PORT"]),
            SettingKey(path: "observations.name", kind: .text, shortNames: ["DB_NAME"]),
            SettingKey(path: "observations.user", kind: .text, shortNames: ["DB_USER"]),
            SettingKey(path: "observations.password", kind: .secret, shortNames: ["DB_PASSWORD"]),
            SettingKey(path: "status.listen", kind: .text),
            SettingKey(path: "stop.grace", kind: .duration),
            SettingKey(path: "log.level", kind: .text),
        ].flatMap { key in
            key.kind == .secret
                ? [
                    key,
                    SettingKey(
                        path: key.path + "_file", kind: .text, shortNames: key.shortNames.map { $0 + "_FILE" }),
                ] : [key]
        }

    static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })

    /// What may stand below `transcription.engines.<label>`.
    static let engineKeys = ["engine", "model"]
}
