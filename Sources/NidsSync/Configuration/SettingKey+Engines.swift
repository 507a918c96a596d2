import Transcriber

extension SettingKey {
    /// The keys that may stand below `transcription.engines.<label>`; no environment variable gives them.
    static let engineKeys = engineKeys(of: .gemini)

    /// The keys that mean something to one kind of engine.
    static func engineKeys(of kind: ModelCatalogue.EngineKind) -> [String] {
        let remote = [
            "engine", "model", "input_price", "output_price", "requests_per_minute", "concurrency", "thinking",
            "max_output_tokens", "timeout", "base_url", "api_key", "api_key_file",
        ]
        return switch kind {
        // A temperature is taken and not sent: configurations have one from when Gemini still listened to it.
        case .gemini: remote + ["media_resolution", "temperature"]
        case .openai: remote + ["temperature"]
        case .tesseract: ["engine", "concurrency"]
        }
    }

    /// `transcription.engines.<label>.<member>`; a label may have points of its own, a member has none.
    static func enginePath(_ label: String, _ member: String) -> String { "\(enginePrefix)\(label).\(member)" }

    /// The label and the member of such a path, `nil` for any other.
    static func engineMember(of path: String) -> (label: String, member: String)? {
        guard path.hasPrefix(enginePrefix), let point = path.lastIndex(of: ".") else { return nil }
        let start = path.index(path.startIndex, offsetBy: enginePrefix.count)
        guard start <= point else { return nil }
        return (String(path[start..<point]), String(path[path.index(after: point)...]))
    }

    private static let enginePrefix = "transcription.engines."
}
