public import Foundation

/// The stand-in's behaviour.
public struct StandInConfiguration: Sendable {
    /// The keys that are accepted; empty: any.
    public var apiKeys: Set<String>
    /// The models that exist.
    public var models: [String]
    /// The time that an answer takes.
    public var latency: Duration
    /// Requests allowed in a minute, granted as `quotaKind` says.
    public var quotaPerMinute: Int?
    /// The way in which a minute's requests are granted.
    public var quotaKind = QuotaKind.slidingWindow
    /// Requests allowed in a day, which begins at midnight in California.
    public var quotaPerDay: Int?
    /// The stand-in's own clock: quotas, batches, files and the `Date` of answers follow it.
    public var clock: @Sendable () -> Date
    /// Makes the answer to a request, and to each line of a batch.
    public var answer: @Sendable (ModelCall) async -> ModelAnswer
    /// Makes an answer to any request instead of the usual one, before it is looked at; nil leaves it.
    public var intercept: @Sendable (IncomingRequest) async -> ModelAnswer? = { _ in nil }
    /// Makes an answer to be sent instead of the true one, once a request has taken effect; nil leaves it.
    public var replace: @Sendable (IncomingRequest) async -> ModelAnswer? = { _ in nil }
    /// So many bytes of pictures are kept with the calls, the oldest dropped first; with 0 none is ever held whole.
    public var keptBytes = 64 << 20
    /// The time that an uploaded file is `PROCESSING`, in seconds of the clock.
    public var fileProcessing: Double = 0
    /// The time that a batch takes, in seconds of the clock.
    public var batchDuration: Double = 0
    /// The end of a batch.
    public var batchOutcome: @Sendable (ModelBatch) -> ModelBatchOutcome = { _ in .succeeded }
    /// The requests that `/v1/chat/completions` takes.
    public var chat = ChatRules()

    /// A stand-in that answers at once with a made-up sheet, unless said otherwise.
    public init(
        apiKeys: Set<String> = [], models: [String] = Self.defaultModels, latency: Duration = .zero,
        quotaPerMinute: Int? = nil, quotaPerDay: Int? = nil, clock: @escaping @Sendable () -> Date = { Date() },
        answer: @escaping @Sendable (ModelCall) async -> ModelAnswer = { .text(SampleFiche.json(for: $0)) }
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
        "gemini-4-argon", "gemini-4-carbon", "gemini-4-hydrogen",
    ]
}
