import Foundation

extension ModelCall {
    /// Tokens of the request, roughly: 258 a picture, four characters a token.
    var promptTokens: Int { inline.count * 258 + texts.reduce(0) { $0 + $1.utf8.count } / 4 }

    /// The most tokens that a chat completion may have, where it says so.
    var tokenLimit: Int? {
        let document = try? JSONSerialization.jsonObject(with: Data(generationConfig.utf8)) as? [String: Any]
        return document?["max_tokens"] as? Int ?? document?["max_completion_tokens"] as? Int
    }

    /// As vLLM says it.
    func checkContext(_ chat: ChatRules) throws(GoogleFault) {
        guard let context = chat.context, chat.refusesBeyondContext else { return }
        let start = "This model's maximum context length is \(context) tokens. However, "
        if promptTokens >= context {
            throw .chat(
                400,
                start
                    + "your request has \(promptTokens) input tokens. Please reduce the length of the input messages.",
                type: "BadRequestError", param: "input_tokens")
        }
        if let tokenLimit, promptTokens + tokenLimit > context {
            throw .chat(
                400,
                start + "you requested \(tokenLimit) output tokens and your prompt contains at least \(promptTokens) "
                    + "input tokens, for a total of at least \(promptTokens + tokenLimit) tokens. Please reduce the "
                    + "length of the input prompt or the number of requested output tokens.",
                type: "BadRequestError", param: "input_tokens")
        }
    }
}
