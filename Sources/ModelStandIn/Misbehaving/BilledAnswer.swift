import Foundation

/// An answer of which the tokens that are billed are told as one likes: a model that loses its way uses up all the room
/// that it was given.
public struct BilledAnswer: Sendable {
    /// The answer's text; nil for none.
    public var text: String?
    /// Thoughts that are shown.
    public var thoughts = ""
    /// The reason for stopping, in Google's words.
    public var reason = "STOP"
    /// Tokens of the answer.
    public var output = 0
    /// Tokens of the thoughts.
    public var thinking = 0

    /// Tokens of any request.
    public static let input = 2600
    /// Tokens of an answer that is a sheet.
    public static let usualOutput = 1500

    /// An answer of that text, billed as a sheet is.
    public init(_ text: String?, output: Int = Self.usualOutput) {
        self.text = text
        self.output = output
    }

    /// The answer in the form of the protocol that was spoken.
    public func answer(to call: ModelCall) -> ModelAnswer {
        call.api == .gemini ? google(call) : chat(call)
    }

    private func google(_ call: ModelCall) -> ModelAnswer {
        var parts: [[String: any Sendable]] = []
        if !thoughts.isEmpty { parts.append(["text": thoughts, "thought": true]) }
        if let text { parts.append(["text": text]) }
        var candidate: [String: any Sendable] = ["index": 0, "finishReason": reason]
        candidate["content"] = ["role": "model", "parts": parts] as [String: any Sendable]
        return .json([
            "candidates": [candidate], "modelVersion": call.model,
            "usageMetadata": [
                "promptTokenCount": Self.input, "candidatesTokenCount": output, "thoughtsTokenCount": thinking,
                "totalTokenCount": Self.input + output + thinking,
            ],
        ])
    }

    private func chat(_ call: ModelCall) -> ModelAnswer {
        var message: [String: any Sendable] = ["role": "assistant", "content": text ?? NSNull()]
        if !thoughts.isEmpty { message["reasoning_content"] = thoughts }
        let reasons = ["STOP": "stop", "MAX_TOKENS": "length"]
        let choice: [String: any Sendable] = [
            "index": 0, "message": message, "finish_reason": reasons[reason] ?? "content_filter",
        ]
        return .json([
            "id": "chatcmpl-stand-in", "object": "chat.completion", "model": call.model, "choices": [choice],
            "usage": [
                "prompt_tokens": Self.input, "completion_tokens": output + thinking,
                "total_tokens": Self.input + output + thinking,
                "completion_tokens_details": ["reasoning_tokens": thinking],
            ] as [String: any Sendable],
        ])
    }
}
