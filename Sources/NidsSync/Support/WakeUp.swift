import Foundation
import Synchronization

/// Wakes the one who waits when something has happened; what happens while nobody waits is not lost.
final class WakeUp: Sendable {
    private struct State {
        var isDue = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Something has happened.
    func signal() {
        let waiting = state.withLock { state in
            state.isDue = true
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }

    /// Waits for the next signal, a time, a stop or the task's end, whichever comes first.
    func wait(until date: Date?, _ timing: Timing, _ stop: StopSignal) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.next() }
            group.addTask { await stop.waitForRequest() }
            if let date {
                group.addTask {
                    try? await timing.sleep(.seconds(max(0, date.timeIntervalSince(timing.now()))))
                }
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func next() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isDue || Task.isCancelled {
                        state.isDue = false
                        return true
                    }
                    state.waiting = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
            state.withLock { $0.isDue = false }
        } onCancel: {
            let waiting = state.withLock { state in
                defer { state.waiting = nil }
                return state.waiting
            }
            waiting?.resume()
        }
    }
}
