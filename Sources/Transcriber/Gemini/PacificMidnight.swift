import Foundation

/// When Google's daily quotas begin anew: at midnight Pacific time.
enum PacificMidnight {
    /// The time until then; a minute more, since clocks differ.
    static func wait(after date: HTTPDate) -> Duration {
        var calendar = Calendar(identifier: .gregorian)
        // A machine without the time zone's data waits an hour longer in summer, never too short.
        calendar.timeZone = TimeZone(identifier: "America/Los_Angeles") ?? TimeZone(secondsFromGMT: -8 * 3600) ?? .gmt
        let now = Date(timeIntervalSince1970: Double(date.secondsSince1970))
        let midnight = calendar.nextDate(
            after: now, matching: DateComponents(hour: 0, minute: 0, second: 0), matchingPolicy: .nextTime)
        return .seconds(Int((midnight ?? now.addingTimeInterval(86_400)).timeIntervalSince(now)) + 60)
    }
}
