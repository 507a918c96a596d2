/// The states of a batch: https://ai.google.dev/api/batch-api#ModelBatchState
public enum ModelBatchState: String, Sendable, Hashable {
    /// Not begun.
    case pending = "BATCH_STATE_PENDING"
    /// Under way.
    case running = "BATCH_STATE_RUNNING"
    /// Every line has its result.
    case succeeded = "BATCH_STATE_SUCCEEDED"
    /// Ended without results.
    case failed = "BATCH_STATE_FAILED"
    /// Ended by its sender.
    case cancelled = "BATCH_STATE_CANCELLED"
    /// Not done in time.
    case expired = "BATCH_STATE_EXPIRED"

    var isDone: Bool { self != .pending && self != .running }
}
