/// One key of the configuration: its name in the YAML file and in the environment, and what its value may be.
struct SettingKey: Sendable {
    enum Kind: Sendable {
        case text, list, duration, size, integer, boolean, budget, secret
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
            SettingKey(path: "nextcloud.allow_http", kind: .boolean),
            SettingKey(path: "nextcloud.user", kind: .text),
            SettingKey(path: "nextcloud.password", kind: .secret),
            SettingKey(path: "nextcloud.root", kind: .text),
            SettingKey(path: "nextcloud.include", kind: .list),
            SettingKey(path: "nextcloud.exclude", kind: .list),
            SettingKey(path: "nextcloud.variants", kind: .list),
            SettingKey(path: "nextcloud.poll_interval", kind: .duration),
            SettingKey(path: "nextcloud.walk_interval", kind: .duration),
            SettingKey(path: "nextcloud.full_check_interval", kind: .duration),
            SettingKey(path: "nextcloud.pair_wait", kind: .duration),
            SettingKey(path: "nextcloud.ca_file", kind: .text),
            SettingKey(path: "nextcloud.max_scan_size", kind: .size),
            SettingKey(path: "state.directory", kind: .text),
            SettingKey(path: "transcription.models", kind: .list),
            SettingKey(path: "transcription.concurrency", kind: .integer),
            SettingKey(path: "transcription.requests_per_minute", kind: .integer),
            SettingKey(path: "transcription.monthly_budget", kind: .budget),
            SettingKey(path: "transcription.batch", kind: .boolean),
            SettingKey(path: "transcription.gemini.api_key", kind: .secret, shortNames: ["GEMINI_API_KEY"]),
            SettingKey(path: "transcription.gemini.base_url", kind: .text),
            SettingKey(path: "transcription.openai.api_key", kind: .secret),
            SettingKey(path: "transcription.openai.base_url", kind: .text),
            SettingKey(path: "observations.host", kind: .list, shortNames: ["DB_HOST"]),
            SettingKey(path: "observations.port", kind: .integer, shortNames: ["DB_PORT"]),
            SettingKey(path: "observations.name", kind: .text, shortNames: ["DB_NAME"]),
            SettingKey(path: "observations.user", kind: .text, shortNames: ["DB_USER"]),
            SettingKey(path: "observations.password", kind: .secret, shortNames: ["DB_PASSWORD"]),
            SettingKey(path: "observations.tls", kind: .text),
            SettingKey(path: "observations.ca_file", kind: .text),
            SettingKey(path: "observations.django_bridge", kind: .boolean),
            SettingKey(path: "reference.especes_file", kind: .text),
            SettingKey(path: "reference.communes_file", kind: .text),
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

    /// `nextcloud`, `transcription.gemini` and the like.
    static let sections = Set(all.map { String($0.path[..<($0.path.lastIndex(of: ".") ?? $0.path.endIndex)]) }).sorted()
}

extension SettingKey {
    /// The error for a key that is not known, with the one that was probably meant.
    static func unknown(
        _ key: String, known: [String], at place: ConfigurationError.Place
    ) -> ConfigurationError {
        let suggestion =
            known.first { $0.hasSuffix("." + key) } ?? nearest(to: key, in: known, within: max(3, key.count / 3))
        return ConfigurationError(
            "unknown key", key: shown(key), at: place,
            advice: suggestion.map { "Did you mean \($0)?" } ?? "The keys are listed in config/nids-sync.yaml.")
    }

    /// The name that is the fewest changes away, `nil` when all are further than that.
    static func nearest(to name: String, in known: [String], within limit: Int) -> String? {
        // Nothing so long was meant to be one of them, and comparing takes the product of both lengths.
        guard name.utf8.count <= 100 else { return nil }
        let distances = known.map { (name: $0, distance: $0.editDistance(to: name)) }
        return distances.filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.name
    }

    /// A name out of a file or the environment, for a message.
    static func shown(_ name: String) -> String {
        let line = String(
            String.UnicodeScalarView(
                name.unicodeScalars.prefix(100).filter { $0.properties.generalCategory != .control }))
        return name.unicodeScalars.count > 100 ? line + "…" : line
    }
}

extension String {
    /// The number of letters that must be changed, added or removed to make one text of the other.
    fileprivate func editDistance(to other: String) -> Int {
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
