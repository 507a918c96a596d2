import HTTP
import HTTPTypes

/// An answer that is an error, and what it means for the sheet, the model and the key.
///
/// The forms: `{"error": {message, type, code, param}}` (OpenAI, vLLM, llama.cpp), `{"error": "text"}` (Ollama),
/// `{"message": …}` (Mistral), `{"detail": …}` (FastAPI).
struct OpenAIFault {
    let status: Int
    /// The words for people, without the key, shortened.
    let message: String
    /// All the words, in lower case.
    private let words: String
    private let code: String?
    private let param: String?
    /// True when the server itself speaks, not something in between.
    private let isServers: Bool
    private let hasErrorMember: Bool
    /// True for server-sent events.
    private let isStream: Bool
    private let retryAfter: Duration?
    private let date: HTTPDate?

    init(_ reply: HTTPReply, redacting key: APIKey) {
        let document = try? JSONValue(parsing: reply.body)
        // A choice that broke off in the provider's hands has its error beside it (OpenRouter).
        let error = document?["error"] ?? document?["choices"]?.array?.first?["error"] ?? document
        // OpenRouter answers 200 where the provider behind it failed, and names that one's status in the error.
        status = Self.status(reply.status, error?["code"]?.integer)
        code = error?["code"]?.string
        param = error?["param"]?.string
        let detail = document?["detail"]
        let found =
            error?["message"]?.string ?? error?.string ?? detail?.string ?? detail?.serialized(.canonical)
            ?? document?["message"]?.serialized(.canonical)
        isServers = found != nil
        isStream = reply.body.starts(with: "data:".utf8)
        hasErrorMember = document?["error"].map { !$0.isNull } ?? false
        // The provider's own words behind a router: "Provider returned error" says nothing.
        let raw = error?["metadata"]?["raw"].map { $0.string ?? $0.serialized(.canonical) }
        let text =
            [found, raw].compactMap { $0 }.joined(separator: ": ").nonEmpty
            ?? String(decoding: reply.body.prefix(10_000), as: UTF8.self)
        let line = key.redacting(text.foremost).storable.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        message = line.isEmpty ? "no explanation" : String(line.prefix(300))
        words = ([line.prefix(4000).lowercased()] + [code, error?["type"]?.string].compactMap { $0?.lowercased() })
            .joined(separator: " ")
        date = reply.head.headerFields[.date].flatMap(HTTPDate.init)
        let milliseconds = HTTPField.Name("retry-after-ms").flatMap { reply.head.headerFields[$0] }
            .flatMap { Double($0) }.flatMap { $0.isFinite && $0 >= 0 ? Duration.milliseconds(min($0, 1.7e8)) : nil }
        let header = reply.head.headerFields[.retryAfter].flatMap { [date] in Delay.retryAfter($0, answeredAt: date) }
        retryAfter = milliseconds ?? header ?? Delay.inWords(line)
    }

    private static func status(_ status: Int, _ told: Int?) -> Int {
        guard (200..<300).contains(status), let told, (400..<600).contains(told) else { return status }
        return told
    }

    /// A form of the request that the server may take instead, where this refusal is about the form.
    ///
    /// - Parameters:
    ///   - limit: The most tokens that were asked for.
    ///   - hasMoreRoom: Whether they were more than usual.
    func simplerForm(than form: ChatDialect.Form, limit: Int?, hasMoreRoom: Bool) -> ChatDialect.Form? {
        guard [400, 404, 415, 422, 500, 501].contains(status), isServers, !isAboutPages else { return nil }
        var simpler = form
        if let limit, let most = mostTokens, most < limit {
            // An answer that broke off with as much breaks off again.
            guard !hasMoreRoom else { return nil }
            simpler.mostTokens = most
            return simpler
        }
        if isAbout(["max_tokens", "max_completion_tokens"]), form.tokenLimit != .none,
            !words.contains("too large"), !words.contains("context")
        {
            // Each of the two is tried, then neither.
            let asked = form.tokenLimit.rawValue
            let other: ChatDialect.TokenLimit = form.tokenLimit == .maxTokens ? .maxCompletionTokens : .maxTokens
            let isOtherNamed = words.contains("use '\(other.rawValue)'") || param == asked
            simpler.tokenLimit = isOtherNamed && !form.hasSwitchedTokenLimit ? other : .none
            simpler.hasSwitchedTokenLimit = true
            return simpler
        }
        if isAbout(["temperature"]), form.sendsTemperature {
            simpler.sendsTemperature = false
            return simpler
        }
        if isAbout(["reasoning_effort", "reasoning effort"]), form.sendsReasoningEffort {
            simpler.sendsReasoningEffort = false
            return simpler
        }
        guard
            isAbout([
                "response_format", "json_schema", "json_object", "json schema", "grammar", "structured output",
                "guided", "schema",
            ]), let next = form.format.next
        else { return nil }
        simpler.format = next
        return simpler
    }

