import Glibc
import Synchronization

/// Something that happens once and that tests wait for, instead of sleeping.
public final class Signal: Sendable {
    private struct State {
        var fired = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// Whether it has happened.
    public var hasFired: Bool { state.withLock { $0.fired } }

    /// It happens; from any thread.
    public func fire() {
        let waiting = state.withLock { state in
            state.fired = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Blocks a thread of a script's own until it has happened.
    public func block() { while !hasFired { usleep(1000) } }

    /// Returns once it has happened.
    public func wait() async {
        await withCheckedContinuation { continuation in
            let fired = state.withLock { state in
                if !state.fired { state.waiting.append(continuation) }
                return state.fired
            }
            if fired { continuation.resume() }
        }
    }
}

/// Asks again every few milliseconds until it holds.
/// - Throws: `TestFailure` when it does not within that time.
public func eventually(
    _ what: String, within limit: Duration = .seconds(20), _ holds: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !holds() {
        guard ContinuousClock.now < deadline else { throw TestFailure("not within \(limit): \(what)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}
