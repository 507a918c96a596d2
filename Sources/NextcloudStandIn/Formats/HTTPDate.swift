import Foundation

/// Dates as HTTP has them (RFC 9110, section 5.6.7); the last one made is kept, for listings have many of one second.
struct HTTPDate {
    private var second = Int.min
    private var text = ""

    mutating func string(nanoseconds: Int) -> String {
        let wanted = Int((Double(nanoseconds) / 1_000_000_000).rounded(.down))
        if wanted != second {
            second = wanted
            text = Self.string(seconds: wanted)
        }
        return text
    }

    static func string(seconds: Int) -> String {
        let parts = calendar(seconds)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) "
            + "\(parts.tm_year + 1_900) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }

    /// `2026-11-22T11:38:26+00:00`, as `creationdate` has it.
    static func iso(seconds: Int) -> String {
        let parts = calendar(seconds)
        return "\(parts.tm_year + 1_900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T"
            + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))+00:00"
    }

    private static func calendar(_ seconds: Int) -> tm {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        return parts
    }

    private static func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
