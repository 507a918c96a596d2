/// What a model answered, read out of a chat completion.
struct OpenAIAnswer {
    private let document: JSONValue
    private let key: APIKey

    /// `nil` when this is no chat completion; some servers send an error with status 200.
    init?(_ body: [UInt8], redacting key: APIKey) {
        guard let document = try? JSONValue(parsing: body), document["choices"]?.array != nil else { return nil }
        self.document = document
        self.key = key
    }

    /// The text, or why there is none.
    func engineAnswer(model: String) throws(TranscriptionError) -> EngineAnswer {
        guard let choice = document["choices"]?.array?.first else { throw .empty }
        let message = choice["message"]
        let text = Self.withoutThoughts(Self.text(message?["content"]))
        if let refusal = message?["refusal"]?.string, !refusal.isEmpty {
            throw .refused(reason: "the model declined to read the sheet: \(said(refusal))")
        }
        switch choice["finish_reason"]?.string {
        case "length", "max_tokens", "model_length":
            throw .cutOff
        case "content_filter":
            throw .refused(reason: "the answer was held back by a content filter")
        case "error", "insufficient_system_resource":
            throw text.isEmpty ? .empty : .cutOff
        default:
            break
        }
        guard text.contains(where: { !$0.isWhitespace }) else { throw .empty }
        return EngineAnswer(
            text: key.redacting(text), providerModel: document["model"]?.string.map(said) ?? model, usage: usage)
    }

    /// What is billed for it, whether or not it is an answer; thoughts are counted within the completion.
    var usage: TokenUsage? {
        guard let usage = document["usage"], usage.object != nil else { return nil }
        let output = max(0, usage["completion_tokens"]?.integer ?? 0)
        let thinking = max(0, usage["completion_tokens_details"]?["reasoning_tokens"]?.integer ?? 0)
        return TokenUsage(
            input: max(0, usage["prompt_tokens"]?.integer ?? 0), output: max(0, output - thinking),
            thinking: min(thinking, output))
    }

    /// Most servers send a text, Mistral's a list of parts.
    private static func text(_ content: JSONValue?) -> String {
        content?.string
            ?? (content?.array ?? []).filter { $0["type"]?.string == "text" }.compactMap { $0["text"]?.string }.joined()
    }

    /// Servers that do not know a model's way of thinking send its thoughts along.
    private static func withoutThoughts(_ text: String) -> String {
        guard let start = text.firstRange(of: "<think>"),
            text[..<start.lowerBound].allSatisfy(\.isWhitespace)
        else { return text }
        guard let end = text.firstRange(of: "</think>") else { return "" }
        return String(text[end.upperBound...])
    }

    private func said(_ text: String) -> String { String(key.redacting(text).prefix(200)) }
}
