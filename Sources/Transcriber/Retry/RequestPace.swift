/// When the next request may begin, and how many may be in flight: what a `RequestGate` knows of its provider.
///
/// A provider that counts requests per minute is best asked evenly, at just its rate. Where the rate is not
/// configured, the first refusal that names a delay tells it: the next request is granted so long after the last one
/// that was (a quota granted evenly), or so many in so long (a quota per window); the shorter of the two is tried.
/// Then every beginning shortens the interval a little and every refusal lengthens it, so that it stays just at the
/// limit.
struct RequestPace {
    /// A request that has begun.
    struct Ticket: Sendable {
        var number: Int
        var began: Duration
    }

    /// Whatever is learned, requests do not begin faster than this.
    private static let shortestInterval = Duration.milliseconds(5)
    private static let longestInterval = Duration.seconds(60)
    /// Quotas are per minute, so that what lies further back says nothing.
    private static let memory = Duration.seconds(60)
    /// A first guess, until an answer has come.
    private static let assumedLatency = Duration.seconds(10)
    private static let longestPause = Duration.seconds(60)
    /// After fewer beginnings than that between two refusals the pace is not just above the limit, but far.
    private static let shortRun = 5
    /// A refusal costs a transfer of the pages: so many beginnings are not hurried after one.
    private static let calmRun = 50
    /// After so many beginnings without a refusal the pace is far from the limit, and found faster.
    private static let longRun = 100

    private let configured: Duration?
    private let cap: Int
    private(set) var inFlight = 0
    /// The time between two beginnings; `nil` while only the window counts.
    private(set) var interval: Duration?
    private var learnedWindow: Int
    private var latency: Duration?
    private var begun = 0
    /// Requests in flight of which it has not been said that they were answered.
    private var unanswered: Set<Int> = []
    private var pausedUntil = Duration.zero
    private var nextSlot = Duration.zero
    /// Refusals of requests up to this one belong to a refusal that has been taken into account.
    private var mark = 0
    /// Refusals in a row; those of requests that were in flight together are one.
    private(set) var refusalsInRow = 0
    private var beginningsSinceRefusal = 0
    /// Requests of the last minute that have not been refused, in their order.
    private var granted: [Ticket] = []
    /// Since when requests have always been waiting: before, their number says nothing of the limit.
    private var busySince = Duration.zero

    init(ratePerMinute: Double?, cap: Int, initialWindow: Int) {
        let rate = ratePerMinute.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
        configured = rate.map { .seconds(60) / max($0, 1e-6) }
        interval = configured
        self.cap = max(1, cap)
        learnedWindow = min(max(1, initialWindow), self.cap)
    }

    /// The number of requests that are worth having in hand.
    var window: Int {
        guard configured != nil else { return learnedWindow }
        return min(cap, max(8, needed(latency ?? Self.assumedLatency)))
    }

    /// True when another may be in flight.
    var hasRoom: Bool { inFlight < (configured == nil ? learnedWindow : cap) }

    /// The wait before the next; `nil` when it may begin.
    func delay(now: Duration) -> Duration? {
        let earliest = interval == nil ? pausedUntil : max(pausedUntil, nextSlot)
        return earliest > now ? earliest - now : nil
    }

    /// Somebody comes after nobody was waiting: what was not begun meanwhile is not caught up on.
    mutating func resumeAfterIdleness(now: Duration) {
        nextSlot = max(nextSlot, now)
        if inFlight == 0 { busySince = now }
    }

    mutating func begin(now: Duration) -> Ticket {
        inFlight += 1
        begun += 1
        beginningsSinceRefusal += 1
        if let interval {
            // Timers are late now and then; a configured rate catches up on a little of that, so that the average is
            // the rate. A learned one does not: it may be just at the limit.
            let catchUp = interval == configured ? min(interval * 3, .milliseconds(500)) : .zero
            nextSlot = max(nextSlot, now - catchUp) + interval
            if interval != configured {
                self.interval = max(interval * shortening, configured ?? Self.shortestInterval)
            }
        }
        let ticket = Ticket(number: begun, began: now)
        granted.append(ticket)
        unanswered.insert(begun)
        if let first = granted.first, now - first.began > Self.memory * 2 {
            granted.removeAll { now - $0.began > Self.memory }
        }
        return ticket
    }