    /// The limit of tokens does not fit into the context beside this prompt; without one the server takes what is left.
    /// vLLM: "maximum context length is 128000 tokens. However, you requested 65535 output tokens and your prompt
    /// contains at least 62466 input tokens".
    var isAboutLimitInContext: Bool {
        [400, 422].contains(status) && isServers && isAboutContext
            && isAbout(["requested", "output tokens", "max_tokens", "max_completion_tokens", "completion"])
    }

    /// OpenAI: "max_tokens is too large: 16384. This model supports at most 8192 completion tokens".
    private var mostTokens: Int? {
        guard isAbout(["max_tokens", "max_completion_tokens"]), !isAboutContext else { return nil }
        return words.firstMatch(of: #/at most (\d{3,9})/#).flatMap { Int($0.1) }
    }

    /// What the model has answered so far.
    struct History {
        var hasAnswered: Bool
        /// Requests with several pages, too.
        var hasAnsweredPairs: Bool
    }

    /// - Parameter asked: The model that was asked.
    func error(
        for request: TranscriptionRequest, _ history: History, asked: AskedModel
    ) -> TranscriptionError {
        let isPair = request.pages.count > 1
        if isPair, !history.hasAnsweredPairs, [400, 413, 422, 500].contains(status) {
            if isAboutSeveralPages {
                return .severalPagesRefused(
                    reason: "the server takes one picture in a request, and a sheet may have two pages: allow two "
                        + "(vLLM: --limit-mm-per-prompt '{\"image\": 2}'): \(message)")
            }
            if isAboutContext {
                return .severalPagesRefused(
                    reason: "the context is too small for a sheet of \(request.pages.count) pages: give the model more "
                        + "(\(OpenAIAnswer.contextSettings)): \(message)")
            }
        }
        if status != 429, isAboutRefusal { return .refused(reason: "the provider declined the sheet: \(message)") }
        switch status {
        case 400, 422:
            return isAbout(["model_not_found", "invalid_model", "invalid model:"])
                ? asked.notOffered(message)
                : badRequest(
                    formIsKnownGood: isPair ? history.hasAnsweredPairs : history.hasAnswered,
                    asksForMoreRoom: request.moreRoom)
        case 401: return .keyRefused(reason: said)
        case 403:
            if isAbout(["api key", "api_key"]) { return .keyRefused(reason: said) }
            return isAbout(["model_not_found", "model `", "this model", "the model"])
                ? asked.notOffered(message) : paused
        case 404:
            if isAboutVision { return blind }
            return isServers && words.contains("model") ? asked.notOffered(message) : asked.wrongAddress(said)
        case 402: return paused
        case 408, 425, 499: return .unavailable(reason: said, retryAfter: retryAfter, mayHaveBeenBilled: true)
        case 413: return .unreadable(reason: "the pages are too large for the server: \(message)")
        case 429: return tooMany(asked)
        case 500...599:
            // llama.cpp without its projector.
            if isAboutVision { return blind }
            if isAboutPages { return .unreadable(reason: "the server cannot read it: \(message)") }
            if isAboutContext { return badRequest(formIsKnownGood: history.hasAnswered, asksForMoreRoom: false) }
            // A gateway's error says nothing of what the server behind it has done.
            return .unavailable(
                reason: said, retryAfter: retryAfter, mayHaveBeenBilled: !(isServers && [500, 503].contains(status)))
        case 200..<300:
            if isAboutVision { return blind }
            if isStream {
                return .modelPaused(
                    reason: "the server streams its answer although nobody asked for that: switch it off there",
                    retryAfter: nil)
            }
            return hasErrorMember || isServers && words.contains("error")
                ? .unavailable(reason: said, retryAfter: retryAfter, mayHaveBeenBilled: false)
                : .unavailable(
                    reason: "the server answered something that is not a chat completion: check the base URL",
                    retryAfter: nil, mayHaveBeenBilled: true)
        default: return paused
        }
    }

    private var said: String { "the server answered \(status)\(code.map { " " + $0 } ?? ""): \(message)" }

    private var paused: TranscriptionError { .modelPaused(reason: said, retryAfter: nil) }

    private var blind: TranscriptionError {
        .modelPaused(reason: "the model reads no pictures: \(message)", retryAfter: nil)
    }

    private func badRequest(formIsKnownGood: Bool, asksForMoreRoom: Bool) -> TranscriptionError {
        if words.contains("invalid_api_key") || words.contains("incorrect api key") { return .keyRefused(reason: said) }
        if isAboutVision { return blind }
        if isAboutPages { return .unreadable(reason: "the server cannot read it: \(message)") }
        if isAboutContext {
            if asksForMoreRoom { return .rejected(reason: "more room for the answer is refused: \(said)") }
            // Where others fit it is this sheet that is too large, else the server's context is too small for any.
            return formIsKnownGood
                ? .unreadable(reason: "the pages are too large for the model: \(message)")
                : .modelPaused(
                    reason: "the model's context is too small for a sheet: give it more "
                        + "(\(OpenAIAnswer.contextSettings)): \(message)", retryAfter: nil)
        }
        if isAbout(["billing", "credit", "quota", "payment", "subscription", "api key", "api_key"]) { return paused }
        if asksForMoreRoom { return .rejected(reason: "more room for the answer is refused: \(said)") }
        return formIsKnownGood ? .rejected(reason: said) : paused
    }

    private func tooMany(_ asked: AskedModel) -> TranscriptionError {
        if Quota.grantsNothing(words) { return asked.notOffered(message) }
        if isAbout(["insufficient_quota", "billing", "exceeded your current quota", "credit", "payment"]) {
            return paused
        }
        if isAbout(["per day", "(rpd)", "(tpd)", "daily"]) {
            return .modelPaused(reason: "the quota of the day is used up: \(message)", retryAfter: retryAfter)
        }
        return Quota.refusal(by: "the server", retryAfter: retryAfter, words: message)
    }

    private var isAboutContext: Bool {
        isAbout([
            "context length", "context size", "context window", "context_length_exceeded", "too many tokens",
            "maximum model length", "too long to fit into the model", "context limit", "contextwindowexceeded",
            "prompt is too long", "maximum number of tokens allowed", "maximum number of input tokens",
        ])
    }

    private var isAboutSeveralPages: Bool {
        words.contains(#/at most (1|one) (image|picture)/#)
            || isAbout(["single image", "only one image", "multiple images", "too many images", "number of images"])
    }

    private var isAboutVision: Bool {
        isAbout([
            "does not support image", "doesn't support image", "not a multimodal", "no multimodal", "mmproj",
            "image input is not supported", "image_url is only supported", "not support vision", "text-only",
            "support image input", "vision add-on is not loaded",
        ])
    }

    private var isAboutPages: Bool {
        isAbout([
            "invalid_image", "unsupported image", "image: unknown format", "failed to decode image", "invalid base64",
            "cannot identify image", "could not process image", "unable to process image", "invalid image",
            "failed to load image", "image_parse_error", "image file is truncated", "image_too_large",
            "failed to process image", "failed to load or decode",
        ])
    }

    private var isAboutRefusal: Bool {
        isAbout(["content_policy_violation", "content_filter", "safety system", "flagged", "content management policy"])
    }

    private func isAbout(_ list: [String]) -> Bool { list.contains(where: words.contains) }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
