import Synchronization
import Transcriber

/// A provider that grants one request every so often, refuses others at once, and says exactly when the next is due.
final class QuotaProvider: Sendable {
    enum Reply: Sendable {
        case answered
        case refused(retryAfter: Duration?)
    }

    struct Counts: Sendable {
        var granted = 0
        var refused = 0
        var inFlight = 0
        var mostInFlight = 0
        var starts: [Duration] = []
    }

    private let state: Mutex<(next: Duration, counts: Counts)> = Mutex((.zero, Counts()))
    private let interval: Duration
    private let latency: Duration
    private let refusalLatency: Duration
    private let time: VirtualTime

    init(perMinute: Double, latency: Duration, refusalLatency: Duration = .zero, time: VirtualTime) {
        interval = .seconds(60) / perMinute
        self.latency = latency
        self.refusalLatency = refusalLatency
        self.time = time
    }

    var counts: Counts { state.withLock(\.counts) }

    func ask() async throws -> Reply {
        let now = time.now
        let wait = state.withLock { state -> Duration? in
            state.counts.starts.append(now)
            // Rounding of fractions of an attosecond is no earlier request.
            if state.next - now > .nanoseconds(1) {
                state.counts.refused += 1
                return state.next - now
            }
            state.next = max(state.next, now) + interval
            state.counts.granted += 1
            state.counts.inFlight += 1
            state.counts.mostInFlight = max(state.counts.mostInFlight, state.counts.inFlight)
            return nil
        }
        if let wait {
            if refusalLatency > .zero { try await time.sleep(refusalLatency) }
            return .refused(retryAfter: wait)
        }
        try await time.sleep(latency)
        state.withLock { $0.counts.inFlight -= 1 }
        return .answered
    }
}
