extension ModelAnswer {
    /// The answer as the JSON document that Google sends, where it is one.
    func completed(for call: ModelCall) -> Self {
        switch self {
        case .text(let text):
            generated([.init(text)], finishReason: "STOP", call)
        case .parts(let parts, let finishReason):
            generated(parts, finishReason: finishReason, call)
        case .truncated(let text, let count):
            generated([.init(String(text.prefix(count)))], finishReason: "MAX_TOKENS", call)
        case .refused(let finishReason):
            generated([], finishReason: finishReason, call)
        case .blocked(let reason):
            .json([
                "promptFeedback": ["blockReason": reason], "usageMetadata": usage([], call), "modelVersion": call.model,
            ])
        case .noCandidates:
            .json(["candidates": [String](), "usageMetadata": usage([], call), "modelVersion": call.model])
        case .fault, .json, .raw, .hang, .cut, .cutInside:
            self
        }
    }

    private func generated(
        _ parts: [AnswerPart], finishReason: String?, _ call: ModelCall
    ) -> Self {
        var candidate: [String: any Sendable] = ["index": 0]
        if !parts.isEmpty {
            let written: [[String: any Sendable]] = parts.map {
                $0.thought ? ["text": $0.text, "thought": true] : ["text": $0.text]
            }
            candidate["content"] = ["parts": written, "role": "model"] as [String: any Sendable]
        }
        if let finishReason { candidate["finishReason"] = finishReason }
        return .json([
            "candidates": [candidate], "usageMetadata": usage(parts, call), "modelVersion": call.model,
            "responseId": "stand-in-\(call.inline.first?.sha256.prefix(12) ?? "0")",
        ])
    }

    /// Tokens as Google counts them, roughly: 258 a picture, four characters a token.
    private func usage(
        _ parts: [AnswerPart], _ call: ModelCall
    ) -> [String: any Sendable] {
        let input = call.inline.count * 258 + call.texts.reduce(0) { $0 + $1.utf8.count } / 4
        let output = parts.filter { !$0.thought }.reduce(0) { $0 + $1.text.utf8.count } / 4
        let thoughts = parts.filter(\.thought).reduce(0) { $0 + $1.text.utf8.count } / 4
        var usage: [String: any Sendable] = [
            "promptTokenCount": input, "candidatesTokenCount": output, "totalTokenCount": input + output + thoughts,
        ]
        if thoughts > 0 { usage["thoughtsTokenCount"] = thoughts }
        return usage
    }
}
