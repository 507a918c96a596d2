import Testing

@testable import DAV

@Suite("Percent-encoding")
struct PercentEncodingTests {
    private let allBytes = (0...255).map { UInt8($0) }

    @Test("every byte comes back as it went")
    func roundTrip() {
        #expect(PercentEncoding.decode(PercentEncoding.encode(allBytes).utf8) == allBytes)
    }

    @Test("only unreserved characters and slashes stand as they are")
    func unreserved() {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/".utf8)
        for byte in allBytes {
            let encoded = PercentEncoding.encode([byte])
            #expect(encoded.utf8.count == (plain.contains(byte) ? 1 : 3), "byte \(byte)")
        }
        #expect(PercentEncoding.encode("é #%+?".utf8) == "%C3%A9%20%23%25%2B%3F")
    }

    @Test("hexadecimal digits of either case are read")
    func bothCases() {
        #expect(PercentEncoding.decode("%c3%A9%C3%a9".utf8) == Array("éé".utf8))
    }

    @Test(
        "a percent sign that no two digits follow stands for itself",
        arguments: ["%", "%4", "%zz", "100%", "%%", "%G0", "a%2", "%-1"])
    func loosePercent(text: String) {
        #expect(PercentEncoding.decode(text.utf8) == Array(text.utf8))
    }

    @Test("what was decoded is not decoded again")
    func once() {
        #expect(PercentEncoding.decode("%2541".utf8) == Array("%41".utf8))
    }
}
