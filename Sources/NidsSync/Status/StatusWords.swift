import Foundation

/// Sums, times and names as people read them.
struct StatusWords: Sendable {
    var now: Date
    /// `nil` for the machine's own.
    var timeZone: TimeZone?

    /// `14:05` today, `2026-11-24 14:05` on other days.
    func time(_ date: Date) -> String {
        let (parts, today) = (local(date), local(now))
        let clock = "\(Self.padded(parts.tm_hour)):\(Self.padded(parts.tm_min))"
        if (parts.tm_year, parts.tm_yday) == (today.tm_year, today.tm_yday) { return clock }
        return "\(parts.tm_year + 1900)-\(Self.padded(parts.tm_mon + 1))-\(Self.padded(parts.tm_mday)) \(clock)"
    }

    /// By the C library: Foundation's calendars take more memory than all that is told here.
    private func local(_ date: Date) -> tm {
        var parts = tm()
        let seconds = min(max(date.timeIntervalSince1970, -60_000_000_000), 250_000_000_000)
        if let timeZone {
            var time = time_t(seconds) + time_t(timeZone.secondsFromGMT(for: date))
            gmtime_r(&time, &parts)
        } else {
            var time = time_t(seconds)
            localtime_r(&time, &parts)
        }
        return parts
    }

    private static func padded(_ number: some BinaryInteger, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// `14:05, 40 min ago`
    func past(_ date: Date) -> String { "\(time(date)), \(Self.length(now.timeIntervalSince(date))) ago" }

    /// `15:05, in 20 min`, or that it is over.
    func future(_ date: Date) -> String {
        date <= now ? "\(time(date)), any moment now" : "\(time(date)), in \(Self.length(date.timeIntervalSince(now)))"
    }

    /// `40 s`, `12 min`, `3 h`, `5 days`
    static func length(_ seconds: TimeInterval) -> String {
        let seconds = Int(min(max(0, seconds), 1e9))
        if seconds < 90 { return "\(seconds) s" }
        if seconds < 5400 { return "\((seconds + 30) / 60) min" }
        if seconds < 36 * 3600 { return "\((seconds + 1800) / 3600) h" }
        return "\((seconds + 43200) / 86400) days"
    }

    /// `12,345`
    static func count(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number.magnitude).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + String(text.reversed())
    }

    /// `1 sheet`, `2 sheets`
    static func count(_ number: Int, _ thing: String) -> String { "\(count(number)) \(thing)\(number == 1 ? "" : "s")" }

    /// A sum with as many digits as tell something: `12.34`, `0.0123`, `0.000042`.
    static func sum(_ sum: Double) -> String {
        if sum == 0 { return "0" }
        let digits = abs(sum) >= 1 ? 2 : abs(sum) >= 0.01 ? 4 : 6
        let scale = (0..<digits).reduce(1) { product, _ in product * 10 }
        let parts = UInt64(min(abs(sum) * Double(scale), 1e18).rounded()).quotientAndRemainder(
            dividingBy: UInt64(scale))
        return "\(sum < 0 ? "-" : "")\(parts.quotient).\(padded(parts.remainder, digits))"
    }

    /// A name out of Nextcloud or a server's words: nothing in it may steer the terminal.
    static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
                    default: scalar
                    }
                }))
    }

    /// Lines in columns: the first to the left, the others to the right.
    static func table(_ rows: [[String]]) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
                return column == 0 ? cell.0 + space : space + cell.0
            }.joined(separator: "  ")
        }
    }
}
