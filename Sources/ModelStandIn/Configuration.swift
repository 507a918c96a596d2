public import Foundation

extension ModelStandInServer {
    /// How the stand-in behaves.
    public struct Configuration: Sendable {
        /// The keys that are accepted; empty: any.
        public var apiKeys: Set<String>
        /// The models that exist.
        public var models: [String]
        /// How long an answer takes.
        public var latency: Duration
        /// Requests allowed in a minute, granted as `quotaKind` says.
        public var quotaPerMinute: Int?
        /// How a minute's requests are granted.
        public var quotaKind = QuotaKind.slidingWindow
        /// Requests allowed in a day, which begins at midnight in California.
        public var quotaPerDay: Int?
        /// The stand-in's own clock: quotas, batches, files and the `Date` of answers follow it.
        public var clock: @Sendable () -> Date
        /// What a request is answered with; the lines of batches too.
        public var answer: @Sendable (Call) async -> Answer
        /// What any request is answered with instead of the usual, seen before anything else.
        public var intercept: @Sendable (Incoming) async -> Answer? = { _ in nil }
        /// What is sent instead of the answer once a request has been done: what was asked has happened all the same.
        public var replace: @Sendable (Incoming) async -> Answer? = { _ in nil }
        /// So many bytes of pictures are kept with the calls, the oldest dropped first; with 0 none is ever held whole.
        public var keptBytes = 64 << 20
        /// How long an uploaded file is `PROCESSING`, in seconds of the clock.
        public var fileProcessing: Double = 0
        /// How long a batch takes, in seconds of the clock.
        public var batchDuration: Double = 0
        /// How a batch ends.
        public var batchOutcome: @Sendable (Batch) -> BatchOutcome = { _ in .succeeded }
        /// What `/v1/chat/completions` takes.
        public var chat = Chat()

        public init(
            apiKeys: Set<String> = [], models: [String] = Self.defaultModels, latency: Duration = .zero,
            quotaPerMinute: Int? = nil, quotaPerDay: Int? = nil, clock: @escaping @Sendable () -> Date = { Date() },
            answer: @escaping @Sendable (Call) async -> Answer = { .text(SampleFiche.json(for: $0)) }
        ) {
            self.apiKeys = apiKeys
            self.models = models
            self.latency = latency
            self.quotaPerMinute = quotaPerMinute
            self.quotaPerDay = quotaPerDay
            self.clock = clock
            self.answer = answer
        }

        /// The models that the service asks for by its own labels.
        public static let defaultModels = [
            "gemini-3.8-flash", "gemini-3.1-pro-preview", "gemini-2.5-pro", "gemini-2.5-flash-lite",
        ]
    }

    /// How the requests of a minute are granted.
    public enum QuotaKind: Sendable, Hashable {
        /// So many in any 60 seconds; the delay named is rounded up to a second.
        case slidingWindow
        /// One every 60/rate seconds, `burst` at once at most; the delay named is exact. With a burst of 1, what one
        /// late request loses is lost for good: where time is real, 2 and more measure the client, not the timers.
        case even(burst: Int)
    }

    /// What an OpenAI-compatible server takes.
    public struct Chat: Sendable {
        /// The kinds of `response_format` that are taken, besides `text`.
        public var formats: Set<String> = ["json_schema", "json_object"]
        /// Whether a kind that is not taken is passed over instead of refused.
        public var ignoresOtherFormats = false
        /// The names under which a limit of tokens is taken.
        public var tokenLimits: Set<String> = ["max_tokens", "max_completion_tokens"]
        /// Whether a schema is held to the rules of `strict`.
        public var checksStrictSchemas = true
        /// Whether `temperature` is taken.
        public var takesTemperature = true
        /// How many tokens a request and its answer may have together.
        public var context: Int?
        /// Whether more than the context holds is refused, as vLLM does; else the answer breaks off there, as
        /// Ollama's does.
        public var refusesBeyondContext = true

        public init() {}
    }

    /// A request as it comes in, before it is looked at.
    public struct Incoming: Sendable, Hashable {
        public var method: String
        /// Without the query.
        public var path: String
        /// `X-Goog-Upload-Command`, for uploads.
        public var uploadCommand: String?
    }

    /// Whose protocol a request speaks.
    public enum API: Sendable, Hashable {
        case gemini
        case openAI
    }

    /// A request for an answer, well-formed.
    public struct Call: Sendable, Hashable {
        /// Whose protocol it spoke.
        public var api: API
        /// The provider's id of the model.
        public var model: String
        /// The key of a batch's line.
        public var key: String?
        /// The files that came with it, in their order.
        public var inline: [Inline]
        /// The texts that came with it, in their order.
        public var texts: [String]
        /// Whether every file stands before every text, as Google advises for a single picture.
        public var filesFirst: Bool
        /// `generationConfig`, or all but the messages of a chat completion, as JSON with sorted keys.
        public var generationConfig: String
        /// `store`, where Google is asked.
        public var store: Bool?
    }

    /// A file inside a request.
    public struct Inline: Sendable, Hashable {
        public var mimeType: String
        /// The file; nothing where `Configuration.keptBytes` leaves no room for it.
        public var data: [UInt8]
        /// In hexadecimal.
        public var sha256: String
        /// In bytes.
        public var size: Int
        /// The name of a file that was uploaded before: `files/abc`.
        public var file: String?
    }
}
