import Foundation

/// Counts requests against a quota per minute and one per day.
struct Quotas {
    private var taken: [Date] = []
    private var day: DateComponents?
    private var takenThatDay = 0

    /// Counts a request, or says which quota forbids it.
    mutating func take(at now: Date, perMinute: Int?, perDay: Int?, model: String) -> GoogleFault? {
        var calendar = Calendar(identifier: .gregorian)
        if let zone = TimeZone(identifier: "America/Los_Angeles") { calendar.timeZone = zone }
        let today = calendar.dateComponents([.year, .month, .day], from: now)
        if today != day {
            day = today
            takenThatDay = 0
        }
        taken.removeAll { now.timeIntervalSince($0) >= 60 }
        if let perDay, takenThatDay >= perDay {
            // Google names a short delay even here, which is why the quota's id has to be looked at.
            return .quotaExceeded(
                quotaIDs: ["GenerateRequestsPerDayPerProjectPerModel-FreeTier"], limit: perDay, model: model,
                retryDelay: "43s")
        }
        if let perMinute, taken.count >= perMinute {
            let wait = taken.first.map { 60 - now.timeIntervalSince($0) } ?? 60
            return .quotaExceeded(
                quotaIDs: ["GenerateRequestsPerMinutePerProjectPerModel"], limit: perMinute, model: model,
                retryDelay: "\(Int(wait.rounded(.up)))s")
        }
        taken.append(now)
        takenThatDay += 1
        return nil
    }
}

/// Dates as HTTP writes them (RFC 9110, section 5.6.7).
enum HTTPDateText {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func string(from date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second, .weekday], from: date)
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        return "\(days[(parts.weekday ?? 1) - 1]), \(two(parts.day)) \(months[(parts.month ?? 1) - 1]) "
            + "\(parts.year ?? 1970) \(two(parts.hour)):\(two(parts.minute)):\(two(parts.second)) GMT"
    }
}
