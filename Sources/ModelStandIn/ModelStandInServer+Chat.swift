import Foundation

/// OpenAI's chat completions, as OpenAI, vLLM, llama.cpp, Ollama and Mistral serve them.
extension ModelStandInServer {
    func check(bearer: String?, _ configuration: Configuration) throws(GoogleFault) {
        guard !configuration.apiKeys.isEmpty else { return }
        guard let bearer, bearer.hasPrefix("Bearer ") else {
            throw .chat(401, "You didn't provide an API key.", type: "invalid_request_error")
        }
        guard configuration.apiKeys.contains(String(bearer.dropFirst(7))) else {
            throw .chat(401, "Incorrect API key provided.", code: "invalid_api_key")
        }
    }

    func check(chatModel name: String, _ configuration: Configuration) throws(GoogleFault) {
        guard configuration.models.contains(name) else {
            throw .chat(
                404, "The model `\(name)` does not exist or you do not have access to it.", code: "model_not_found")
        }
    }

    static func describeForChat(_ model: String) -> [String: any Sendable] {
        ["id": model, "object": "model", "created": 1_700_000_000, "owned_by": "stand-in"]
    }
}

extension GoogleFault {
    /// An error in OpenAI's form: `{"error": {message, type, param, code}}`.
    public static func chat(
        _ status: Int, _ message: String, type: String = "invalid_request_error", code: String? = nil,
        param: String? = nil, retryAfter: String? = nil
    ) -> GoogleFault {
        var fault = GoogleFault(code: status, status: "", message: message, retryAfter: retryAfter)
        fault.chat = ["type": type, "code": code ?? NSNull(), "param": param ?? NSNull()]
        return fault
    }

    static func chatQuota(_ exceeded: Quotas.Exceeded, model: String) -> GoogleFault {
        let unit = exceeded.isDaily ? "requests per day (RPD)" : "requests per min (RPM)"
        let wait = String(format: "%.3f", exceeded.wait)
        return .chat(
            429,
            "Rate limit reached for \(model) on \(unit): Limit \(exceeded.limit), Used \(exceeded.limit), "
                + "Requested 1. Please try again in \(wait)s.", type: "requests", code: "rate_limit_exceeded",
            retryAfter: wait)
    }

    /// What OpenAI's form says of an error of Google's.
    var chatDocument: [String: any Sendable] {
        var error: [String: any Sendable] =
            chat ?? [
                "type": code >= 500 ? "server_error" : code == 429 ? "requests" : "invalid_request_error",
                "code": NSNull(), "param": NSNull(),
            ]
        error["message"] = message
        return ["error": error]
    }
}

extension ModelStandInServer.Answer {
    /// The answer as the JSON document that OpenAI sends, where it is one.
    func completedChat(
        for call: ModelStandInServer.Call, created: Int, chat: ModelStandInServer.Chat = .init()
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

extension ModelStandInServer.Call {
    /// Tokens of the request, roughly: 258 a picture, four characters a token.
    var promptTokens: Int { inline.count * 258 + texts.reduce(0) { $0 + $1.utf8.count } / 4 }

    /// The most tokens that a chat completion may have, where it says so.
    var tokenLimit: Int? {
        let document = try? JSONSerialization.jsonObject(with: Data(generationConfig.utf8)) as? [String: Any]
        return document?["max_tokens"] as? Int ?? document?["max_completion_tokens"] as? Int
    }

    /// As vLLM says it.
    func checkContext(_ chat: ModelStandInServer.Chat) throws(GoogleFault) {
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
