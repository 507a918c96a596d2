import Synchronization

/// Lets the requests to one model of a provider begin, in the order they came.
///
/// With a rate configured they begin evenly, one every 60/rate seconds. Without one, a window bounds how many are in
/// flight: it starts small, grows with every success and is halved where the provider answers 429; what such answers
/// say of when the next request is granted teaches the pace, and from then on requests begin at that.
/// After a 429 nothing begins until the time it names, and then one by one.
///
/// `rateLimited(retryAfter:)` and `succeeded()` are meant to be called inside the work given to `run`: then the gate
/// knows which request they are about.
public final class RequestGate: Sendable {
    /// The time that a gate lives by.
    public struct Time: Sendable {
        /// The time since some fixed moment; it never goes back.
        public var now: @Sendable () -> Duration
        /// Waits that long; throws when the task is cancelled.
        public var sleep: @Sendable (Duration) async throws -> Void

        public init(
            now: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void
        ) {
            self.now = now
            self.sleep = sleep
        }

        /// This machine's time, its sleep included.
        public static var continuous: Time {
            let start = ContinuousClock.now
            return Time(
                now: { start.duration(to: .now) },
                // Without the tolerance that timers otherwise take, pauses would add up to a lower rate.
                sleep: { try await Task.sleep(for: $0, tolerance: .zero, clock: .continuous) })
        }
    }

    private struct State {
        var pace: RequestPace
        var queue: [Int] = []
        var parked: [Int: CheckedContinuation<Void, any Error>] = [:]
        var cancelled: Set<Int> = []
        var lastWaiter = 0

        /// Takes the first waiter out of its wait when there is room for it.
        mutating func awakened() -> CheckedContinuation<Void, any Error>? {
            guard pace.hasRoom, let first = queue.first else { return nil }
            return parked.removeValue(forKey: first)
        }
    }

    private enum Step {
        case begin(RequestPace.Ticket)
        case sleep(Duration)
        case wait
    }

    @TaskLocal private static var current: (gate: ObjectIdentifier, ticket: RequestPace.Ticket)?

    private let state: Mutex<State>
    private let time: Time

    /// - Parameters:
    ///   - ratePerMinute: How many requests may begin in a minute, where that is known; else it is learned.
    ///   - cap: The most requests in flight, whatever is learned.
    ///   - initialWindow: How many are in flight at first where no rate is known.
    public init(
        ratePerMinute: Double? = nil, cap: Int = 256, initialWindow: Int = 8, time: Time = .continuous
    ) {
        state = Mutex(State(pace: RequestPace(ratePerMinute: ratePerMinute, cap: cap, initialWindow: initialWindow)))
        self.time = time
    }

    /// The number of requests worth having in hand: enough to keep the pace, and no more than may be in flight.
    public var window: Int { state.withLock { $0.pace.window } }

    /// The number of requests in flight.
    public var inFlight: Int { state.withLock { $0.pace.inFlight } }

    /// Refusals for too many requests since the last answer; those of requests that were in flight together are one.
    public var refusalsInRow: Int { state.withLock { $0.pace.refusalsInRow } }

    /// The number that wait for their turn without a time set for it; one more may be waiting for its time.
    package var parkedCount: Int { state.withLock { $0.parked.count } }

    /// The time between two beginnings, configured or learned; `nil` while only the window counts.
    package var interval: Duration? { state.withLock { $0.pace.interval } }

    /// Does the work when its turn has come.
    /// - Throws: `CancellationError` when cancelled before its turn, else what the work throws.
    public func run<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
        let ticket = try await enter()
        defer { leave(ticket) }
        return try await Self.$current.withValue((ObjectIdentifier(self), ticket)) { try await work() }
    }

    /// The provider answered 429, or that it is overloaded: nothing begins for that long.
    ///
    /// - Parameter retryAfter: What the answer says; without it, the pause doubles from one second with every refusal
    ///   in a row.
    public func rateLimited(retryAfter: Duration?) {
        let ticket = ownTicket
        let now = time.now()
        state.withLock { $0.pace.refused(ticket, retryAfter: retryAfter, now: now) }
    }

    /// The provider answered: one request more may be in flight.
    public func succeeded() {
        let ticket = ownTicket
        let now = time.now()
        let awakened = state.withLock {
            $0.pace.answered(ticket, now: now)
            return $0.awakened()
        }
        awakened?.resume()
    }

    private var ownTicket: RequestPace.Ticket? {
        Self.current.flatMap { $0.gate == ObjectIdentifier(self) ? $0.ticket : nil }
    }

    private func enter() async throws -> RequestPace.Ticket {
        let arrival = time.now()
        let id = state.withLock { state in
            if state.queue.isEmpty { state.pace.resumeAfterIdleness(now: arrival) }
            state.lastWaiter += 1
            state.queue.append(state.lastWaiter)
            return state.lastWaiter
        }
        do {
            while true {
                try Task.checkCancellation()
                switch step(id) {
                case .begin(let ticket): return ticket
                case .sleep(let duration): try await time.sleep(duration)
                case .wait: try await wait(id)
                }
            }
        } catch {
            abandon(id)
            throw error
        }
    }

    private func step(_ id: Int) -> Step {
        let now = time.now()
        let (step, awakened) = state.withLock { state -> (Step, CheckedContinuation<Void, any Error>?) in
            guard state.queue.first == id, state.pace.hasRoom else { return (.wait, nil) }
            if let delay = state.pace.delay(now: now) { return (.sleep(delay), nil) }
            state.queue.removeFirst()
            return (.begin(state.pace.begin(now: now)), state.awakened())
        }
        awakened?.resume()
        return step
    }

    private func wait(_ id: Int) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let outcome = state.withLock { state -> Result<Void, any Error>? in
                    if state.cancelled.contains(id) { return .failure(CancellationError()) }
                    // Its turn may have come since it was told to wait.
                    if state.queue.first == id, state.pace.hasRoom { return .success(()) }
                    state.parked[id] = continuation
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let parked = state.withLock { state in
                state.cancelled.insert(id)
                return state.parked.removeValue(forKey: id)
            }
            parked?.resume(throwing: CancellationError())
        }
    }

    private func abandon(_ id: Int) {
        let awakened = state.withLock { state in
            state.queue.removeAll { $0 == id }
            state.cancelled.remove(id)
            return state.awakened()
        }
        awakened?.resume()
    }

    private func leave(_ ticket: RequestPace.Ticket) {
        let awakened = state.withLock { state in
            state.pace.ended(ticket)
            return state.awakened()
        }
        awakened?.resume()
    }
}
