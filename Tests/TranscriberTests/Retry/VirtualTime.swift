import Synchronization
import Transcriber

/// Time that passes only when everybody sleeps.
final class VirtualTime: Sendable {
    private struct State {
        var now = Duration.zero
        var sleepers: [Int: (until: Duration, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var cancelled: Set<Int> = []
        var last = 0
        var finished = 0
    }

    private let state = Mutex(State())

    var now: Duration { state.withLock(\.now) }
    var sleeperCount: Int { state.withLock { $0.sleepers.count } }
    var gateTime: RequestGate.Time {
        RequestGate.Time(now: { self.now }, sleep: { try await self.sleep($0) })
    }

    func sleep(_ duration: Duration) async throws {
        let id = state.withLock { state in
            state.last += 1
            return state.last
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let isCancelled = state.withLock { state in
                    if state.cancelled.contains(id) { return true }
                    state.sleepers[id] = (state.now + duration, continuation)
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.cancelled.insert(id)
                return state.sleepers.removeValue(forKey: id)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Wakes those whose time comes next, in the order in which they went to sleep.
    func advance() {
        let woken = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            guard let next = state.sleepers.values.map(\.until).min() else { return [] }
            state.now = next
            let due = state.sleepers.filter { $0.value.until <= next }.sorted { $0.key < $1.key }
            for sleeper in due { state.sleepers[sleeper.key] = nil }
            return due.map(\.value.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// A task of those that `run` counts is done.
    func finish() { state.withLock { $0.finished += 1 } }

    /// Lets time pass until `count` tasks are done, whenever all others sleep or wait at the gate.
    func run(_ count: Int, at gate: RequestGate) async {
        while !Task.isCancelled {
            let done = state.withLock(\.finished)
            if done == count { return }
            if done + gate.parkedCount + sleeperCount == count {
                advance()
            } else {
                await Task.yield()
            }
        }
    }
}

/// What happened, in its order.
final class Log<Element: Sendable>: Sendable {
    private let list = Mutex<[Element]>([])
    var all: [Element] { list.withLock(\.self) }
    func append(_ element: Element) { list.withLock { $0.append(element) } }
}
