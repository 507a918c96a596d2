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

    private static func seconds(_ text: Substring) -> Duration? {
        Double(text).flatMap { $0.isFinite && $0 >= 0 ? seconds($0) : nil }
    }

    private static func seconds(_ value: Double) -> Duration {
        .milliseconds(Int64((min(max(value, 0), longest) * 1000).rounded(.up)))
    }
}
