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

    /// As OpenAI writes it into its message: "Please try again in 7m12s", "in 1.5s", "in 20ms".
    static func inWords(_ text: String) -> Duration? {
        guard let start = text.firstRange(of: "try again in ")?.upperBound else { return nil }
        var total = 0.0
        var number = ""
        var unit = ""
        var found = false
        func value() -> Double? {
            let units: [String: Double] = ["ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400]
            guard let amount = Double(number), let factor = units[unit] else { return nil }
            return amount * factor
        }
        for character in text[start...].prefix(40) {
            if character.isNumber || character == "." && unit.isEmpty {
                if !unit.isEmpty {
                    guard let part = value() else { break }
                    (total, found, number, unit) = (total + part, true, "", "")
                }
                number.append(character)
            } else if character.isLetter {
                unit.append(character)
            } else {
                break
            }
        }
        if let part = value() { (total, found) = (total + part, true) }
        return found && total.isFinite ? seconds(total) : nil
    }

    private static func seconds(_ text: Substring) -> Duration? {
        Double(text).flatMap { $0.isFinite && $0 >= 0 ? seconds($0) : nil }
    }

    private static func seconds(_ value: Double) -> Duration {
        .milliseconds(Int64((min(max(value, 0), longest) * 1000).rounded(.up)))
    }
}
