import Foundation

/// Sums, times and names as people read them.
struct StatusWords: Sendable {
    var now: Date
    var timeZone: TimeZone

    /// `14:05` today, `2026-11-24 14:05` on other days.
    func time(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
        let clock = String(format: "%02d:%02d", parts.hour ?? 0, parts.minute ?? 0)
        if calendar.isDate(date, inSameDayAs: now) { return clock }
        return String(format: "%04d-%02d-%02d ", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0) + clock
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
        if abs(sum) >= 1 { return String(format: "%.2f", sum) }
        if abs(sum) >= 0.01 { return String(format: "%.4f", sum) }
        return String(format: "%.6f", sum)
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
