import Foundation

extension ModelAnswer {
    /// The answer as the JSON document that OpenAI sends, where it is one.
    func completedChat(
        for call: ModelCall, created: Int, chat: ChatRules = .init()
    ) -> Self {
        let room = min(call.tokenLimit ?? .max, chat.context.map { max(1, $0 - call.promptTokens) } ?? .max)
        func completion(_ text: String?, _ reason: String?, refusal: String? = nil, thoughts: String = "") -> Self {
            var (text, reason) = (text, reason)
            if chat.context != nil, let whole = text, whole.utf8.count / 4 > room {
                text = String(decoding: whole.utf8.prefix(room * 4), as: UTF8.self)
                reason = "length"
            }
            var message: [String: any Sendable] = [
                "role": "assistant", "content": text ?? NSNull(), "refusal": refusal ?? NSNull(),
            ]
            if !thoughts.isEmpty { message["reasoning_content"] = thoughts }
            let choice: [String: any Sendable] = [
                "index": 0, "message": message, "finish_reason": reason ?? NSNull(), "logprobs": NSNull(),
            ]
            let thinking = thoughts.utf8.count / 4
            let output = (text ?? "").utf8.count / 4 + thinking
            // A model that is cut off has used up its room.
            return document([choice], output: reason == "length" && room < .max ? room : output, thinking: thinking)
        }
        func document(_ choices: [[String: any Sendable]], output: Int, thinking: Int = 0) -> Self {
            let input = call.promptTokens
            return .json([
                "id": "chatcmpl-stand-in", "object": "chat.completion", "created": created, "model": call.model,
                "choices": choices,
                "usage": [
                    "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output,
                    "completion_tokens_details": ["reasoning_tokens": thinking],
                ] as [String: any Sendable],
            ])
        }
        switch self {
        case .text(let text):
            return completion(text, "stop")
        case .parts(let parts, let reason):
            let text = parts.filter { !$0.thought }.map(\.text).joined()
            return completion(
                text, reason.map { $0 == "STOP" ? "stop" : $0 == "MAX_TOKENS" ? "length" : $0 },
                thoughts: parts.filter(\.thought).map(\.text).joined())
        case .truncated(let text, let count):
            return completion(String(text.prefix(count)), "length")
        case .refused(let reason):
            return completion(nil, "stop", refusal: "I can't help with that (\(reason)).")
        case .blocked:
            return completion("", "content_filter")
        case .noCandidates:
            return document([], output: 0)
        case .fault, .json, .raw, .hang, .cut, .cutInside:
            return self
        }
    }
}
