import Synchronization

/// The changes that we ourselves make below `transcription_results/`, so that they are not taken for somebody else's doing.
final class OwnUploads: Sendable {
    /// The numbers of those begun and ended at some moment.
    struct Mark: Sendable {
        var begun = 0
        var ended = 0
    }

    private struct State {
        var mark = Mark()
        /// The number that had ended before the listing of which the folder's ETag was last stored.
        var settled = 0
    }

    private let state = Mutex(State())

    /// The numbers as of now.
    var mark: Mark { state.withLock { $0.mark } }

    /// Does something that changes the folder.
    func during<Value: Sendable>(_ work: () async throws -> Value) async rethrows -> Value {
        state.withLock { $0.mark.begun += 1 }
        defer { state.withLock { $0.mark.ended += 1 } }
        return try await work()
    }

    /// Set where a new ETag of the folder is explained by what we did since it was last stored.
    var explainNewETag: Bool { state.withLock { $0.mark.begun > $0.settled } }

    /// The folder's ETag is stored, from a listing asked for at that mark.
    func settle(_ mark: Mark) { state.withLock { $0.settled = max($0.settled, mark.ended) } }
}
