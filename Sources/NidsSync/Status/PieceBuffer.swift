import Synchronization

/// Pieces of text on their way out: kept back while there are few, since a reading that others disturb begins anew.
final class PieceBuffer: Sendable {
    private static let limit = 2 << 20

    private struct State {
        var pieces: [String] = []
        var count = 0
        var isOnItsWay = false
    }

    private let state = Mutex(State())
    private let sink: @Sendable (String) -> Void

    init(_ sink: @escaping @Sendable (String) -> Void) { self.sink = sink }

    /// Begins, or begins anew.
    /// - Throws: `StateError.wanting` where that is too late.
    func begin(_ directory: String) throws {
        try state.withLock { state in
            guard !state.isOnItsWay else {
                throw StateError.wanting(path: directory, reason: "the state changes while it is read: try again")
            }
            (state.pieces, state.count) = ([], 0)
        }
    }

    func add(_ piece: String) {
        let isFull = state.withLock { state in
            state.pieces.append(piece)
            state.count += piece.utf8.count
            return state.count > Self.limit
        }
        if isFull { flush() }
    }

    /// Hands out what there is.
    func flush() {
        let pieces = state.withLock { state in
            defer { (state.pieces, state.count, state.isOnItsWay) = ([], 0, true) }
            return state.pieces
        }
        for piece in pieces { sink(piece) }
    }
}