    mutating func ended(_ ticket: Ticket) {
        inFlight -= 1
        unanswered.remove(ticket.number)
    }

    mutating func answered(_ ticket: Ticket?, now: Duration) {
        refusalsInRow = 0
        if let ticket {
            guard unanswered.remove(ticket.number) != nil else { return }
            let measured = now - ticket.began
            latency = latency.map { $0 * 0.8 + measured * 0.2 } ?? measured
        }
        // A window that is not used would grow without having been tried.
        if inFlight * 2 >= learnedWindow { learnedWindow += 1 }
        learnedWindow = min(cap, max(learnedWindow, sustaining))
    }

    mutating func refused(_ ticket: Ticket?, retryAfter: Duration?, now: Duration) {
        let number = ticket?.number ?? begun
        granted.removeAll { $0.number == number }
        let isNews = number > mark
        let named = retryAfter.flatMap { $0 > .zero ? $0 : nil }
        if isNews {
            mark = begun
            refusalsInRow += 1
            let run = beginningsSinceRefusal
            beginningsSinceRefusal = 0
            if let named, !isJustAtLimit(named, afterRunOf: run) {
                learn(from: ticket ?? Ticket(number: number, began: now), wait: named)
            }
            learnedWindow = max(1, learnedWindow / 2, sustaining)
        }
        guard isNews || named != nil else { return }
        let doubled = Duration.seconds(1) * (1 << min(refusalsInRow - 1, 10))
        pausedUntil = max(pausedUntil, now + (named ?? min(doubled, Self.longestPause)))
        // The slot of one refused is free again, unless others have begun since.
        if number == begun, let interval { nextSlot -= interval }
        nextSlot = max(nextSlot, pausedUntil)
    }

    /// True when a refusal means no more than that one request came a little early, as timers and lines have it: then a
    /// measurement would be mostly noise. A configured pace is kept to, a learned one made a little longer.
    private mutating func isJustAtLimit(_ wait: Duration, afterRunOf run: Int) -> Bool {
        guard let interval, wait < interval / 4, run >= Self.shortRun else { return false }
        if interval != configured { self.interval = min(interval * 1.005, Self.longestInterval) }
        return true
    }

    /// Takes the pace from a refusal that says how long it is to the next grant.
    private mutating func learn(from refused: Ticket, wait: Duration) {
        // Counted from when both requests began: the time that they travel is the same.
        let next = refused.began + wait
        let earlier = granted.filter { $0.number < refused.number && next - $0.began <= wait + Self.memory }
        let busy = earlier.filter { $0.began >= busySince }
        guard let last = earlier.last, let first = busy.first ?? earlier.first else { return }
        let count = busy.isEmpty ? earlier.count : busy.count
        let measured = min(next - last.began, (next - first.began) / count) * 1.005
        let shortest = configured ?? Self.shortestInterval
        if let interval, interval != configured {
            self.interval = min(max(measured, interval * 1.002), interval * 1.25)
        } else {
            interval = measured
            busySince = last.began
        }
        interval = interval.map { min(max($0, shortest), Self.longestInterval) }
    }

    private var shortening: Double {
        switch beginningsSinceRefusal {
        case ...Self.calmRun: 1
        case ...Self.longRun: 0.9995
        default: 0.99
        }
    }

    /// The number in flight that the learned pace needs; fewer would waste what the provider grants.
    private var sustaining: Int {
        configured == nil && interval != nil ? min(cap, needed(latency ?? Self.assumedLatency)) : 1
    }

    private func needed(_ latency: Duration) -> Int {
        guard let interval else { return 1 }
        return Int(min((latency / interval * 1.25).rounded(.up), 1e6)) + 2
    }
}
