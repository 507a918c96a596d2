/// A model's answer, read out of `GenerateContentResponse`.
struct GeminiAnswer {
    private let document: JSONValue
    private let key: APIKey

    init(_ body: [UInt8], redacting key: APIKey) throws(TranscriptionError) {
        self.key = key
        guard let document = try? JSONValue(parsing: body), document.object != nil else {
            throw .unavailable(
                reason: "the server answered something that is not Gemini's: check the base URL", retryAfter: nil,
                mayHaveBeenBilled: true)
        }
        self.document = document
    }

    init(_ document: JSONValue, redacting key: APIKey) {
        self.key = key
        self.document = document
    }

    /// The text, the thoughts left out, or why there is none.
    func engineAnswer(model: String) throws(TranscriptionError) -> EngineAnswer {
        guard let candidate = document["candidates"]?.array?.first else {
            if let reason = document["promptFeedback"]?["blockReason"]?.string {
                throw .refused(reason: "the request was blocked: \(said(reason))")
            }
            throw .empty
        }
        let parts = candidate["content"]?["parts"]?.array ?? []
        func text(thoughts: Bool) -> String {
            parts.filter { ($0["thought"] == .bool(true)) == thoughts }.compactMap { $0["text"]?.string }.joined()
        }
        let answer = text(thoughts: false)
        if candidate["finishReason"] == "MAX_TOKENS" {
            throw .outOfRoom(text: answer, thoughts: text(thoughts: true), thinking: usage?.thinking ?? 0)
        }
        try check(candidate["finishReason"]?.string, text: answer, message: candidate["finishMessage"]?.string)
        guard answer.contains(where: { !$0.isWhitespace }) else { throw .empty }
        return EngineAnswer(
            text: answer, providerModel: document["modelVersion"]?.string.map(said) ?? model, usage: usage)
    }

    /// Reasons that concern the sheet are refusals; any other means that the model stopped on the way.
    private func check(_ reason: String?, text: String, message: String?) throws(TranscriptionError) {
        switch reason {
        case nil, "STOP", "FINISH_REASON_UNSPECIFIED":
            return
        case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER", "NO_IMAGE", "MODEL_ARMOR", "JAILBREAK",
            "ESCALATION":
            let words = message.map { ": " + said($0) } ?? ""
            throw .refused(reason: "the model declined to read the sheet (\(said(reason ?? "")))\(words)")
        case "PUP_LIMITED_DISABLED":
            throw .modelPaused(
                reason: "Google has limited or disabled the account for violations of its policy", retryAfter: nil)
        default:
            throw text.isEmpty ? .empty : .cutOff
        }
    }

    /// The tokens billed for it, whether or not it is an answer.
    var usage: TokenUsage? {
        guard let usage = document["usageMetadata"] else { return nil }
        return TokenUsage(
            input: ForeignCount(usage["promptTokenCount"]), output: ForeignCount(usage["candidatesTokenCount"]),
            thinking: ForeignCount(usage["thoughtsTokenCount"]))
    }

    private func said(_ text: String) -> String { String(key.redacting(text.foremost).storable.prefix(200)) }
}
