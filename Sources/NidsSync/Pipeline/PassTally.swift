import Synchronization

/// The deeds of a pass so far.
final class PassTally: Sendable {
    struct State: Sendable {
        var transcribed = 0
        var adopted = 0
        var published = 0
        var recorded = 0
        var withdrawn = 0
        var failed: [PassSummary.Failure] = []
        var notes: [PassSummary.Failure] = []
    }

    /// A daemon's pass may last for months: older failures are in the state.
    private static let listLimit = 1000

    private let state = Mutex(State())

    var current: State { state.withLock { $0 } }

    func update(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func note(failure: PassSummary.Failure) {
        update { state in
            state.failed.removeAll { $0.path == failure.path && $0.model == failure.model }
            if state.failed.count < Self.listLimit { state.failed.append(failure) }
        }
    }

    func note(left: PassSummary.Failure) {
        update { if $0.notes.count < Self.listLimit, !$0.notes.contains(left) { $0.notes.append(left) } }
    }
}
