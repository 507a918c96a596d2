import Foundation

/// Counts requests against a quota per minute and one per day.
struct Quotas {
    /// A quota that is used up.
    struct Exceeded {
        var isDaily: Bool
        var limit: Int
        /// Until a request would be granted, in seconds.
        var wait: Double
    }

    private var taken: [Date] = []
    private var nextSlot = Date.distantPast
    private var day: DateComponents?
    private var takenThatDay = 0

    /// Counts a request, or says which quota forbids it.
    mutating func take(
        at now: Date, perMinute: Int?, _ kind: QuotaKind, perDay: Int?
    ) -> Exceeded? {
        var calendar = Calendar(identifier: .gregorian)
        if let zone = TimeZone(identifier: "America/Los_Angeles") { calendar.timeZone = zone }
        if perDay != nil {
            let today = calendar.dateComponents([.year, .month, .day], from: now)
            if today != day {
                day = today
                takenThatDay = 0
            }
        }
        if let perDay, takenThatDay >= perDay { return Exceeded(isDaily: true, limit: perDay, wait: 43) }
        if let perMinute {
            let wait = wait(at: now, perMinute, kind)
            if wait > 0 { return Exceeded(isDaily: false, limit: perMinute, wait: wait) }
        }
        takenThatDay += 1
        return nil
    }

    private mutating func wait(at now: Date, _ perMinute: Int, _ kind: QuotaKind) -> Double {
        guard perMinute > 0 else { return 60 }
        switch kind {
        case .slidingWindow:
            if let first = taken.firstIndex(where: { now.timeIntervalSince($0) < 60 }) {
                taken.removeFirst(first)
            } else {
                taken = []
            }
            guard taken.count >= perMinute, let first = taken.first else {
                taken.append(now)
                return 0
            }
            return (60 - now.timeIntervalSince(first)).rounded(.up)
        case .even(let burst):
            let interval = 60 / Double(perMinute)
            let due = nextSlot.addingTimeInterval(-interval * Double(max(1, burst) - 1))
            let wait = due.timeIntervalSince(now)
            // A Date holds tenths of a microsecond.
            if wait > 1e-6 { return wait }
            nextSlot = max(nextSlot, now).addingTimeInterval(interval)
            return 0
        }
    }
}
