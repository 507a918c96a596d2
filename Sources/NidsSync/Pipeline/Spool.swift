import Foundation
import Synchronization

/// The folder in which scans lie while they are worked on; what an earlier run left there is cleared away.
///
/// It holds only so many bytes: whoever would exceed them waits.
final class Spool: Sendable {
    /// Room for the scans of some hundred answers awaited at once.
    static let capacity = 1 << 30

    private struct State {
        var used = 0
        var waiting: [(bytes: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let directory: String
    private let capacity: Int
    private let counter = Atomic<Int>(0)
    private let state = Mutex(State())

    /// Makes or empties the folder.
    /// - Throws: `StateError.wanting`, `StateError.unwritable`.
    init(stateDirectory: String, capacity: Int = Spool.capacity) throws(StateError) {
        directory = stateDirectory + "/spool"
        self.capacity = capacity
        try StateFolder.renew(directory)
    }

    /// Waits until there is room for that many bytes.
    ///
    /// More than everything gets its place once it is alone.
    func reserve(_ bytes: Int) async {
        await withCheckedContinuation { continuation in
            let hasRoom = state.withLock { state in
                if state.waiting.isEmpty, fits(bytes, state) {
                    state.used += bytes
                    return true
                }
                state.waiting.append((bytes, continuation))
                return false
            }
            if hasRoom { continuation.resume() }
        }
    }

    /// Gives room back, to those who wait.
    func release(_ bytes: Int) {
        let next = state.withLock { state in
            state.used -= bytes
            var next: [CheckedContinuation<Void, Never>] = []
            while let first = state.waiting.first, fits(first.bytes, state) {
                state.used += first.bytes
                next.append(state.waiting.removeFirst().continuation)
            }
            return next
        }
        for continuation in next { continuation.resume() }
    }

    /// A path for a new file, in the folder that is made anew where somebody cleared it away; names from outside are
    /// not part of it.
    func newFile() -> String {
        // Where it cannot be made, neither can the file, which says why.
        try? StateFolder.make(directory)
        return directory + "/scan-\(counter.add(1, ordering: .relaxed).newValue)"
    }

    /// Removes a file, if it is there.
    func remove(_ path: String) {
        // It costs less than a FileManager that first asks what the file is.
        unlink(path)
    }

    /// The number of those that wait for room.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    private func fits(_ bytes: Int, _ state: borrowing State) -> Bool {
        state.used == 0 || state.used + bytes <= capacity
    }
}
