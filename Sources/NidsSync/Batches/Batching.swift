import Transcriber

/// The means by which a model is asked by batch.
struct Batching: Sendable {
    var provider: GeminiBatch
    var options: GeminiEngine.Options
    /// Makes of scans what the model takes.
    var converter: PageConverter
}

extension EngineSet.Member {
    /// The means to ask it by batch, where its provider offers that.
    var batching: Batching? {
        guard let batch, let batchOptions, let converter else { return nil }
        return Batching(provider: batch, options: batchOptions, converter: converter)
    }
}
