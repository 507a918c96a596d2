/// A model's answer, read out of a chat completion.
struct OpenAIAnswer {
    private let document: JSONValue
    private let key: APIKey

    /// `nil` when this is no chat completion; some servers send an error with status 200.
    init?(_ body: [UInt8], redacting key: APIKey) {
        guard let document = try? JSONValue(parsing: body), let choices = document["choices"]?.array,
            document["error"]?.object == nil, choices.first?["error"]?.object == nil
        else { return nil }
        self.document = document
        self.key = key
    }

    /// The text, or why there is none.
    ///
    /// - Parameters:
    ///   - limit: The most tokens that were allowed; `nil` where no limit was known.
    ///   - hasRead: Whether this model has given a text before.
    func engineAnswer(model: String, limit: Int?, hasRead: Bool) throws(TranscriptionError) -> EngineAnswer {
        guard let choice = document["choices"]?.array?.first else { throw .empty }
        let message = choice["message"]
        let content = Self.text(message?["content"])
        let text = Self.withoutThoughts(content)
        let told = message?["reasoning_content"]?.string ?? message?["reasoning"]?.string ?? ""
        let thoughts = told.isEmpty && text.isEmpty ? content : told
        if let refusal = message?["refusal"]?.string, !refusal.isEmpty {
            throw .refused(reason: "the model declined to read the sheet: \(said(refusal))")
        }
        switch choice["finish_reason"]?.string {
        case "length", "max_tokens", "model_length":
            throw limit.map(isWithin) == true
                ? Self.smallContext : .outOfRoom(text: text, thoughts: thoughts, thinking: usage?.thinking ?? 0)
        case "content_filter":
            throw .refused(reason: "the answer was held back by a content filter")
        case "error", "insufficient_system_resource":
            throw text.isEmpty ? .empty : .cutOff
        default:
            break
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw told.isEmpty || hasRead ? .empty : Self.swallowed
        }
        return EngineAnswer(
            text: text, providerModel: document["model"]?.string.map(said) ?? model, usage: usage)
    }

    /// The tokens billed for it, whether or not it is an answer; thoughts are counted within the completion.
    var usage: TokenUsage? {
        guard let usage = document["usage"], usage.object != nil else { return nil }
        let output = Self.count(usage["completion_tokens"])
        let thinking = Self.count(usage["completion_tokens_details"]?["reasoning_tokens"])
        return TokenUsage(
            input: Self.count(usage["prompt_tokens"]), output: max(0, output - thinking),
            thinking: min(thinking, output))
    }

    private static func count(_ value: JSONValue?) -> Int { ForeignCount(value)?.value ?? 0 }

    /// Most servers send a text, Mistral's a list of parts, and some the JSON itself when JSON was asked for.
    private static func text(_ content: JSONValue?) -> String {
        if let content, content.object != nil { return content.serialized(.canonical) }
        return content?.string
            ?? (content?.array ?? []).filter { $0["type"]?.string == "text" }.compactMap { $0["text"]?.string }.joined()
    }

    /// True when it stopped clearly before the limit: then it was not the limit that stopped it, but the context, with
    /// which asking again with more room changes nothing.
    private func isWithin(_ limit: Int) -> Bool {
        guard let usage = document["usage"] else { return false }
        let completion = Self.count(usage["completion_tokens"])
        guard completion > 0 else { return false }
        // Some servers count thoughts beside the completion.
        let thoughts = Self.count(usage["completion_tokens_details"]?["reasoning_tokens"])
        let beside = thoughts > completion ? thoughts : 0
        let difference = Self.count(usage["total_tokens"]) - Self.count(usage["prompt_tokens"])
        return max(completion + beside, difference) < limit - 8
    }

    /// The settings of servers of one's own for the model's context.
    static let contextSettings = "Ollama: OLLAMA_CONTEXT_LENGTH, llama.cpp: --ctx-size, vLLM: --max-model-len"

    private static let smallContext = TranscriptionError.modelPaused(
        reason: "the model's context is too small: its server breaks answers off before their limit; give it more "
            + "(\(contextSettings))", retryAfter: nil)

    /// The context's size, where a server seems to have cut the prompt to it: Ollama says nothing when it does, and
    /// counts the tokens that were left: the context's, or since 2026 its half and two (ollama/ollama#17427).
    var cutPrompt: Int? {
        let prompt = Self.count(document["usage"]?["prompt_tokens"])
        let power = (10...20).map { 1 << $0 }.first { $0 == prompt || $0 + 2 == prompt }
        return power.map { $0 == prompt ? prompt : $0 * 2 }
    }

    /// The error for a prompt that was cut to a context of that size.
    static func shortPrompt(_ context: Int, pages: Int) -> TranscriptionError {
        let words =
            "the server has cut the request to its context of \(context) tokens without saying so: give the model more "
            + "(\(contextSettings))"
        return pages > 1 ? .severalPagesRefused(reason: words) : .modelPaused(reason: words, retryAfter: nil)
    }

    private static let swallowed = TranscriptionError.modelPaused(
        reason: "the server takes the whole answer for thoughts: check its reasoning parser (vLLM: --reasoning-parser, "
            + "llama.cpp: --reasoning-format)", retryAfter: nil)

    /// Servers that do not know a model's way of thinking send its thoughts along; where the prompt's template has
    /// opened them already, without the tag that does.
    private static func withoutThoughts(_ text: String) -> String {
        let bytes = Array(text.utf8)
        if let end = bytes.lastStart(of: "</think>") {
            return String(decoding: bytes[(end + "</think>".utf8.count)...], as: UTF8.self)
        }
        guard let start = text.firstRange(of: "<think>"), text[..<start.lowerBound].allSatisfy(\.isWhitespace)
        else { return text }
        return ""
    }

    private func said(_ text: String) -> String { String(key.redacting(text.foremost).storable.prefix(200)) }
}
