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
        /// Requests allowed in any 60 seconds.
        public var quotaPerMinute: Int?
        /// Requests allowed in a day, which begins at midnight in California.
        public var quotaPerDay: Int?
        /// The stand-in's own clock: quotas and the `Date` of answers follow it.
        public var clock: @Sendable () -> Date
        /// What a request is answered with.
        public var answer: @Sendable (Call) async -> Answer

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

    /// A request for an answer, well-formed.
    public struct Call: Sendable, Hashable {
        /// The provider's id of the model.
        public var model: String
        /// The files that came with it, in their order.
        public var inline: [Inline]
        /// The texts that came with it, in their order.
        public var texts: [String]
        /// Whether every file stands before every text, as Google advises for a single picture.
        public var filesFirst: Bool
        /// `generationConfig` as JSON with sorted keys.
        public var generationConfig: String
    }

    /// A file inside a request.
    public struct Inline: Sendable, Hashable {
        public var mimeType: String
        public var data: [UInt8]
        /// In hexadecimal.
        public var sha256: String
    }
}
