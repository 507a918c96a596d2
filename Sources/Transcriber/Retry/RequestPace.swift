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
    private static let assumedLatency = Duration.seconds(15)
    private static let longestPause = Duration.seconds(60)
    /// After so many beginnings without a refusal the pace is far from the limit, and found faster.
    private static let longRun = 50
    /// After fewer beginnings than that between two refusals the pace is not just above the limit, but far.
    private static let shortRun = 5

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
    private var refusalsInRow = 0
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

    /// How many requests are worth having in hand.
    var window: Int {
        guard configured != nil else { return learnedWindow }
        return min(cap, max(8, needed(latency ?? Self.assumedLatency)))
    }

    /// Whether another may be in flight.
    var hasRoom: Bool { inFlight < (configured == nil ? learnedWindow : cap) }

    /// How long the next has to wait; `nil` when it may begin.
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
            // Timers are late now and then; a little of that is caught up on, so that the average is the rate.
            let catchUp = min(interval * 3, .milliseconds(500))
            nextSlot = max(nextSlot, now - catchUp) + interval
            if configured == nil || interval != configured {
                let step = beginningsSinceRefusal > Self.longRun ? 0.99 : 0.999
                self.interval = max(interval * step, configured ?? Self.shortestInterval)
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
            if let named { learn(number, until: now + named, now: now) }
            beginningsSinceRefusal = 0
        }
        guard isNews || named != nil else { return }
        if isNews { learnedWindow = max(1, learnedWindow / 2, sustaining) }
        let doubled = Duration.seconds(1) * (1 << min(refusalsInRow - 1, 10))
        pausedUntil = max(pausedUntil, now + (named ?? min(doubled, Self.longestPause)))
        // The slot of the one refused was not used up.
        nextSlot = max(nextSlot - (interval ?? .zero), pausedUntil)
    }

    private mutating func learn(_ number: Int, until: Duration, now: Duration) {
        let earlier = granted.filter { $0.number < number && now - $0.began <= Self.memory }
        guard let first = earlier.first, let last = earlier.last else { return }
        let shortest = configured ?? Self.shortestInterval
        guard let interval, interval != configured else {
            let guess = min(until - last.began, (until - first.began) / earlier.count)
            interval = min(max(guess, shortest), Self.longestInterval)
            busySince = last.began
            return
        }
        var longer = interval * 1.01
        if beginningsSinceRefusal < Self.shortRun {
            // What was granted while always somebody waited is what the provider grants.
            let busy = earlier.filter { $0.began >= busySince }
            let measured = busy.first.map { (until - $0.began) / busy.count } ?? longer
            longer = min(max(measured, longer), interval * 1.25)
        }
        self.interval = min(max(longer, shortest), Self.longestInterval)
    }

    /// How many in flight the learned pace needs; fewer would waste what the provider grants.
    private var sustaining: Int {
        guard configured == nil, let latency, interval != nil else { return 1 }
        return min(cap, needed(latency))
    }

    private func needed(_ latency: Duration) -> Int {
        guard let interval else { return 1 }
        return Int(min((latency / interval * 1.25).rounded(.up), 1e6)) + 2
    }
}
