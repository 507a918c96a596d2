/// An engine that is given only what it takes.
public struct ConvertingEngine: Engine {
    private let engine: any Engine
    /// Makes the pages that the engine is given, also for what is asked in another way (`GeminiBatchFile`).
    public let converter: PageConverter

    /// - Parameters:
    ///   - engine: The engine that reads the pages.
    ///   - accepted: What it takes; anything else is made into that before it is asked.
    public init(_ engine: any Engine, accepting accepted: AcceptedInput) {
        self.engine = engine
        converter = PageConverter(accepted)
    }

    public var label: String { engine.label }

    public func transcribe(_ request: TranscriptionRequest) async throws(TranscriptionError) -> EngineAnswer {
        try await converter.convert(request.pages) { pages throws(TranscriptionError) in
            var converted = request
            converted.pages = pages
            return try await engine.transcribe(converted)
        }
    }
}
