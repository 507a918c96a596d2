package import Foundation
package import HTTPTypes

/// Dates of HTTP headers (RFC 9110, section 5.6.7), in all three forms that a recipient has to read.
package enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The moment that a text names, `nil` where it is no date of HTTP.
    package static func parse(_ text: String) -> Date? {
        let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "+")) }
        guard words.count >= 7, words.count <= 8 else { return nil }
        // "Sun Nov  6 08:49:37 1994" of asctime has no zone; the others name GMT.
        let isAsctime = words[1].first?.isLetter == true
        guard isAsctime ? words.count == 7 : words.count == 8 && ["GMT", "UTC"].contains(words[7]) else { return nil }
        let (dayWord, monthWord) = isAsctime ? (words[2], words[1]) : (words[1], words[2])
        let yearWord = isAsctime ? words[6] : words[3]
        let clock = isAsctime ? words[3...5] : words[4...6]
        guard let month = months.firstIndex(of: String(monthWord)), let day = Int(dayWord), (1...31).contains(day),
            let year = fullYear(yearWord)
        else { return nil }
        let parts = clock.compactMap { Int($0) }
        // 60 is a leap second.
        guard parts.count == 3, (0...23).contains(parts[0]), (0...59).contains(parts[1]), (0...60).contains(parts[2])
        else { return nil }
        let seconds = days(year, month + 1, day) * 86_400 + parts[0] * 3_600 + parts[1] * 60 + parts[2]
        return Date(timeIntervalSince1970: Double(seconds))
    }

    private static func fullYear(_ word: Substring) -> Int? {
        guard let year = Int(word), (0...9_999).contains(year) else { return nil }
        if word.utf8.count == 4 { return year }
        return word.utf8.count == 2 ? (year < 70 ? 2_000 + year : 1_900 + year) : nil
    }

    /// Days since 1970-01-01 in the Gregorian calendar, counting years from March so that a leap day ends one.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension HTTPResponse {
    /// The server's clock when it answered (`Date`; RFC 9110, section 6.6.1).
    package var date: Date? { headerFields[.date].flatMap(HTTPDate.parse) }

    /// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date taken relative to the same answer's `Date`.
    ///
    /// As the server says it, 0 included, a day at most; whoever waits applies a floor of its own.
    package var retryAfter: Duration? {
        guard let text = headerFields[.retryAfter] else { return nil }
        if let seconds = Int(text), seconds >= 0 { return .seconds(min(seconds, 86_400)) }
        guard let until = HTTPDate.parse(text), let now = date else { return nil }
        return .seconds(max(0, min(until.timeIntervalSince(now), 86_400)))
    }
}
