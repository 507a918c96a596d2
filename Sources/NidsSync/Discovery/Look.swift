import DAV
import Foundation
import Synchronization

/// The findings of one look at the server so far. Memory grows with what changed, not with what is there.
final class Look: Sendable {
    private struct State {
        /// A bit for each scan that was seen, by id.
        var seen: [UInt64] = []
        var absent: Set<Int64> = []
        var changedFolders: Set<RemotePath> = []
        var sameETags: Set<RemotePath> = []
        var outcome = LookOutcome()
        var mounts: MountPoints
    }

    /// So many folders with changes are enough to tell whether ETags propagate.
    private static let changedFolderLimit = 100

    /// Numbers the looks of one state.
    let number: Int
    /// Set where nothing was known when it began.
    let startsEmpty: Bool
    let began: Date
    /// Set where scans that two views lack are withdrawn; else they are only known to have been missed.
    let mayWithdraw: Bool
    private let state: Mutex<State>

    init(number: Int, startsEmpty: Bool, began: Date, mayWithdraw: Bool, mounts: MountPoints = MountPoints()) {
        state = Mutex(State(mounts: mounts))
        self.number = number
        self.startsEmpty = startsEmpty
        self.began = began
        self.mayWithdraw = mayWithdraw
    }

    var outcome: LookOutcome { state.withLock { $0.outcome } }
    /// Folders of which the direct contents changed, at least some of them.
    var changedFolders: Set<RemotePath> { state.withLock { $0.changedFolders } }

    /// Collections that were listed although they had kept their ETag.
    var sameETags: Set<RemotePath> { state.withLock { $0.sameETags } }

    /// The scans that a complete listing of this look lacked.
    var absent: Set<Int64> { state.withLock { $0.absent } }

    func see(_ scan: Int64) {
        let word = Int(scan >> 6)
        state.withLock { state in
            if word >= state.seen.count {
                state.seen.append(contentsOf: repeatElement(0, count: word + 1024 - state.seen.count))
            }
            state.seen[word] |= 1 << UInt64(scan & 63)
        }
    }

    func hasSeen(_ scan: Int64) -> Bool {
        let word = Int(scan >> 6)
        return state.withLock { word < $0.seen.count && $0.seen[word] & (1 << UInt64(scan & 63)) != 0 }
    }

    /// Of scans that a complete view lacks, those that this look had not counted yet.
    func countAbsent(_ scans: [Int64]) -> [Int64] {
        state.withLock { state in scans.filter { state.absent.insert($0).inserted } }
    }

    /// The storages that are mounted below the root, as far as is known by now.
    var mounts: MountPoints { state.withLock { $0.mounts } }

    func note(_ collection: Resource, isParentMounted: Bool) {
        state.withLock { $0.mounts.note(collection, isParentMounted: isParentMounted) }
    }

    func noteChange(in folder: RemotePath) {
        guard !startsEmpty else { return }
        state.withLock { state in
            guard state.changedFolders.count < Self.changedFolderLimit else { return }
            state.changedFolders.insert(folder)
        }
    }

    func note(sameETag path: RemotePath) { state.withLock { _ = $0.sameETags.insert(path) } }

    func note(_ path: RemotePath, _ reason: String) {
        state.withLock { $0.outcome.problems.append((path.description, reason)) }
    }

    func note(changedResults: [RemotePath]) {
        guard !changedResults.isEmpty else { return }
        state.withLock { $0.outcome.changedResults += changedResults }
    }

    func update(_ change: (inout LookOutcome) -> Void) { state.withLock { change(&$0.outcome) } }
}

/// The outcome of a look.
struct LookOutcome: Sendable {
    /// Set where everything that may have changed was seen; else the next look tries again.
    var isComplete = true
    /// Set where anything had to be listed.
    var hasWalked = false
    /// Files of ours that changed or vanished without our doing.
    var changedResults: [RemotePath] = []
    /// Folders that could not be listed, with the reason.
    var problems: [(path: String, reason: String)] = []
}
