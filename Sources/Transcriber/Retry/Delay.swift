/// Delays as answers name them.
enum Delay {
    /// A server that names more is not believed.
    private static let longest = 48 * 3600.0

    /// Protocol Buffers' JSON form of a duration: `34s`, `0.5s`.
    static func protobuf(_ text: String) -> Duration? {
        text.hasSuffix("s") ? seconds(text.dropLast()) : nil
    }

    /// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date, which is taken against the answer's own `Date`.
    static func retryAfter(_ text: String, answeredAt date: HTTPDate?) -> Duration? {
        if let delay = seconds(text[...]) { return delay }
        guard let date, let until = HTTPDate(text) else { return nil }
        return seconds(Double(until.secondsSince1970 - date.secondsSince1970))
    }

    /// As servers write it into their messages: "Please try again in 7m12s", "in 20ms", "Retry after 60 seconds".
    static func inWords(_ text: String) -> Duration? {
        let text = text.prefix(longestMessage).lowercased()
        guard let start = text.firstMatch(of: #/(?:try again|retry)(?: in| after) /#)?.range.upperBound else {
            return nil
        }
        var rest = text[start...]
        var total: Double?
        while let part = rest.prefixMatch(of: #/(\d{1,9}(?:\.\d{1,9})?) ?([a-z]+)(?:,? (?:and )?)?/#),
            let amount = Double(part.1), let factor = units[String(part.2)]
        {
            total = (total ?? 0) + amount * factor
            rest = rest[part.range.upperBound...]
        }
        return total.map(seconds)
    }

    private static let longestMessage = 10_000

    /// Seconds in each unit, by the names that messages give it.
    private static let units: [String: Double] = {
        let names: [(Double, [String])] = [
            (0.001, ["ms", "millisecond", "milliseconds"]), (1, ["s", "sec", "secs", "second", "seconds"]),
            (60, ["m", "min", "mins", "minute", "minutes"]), (3600, ["h", "hr", "hrs", "hour", "hours"]),
            (86_400, ["d", "day", "days"]),
        ]
        return Dictionary(uniqueKeysWithValues: names.flatMap { factor, names in names.map { ($0, factor) } })
    }()

    private static func seconds(_ text: Substring) -> Duration? {
        Double(text).flatMap { $0.isFinite && $0 >= 0 ? seconds($0) : nil }
    }

    private static func seconds(_ value: Double) -> Duration {
        .milliseconds(Int64((min(max(value, 0), longest) * 1000).rounded(.up)))
    }
}
