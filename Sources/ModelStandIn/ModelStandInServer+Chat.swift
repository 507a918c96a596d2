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
    func completedChat(for call: ModelStandInServer.Call, created: Int) -> Self {
        func completion(_ text: String?, _ reason: String?, refusal: String? = nil) -> Self {
            let message: [String: any Sendable] = [
                "role": "assistant", "content": text ?? NSNull(), "refusal": refusal ?? NSNull(),
            ]
            let choice: [String: any Sendable] = [
                "index": 0, "message": message, "finish_reason": reason ?? NSNull(), "logprobs": NSNull(),
            ]
            return document([choice], output: (text ?? "").utf8.count / 4)
        }
        func document(_ choices: [[String: any Sendable]], output: Int) -> Self {
            let input = call.inline.count * 258 + call.texts.reduce(0) { $0 + $1.utf8.count } / 4
            return .json([
                "id": "chatcmpl-stand-in", "object": "chat.completion", "created": created, "model": call.model,
                "choices": choices,
                "usage": [
                    "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output,
                    "completion_tokens_details": ["reasoning_tokens": 0],
                ] as [String: any Sendable],
            ])
        }
        switch self {
        case .text(let text):
            return completion(text, "stop")
        case .parts(let parts, let reason):
            let text = parts.filter { !$0.thought }.map(\.text).joined()
            return completion(text, reason.map { $0 == "STOP" ? "stop" : $0 == "MAX_TOKENS" ? "length" : $0 })
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
