import Synchronization

/// What we ourselves change below `transcription_results/`, so that it is not taken for somebody else's doing.
final class OwnUploads: Sendable {
    /// How many had begun and ended at some moment.
    struct Mark: Sendable {
        var begun = 0
        var ended = 0
    }

    private struct State {
        var mark = Mark()
        /// What had ended before the listing of which the folder's tag was last stored.
        var settled = 0
    }

    private let state = Mutex(State())

    /// Where things stand.
    var mark: Mark { state.withLock { $0.mark } }

    /// Does something that changes the folder.
    func during<Value: Sendable>(_ work: () async throws -> Value) async rethrows -> Value {
        state.withLock { $0.mark.begun += 1 }
        defer { state.withLock { $0.mark.ended += 1 } }
        return try await work()
    }

    /// Whether a new tag of the folder is explained by what we did since it was last stored.
    var explainNewTag: Bool { state.withLock { $0.mark.begun > $0.settled } }

    /// The folder's tag is stored, from a listing asked for at that mark.
    func settle(_ mark: Mark) { state.withLock { $0.settled = max($0.settled, mark.ended) } }
}
