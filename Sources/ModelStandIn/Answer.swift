import FlyingFox
import Foundation

extension ModelStandInServer {
    /// What a request is answered with.
    public enum Answer: Sendable {
        /// The model's text, whole.
        case text(String)
        /// Several parts, thoughts among them, and why the model stopped.
        case parts([Part], finishReason: String?)
        /// The first characters of a text, with `MAX_TOKENS`.
        case truncated(String, keeping: Int)
        /// No text, and why: `SAFETY`, `RECITATION`…
        case refused(finishReason: String)
        /// The request itself was blocked: no candidate, but `promptFeedback`.
        case blocked(reason: String)
        /// A candidate list that is empty, without a reason.
        case noCandidates
        /// An error in Google's form.
        case fault(GoogleFault)
        /// Any JSON document.
        case json([String: any Sendable])
        /// Any bytes.
        case raw(status: Int, headers: [String: String], body: String)
        /// Never an answer.
        case hang
        /// The connection is closed without a byte, after the whole request was taken.
        case cut
        /// The connection is closed in the middle of the answer.
        case cutInside

        /// 503, as Google answers under load.
        public static let overloaded = Answer.fault(.unavailable(retryAfter: nil))
    }

    /// A part of a model's answer.
    public struct Part: Sendable, Hashable {
        public var text: String
        public var thought: Bool

        public init(_ text: String, thought: Bool = false) {
            self.text = text
            self.thought = thought
        }
    }
}

extension ModelStandInServer.Answer {
    /// The answer as the JSON document that Google sends, where it is one.
    func completed(for call: ModelStandInServer.Call) -> Self {
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
        _ parts: [ModelStandInServer.Part], finishReason: String?, _ call: ModelStandInServer.Call
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
        _ parts: [ModelStandInServer.Part], _ call: ModelStandInServer.Call
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
