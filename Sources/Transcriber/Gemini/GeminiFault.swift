import HTTP
import HTTPTypes

/// An answer that is an error, and what it means for the sheet, the model and the key.
struct GeminiFault {
    let status: Int
    /// The words for people, without the key, shortened.
    let message: String
    /// All the words, in lower case: what matters may stand at the end.
    private let words: String
    /// Google's own name of the status: `RESOURCE_EXHAUSTED`.
    let code: String?
    let details: [JSONValue]
    /// True when it is Google that speaks, not something in between.
    let isGoogles: Bool
    /// The delay that the answer asks for.
    let retryAfter: Duration?
    let date: HTTPDate?

    init(_ reply: HTTPReply, redacting key: APIKey) {
        status = reply.head.status.code
        let document = try? JSONValue(parsing: reply.body)
        // Streaming calls wrap the error in a list.
        let error = document?["error"] ?? document?.array?.first?["error"]
        code = error?["status"]?.string
        details = error?["details"]?.array ?? []
        isGoogles = error?["message"]?.string != nil
        // Much more than is shown, so that no part of a key is left at the end.
        let text = error?["message"]?.string ?? String(decoding: reply.body.prefix(10_000), as: UTF8.self)
        let line = key.redacting(text.foremost).storable.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        message = line.isEmpty ? "no explanation" : String(line.prefix(300))
        self.words = line.prefix(4000).lowercased()
        date = reply.head.headerFields[.date].flatMap(HTTPDate.init)
        let header = reply.head.headerFields[.retryAfter].flatMap { [date] in Delay.retryAfter($0, answeredAt: date) }
        let info = details.lazy.filter { Self.type(of: $0) == "RetryInfo" }
            .compactMap { $0["retryDelay"]?.string.flatMap(Delay.protobuf) }.first
        retryAfter = info ?? header
    }

    /// An error inside an answer, as `google.rpc.Status`: the line of a batch, or a batch that failed.
    init(status: JSONValue, redacting key: APIKey) {
        let number = status["code"]?.integer ?? 13
        let (http, name) = Self.codes[number] ?? (number >= 400 ? number : 500, status["status"]?.string)
        self.status = http
        code = name
        details = status["details"]?.array ?? []
        isGoogles = true
        let line = key.redacting((status["message"]?.string ?? "").foremost).storable
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        message = line.isEmpty ? "no explanation" : String(line.prefix(300))
        words = line.prefix(4000).lowercased()
        date = nil
        retryAfter =
            details.lazy.filter { Self.type(of: $0) == "RetryInfo" }
            .compactMap { $0["retryDelay"]?.string.flatMap(Delay.protobuf) }.first
    }

    /// gRPC's codes (https://grpc.io/docs/guides/status-codes/) as Google's APIs show them over HTTP (AIP-193).
    private static let codes: [Int: (Int, String?)] = [
        1: (499, "CANCELLED"), 2: (500, "UNKNOWN"), 3: (400, "INVALID_ARGUMENT"), 4: (504, "DEADLINE_EXCEEDED"),
        5: (404, "NOT_FOUND"), 7: (403, "PERMISSION_DENIED"), 8: (429, "RESOURCE_EXHAUSTED"),
        9: (400, "FAILED_PRECONDITION"), 13: (500, "INTERNAL"), 14: (503, "UNAVAILABLE"), 16: (401, "UNAUTHENTICATED"),
    ]

    /// - Parameters:
    ///   - formIsKnownGood: Whether this model has answered a request of the same form before.
    ///   - asksForMoreRoom: Whether it asked for more tokens than usual, which is a form of its own.
    ///   - asked: The model, where it is a model that was asked.
    func error(
        formIsKnownGood: Bool, asksForMoreRoom: Bool = false, asked: AskedModel? = nil
    ) -> TranscriptionError {
        switch status {
        case 400: return badRequest(formIsKnownGood: formIsKnownGood, asksForMoreRoom: asksForMoreRoom)
        case 401: return .keyRefused(reason: said)
        case 403:
            if isAboutKey { return .keyRefused(reason: said) }
            if isAboutFile { return .unavailable(reason: said, retryAfter: retryAfter, mayHaveBeenBilled: false) }
            return asked.flatMap { isAboutModel ? $0.notOffered(message) : nil } ?? paused
        case 404: return asked.map { isGoogles ? $0.notOffered(message) : $0.wrongAddress(said) } ?? paused
        case 408, 425, 499: return .unavailable(reason: said, retryAfter: retryAfter, mayHaveBeenBilled: true)
        case 413: return .unreadable(reason: "the pages are too large for Gemini: \(message)")
        case 429: return tooMany(asked)
        case 500...599:
            // Google does not charge for a request that it fails itself; a gateway's error says nothing of that.
            let charged = !(isGoogles && (status == 500 || status == 503))
            return .unavailable(reason: said, retryAfter: retryAfter, mayHaveBeenBilled: charged)
        case 200..<300: return .unavailable(reason: said, retryAfter: nil, mayHaveBeenBilled: true)
        default: return paused
        }
    }

