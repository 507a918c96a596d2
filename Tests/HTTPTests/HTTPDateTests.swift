import Foundation
import HTTPTypes
import Testing

@testable import HTTP

@Suite("Dates of headers")
struct HTTPDateTests {
    @Test(
        "all three forms of a date are read",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Thu, 29 Feb 2024 23:59:60 GMT", 1_709_251_200), ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799), ("Sun, 13 Sep 2020 12:26:40 GMT", 1_600_000_000),
        ])
    func forms(text: String, seconds: Int) {
        #expect(HTTPDate.parse(text)?.timeIntervalSince1970 == Double(seconds))
    }

    @Test(
        "anything else is no date",
        arguments: [
            "", "now", "1700000000", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 06 Nov 99999999999999999999 08:49:37 GMT", "Sun, 06 Nov 123 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT extra", "2026-11-26T08:49:37Z",
        ])
    func nonsense(text: String) { #expect(HTTPDate.parse(text) == nil) }

    @Test("it agrees with Foundation on days of four centuries")
    func days() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        for day in stride(from: -60_000, through: 80_000, by: 97) {
            let date = Date(timeIntervalSince1970: Double(day * 86_400 + 3_661))
            #expect(HTTPDate.parse(formatter.string(from: date)) == date)
        }
    }
}
