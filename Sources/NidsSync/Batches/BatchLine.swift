import Transcriber

/// The key of a content's line in a batch: it tells what the line is about, though the state were lost.
enum BatchLine {
    static func text(_ key: AnswerKey) -> String { "\(key.promptKind.rawValue):\(key.content)" }

    /// The key that a line's text means, `nil` for a text that is none of ours.
    static func key(_ text: String, model: String) -> AnswerKey? {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let kind = PromptKind(rawValue: String(parts[0])) else { return nil }
        return AnswerKey(content: String(parts[1]), model: model, promptKind: kind)
    }
}