    private var said: String { "Gemini answered \(status)\(code.map { " " + $0 } ?? ""): \(message)" }

    private var paused: TranscriptionError { .modelPaused(reason: said, retryAfter: nil) }

    /// A request called invalid: because of the key, the account, the picture, or the request's form.
    private func badRequest(formIsKnownGood: Bool, asksForMoreRoom: Bool) -> TranscriptionError {
        if isAboutKey { return .keyRefused(reason: said) }
        if isAboutFile { return .unavailable(reason: said, retryAfter: retryAfter, mayHaveBeenBilled: false) }
        if code == "FAILED_PRECONDITION" { return paused }
        if isAboutPages { return .unreadable(reason: "Gemini cannot read it: \(message)") }
        let namesField = details.contains { Self.type(of: $0) == "BadRequest" }
        // "Request contains an invalid argument." and no more is what an odd picture gets, too. Where requests of
        // this form have been answered it is the picture; else all sheets would fail for our own mistake.
        if formIsKnownGood, !asksForMoreRoom, !namesField, words.contains("contains an invalid argument") {
            return .unreadable(reason: "Gemini cannot read it: \(message)")
        }
        if Self.accountWords.contains(where: words.contains) { return paused }
        if asksForMoreRoom { return .rejected(reason: "more room for the answer is refused: \(said)") }
        return formIsKnownGood ? .rejected(reason: said) : paused
    }

    private func tooMany(_ asked: AskedModel?) -> TranscriptionError {
        // Such messages list the minute and the day.
        if Quota.grantsNothing(words) { return asked?.notOffered(message) ?? paused }
        if isAboutDay {
            let wait = date.map { PacificMidnight.wait(after: $0) } ?? .seconds(3600)
            return .modelPaused(reason: "the quota of the day is used up: \(message)", retryAfter: wait)
        }
        if Self.accountWords.contains(where: words.contains) { return paused }
        return Quota.refusal(by: "Gemini", retryAfter: retryAfter, words: message)
    }

    /// True for the quota of the day: its id says so, and where there is none one of the other names.
    private var isAboutDay: Bool {
        let violations = details.filter { Self.type(of: $0) == "QuotaFailure" }
            .flatMap { $0["violations"]?.array ?? [] }
        var names = violations.compactMap { $0["quotaId"]?.string }
        if names.isEmpty {
            let metadata = details.filter { Self.type(of: $0) == "ErrorInfo" }.compactMap { $0["metadata"] }
            names =
                [words]
                + violations.flatMap { violation in
                    ["quotaMetric", "subject", "description"].compactMap { violation[$0]?.string }
                } + metadata.flatMap { data in ["quota_limit", "quota_metric"].compactMap { data[$0]?.string } }
        }
        return names.contains { name in
            name.lowercased().filter { $0 != "_" && $0 != " " && $0 != "-" }.contains("perday")
        }
    }

    /// The request is too large, which it is not with its pages uploaded.
    var isAboutSize: Bool { status == 413 || status == 400 && words.contains("payload size exceeds") }

    private var isAboutModel: Bool {
        let reasons = details.compactMap { $0["reason"]?.string }
        return isGoogles && !reasons.contains("SERVICE_DISABLED")
            && ["models/", "the model", "this model"].contains(where: words.contains)
    }

    private var isAboutKey: Bool {
        let reasons = details.compactMap { $0["reason"]?.string }
        return reasons.contains { $0.hasPrefix("API_KEY_") || $0 == "CONSUMER_SUSPENDED" || $0 == "CONSUMER_INVALID" }
            || Self.keyWords.contains(where: words.contains)
    }

    /// A server that does not know the field, as Google's did not before its logs, and others do not.
    var isAboutStore: Bool { status == 400 && words.contains("unknown name \"store\"") }

    /// An uploaded file that is gone, or not yet looked through, can be uploaded again.
    var isAboutFile: Bool {
        words.contains("to access the file") || words.contains("not in an active state")
    }

    private var isAboutPages: Bool {
        !words.contains("invalid json payload") && !words.contains("invalid value at")
            && Self.pageWords.contains(where: words.contains)
    }

    private static let keyWords = [
        "api key not valid", "api key expired", "api key not found", "reported as leaked", "unregistered callers",
        "has been suspended",
    ]
    private static let accountWords = [
        "credits are depleted", "credit balance", "prepay", "spending cap", "spend cap", "spending limit",
        "billing account",
    ]
    private static let pageWords = [
        "process input image", "image is not valid", "image is invalid", "invalid image", "document has no pages",
        "process the document", "process input file", "process input document", "mime type", "page limit",
        "number of pages", "payload size exceeds", "token count exceeds", "maximum number of tokens allowed",
        "password",
    ]

    private static func type(of detail: JSONValue) -> Substring? {
        detail["@type"]?.string?.split(separator: ".").last
    }
}
