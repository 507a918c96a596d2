import Synchronization

/// The request to stop: no new work from then on, what is in flight is finished.
public final class StopSignal: Sendable {
    private struct State {
        var isRequested = false
        var sleepers: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var next: UInt64 = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// Set once somebody has asked to stop.
    public var isRequested: Bool { state.withLock { $0.isRequested } }

    /// The number of those who sleep until somebody asks.
    var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// Asks to stop; those who sleep wake up.
    public func request() {
        let sleepers = state.withLock { state in
            state.isRequested = true
            defer { state.sleepers = [:] }
            return Array(state.sleepers.values)
        }
        for sleeper in sleepers { sleeper.resume() }
    }

    /// Waits that long, or until somebody asks to stop, or the task is cancelled.
    func sleep(_ duration: Duration, using sleep: @escaping @Sendable (Duration) async throws -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await sleep(duration) }
            group.addTask { await self.waitForRequest() }
            await group.next()
            group.cancelAll()
        }
    }

    /// Waits until somebody asks to stop, or the task is cancelled.
    func waitForRequest() async {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isRequested || Task.isCancelled { return true }
                    state.sleepers[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.resume()
        }
    }
}
