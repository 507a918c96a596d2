public import HTTP
public import Transcriber

extension Settings {
    /// A model that somebody described: one under a label of their own, or a predefined one as they want it.
    ///
    /// A value that is `nil` is as `transcription`, the provider or the catalogue have it.
    public struct Engine: Sendable, Hashable {
        /// The kind of engine that reads the sheets.
        public var engine: ModelCatalogue.EngineKind
        /// The provider's id; nothing for a program of this machine.
        public var model: String?
        /// US dollars for a million tokens.
        public var price: ModelCatalogue.Price?
        /// Requests that may begin in a minute; with it, or `concurrency`, the model has a quota of its own.
        public var requestsPerMinute: Int?
        /// Requests in flight at the same time.
        public var concurrency: Int?
        /// The amount of thinking, as the provider calls it; for Gemini also a number of tokens.
        public var thinking: String?
        /// The resolution at which Gemini looks at pictures.
        public var mediaResolution: GeminiEngine.MediaResolution?
        /// The most tokens of an answer, thoughts included.
        public var maxOutputTokens: Int?
        public var temperature: Double?
        /// The silence after which a request is given up.
        public var timeout: Duration?
        public var baseURL: String?
        public var apiKey: Secret?

        public init(engine: ModelCatalogue.EngineKind, model: String? = nil) {
            self.engine = engine
            self.model = model
        }
    }
}
