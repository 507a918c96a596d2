public import Foundation

/// A batch of requests.
public struct ModelBatch: Sendable, Hashable {
    /// `batches/abc`.
    public var name: String
    /// The provider's id of the model.
    public var model: String
    /// The name that its sender gave it.
    public var displayName: String
    /// The name of the file its requests come from; `nil` where they came with it.
    public var inputFile: String?
    /// The moment it was made, by the stand-in's clock.
    public var created: Date
    /// Its state when it was last asked about.
    public var state: ModelBatchState
    /// The name of the file with its results.
    public var resultFile: String?
    /// The number of its lines, once it is done.
    public var requestCount = 0
    /// The number of lines that came to an error.
    public var failedCount = 0
}
