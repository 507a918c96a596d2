import Testing

@testable import NidsSync

@Suite("Durations and sizes as people write them")
struct UnitsTests {
    @Test(
        "a number and a unit are a duration",
        arguments: [
            ("500ms", Duration.milliseconds(500)), ("10s", .seconds(10)), ("5m", .seconds(300)),
            ("6h", .seconds(21_600)),
            ("2d", .seconds(172_800)), ("1.5h", .seconds(5400)), ("10 s", .seconds(10)), ("0s", .zero),
            ("0.25s", .milliseconds(250)),
        ])
    func durations(text: String, duration: Duration) {
        #expect(Duration(setting: text) == duration)
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "s", "10", "-5s", "ten s", "5min", "10S", "nans", "infs", "0x10s", "1e3s", "1e300d", "9999999999s",
            "5m10s",
            "1,5h", "+5s", ".s", "5.s", "1.2.3s",
        ])
    func noDurations(text: String) {
        #expect(Duration(setting: text) == nil)
    }

    @Test(
        "a number, with or without a unit, is a size",
        arguments: [
            ("0", 0), ("1234", 1234), ("12B", 12), ("500KB", 500_000), ("200 MB", 200_000_000), ("1gb", 1_000_000_000),
            ("1.5MB", 1_500_000), ("0.25 GB", 250_000_000), ("1.000000001GB", 1_000_000_001), ("2.5KB", 2500),
        ])
    func sizes(text: String, bytes: Int) {
        #expect(Int(sizeSetting: text) == bytes)
    }

    @Test(
        "anything else is no size",
        arguments: [
            "", "MB", "-1", "+5", "1.5", "1.5B", "1.0001KB", "1.5.5MB", ".5MB", "1.MB", "1,5MB", "1e3MB", "5KiB",
            "9223372036854775807GB", "99999999999999999999", "many", "0x10",
        ])
    func noSizes(text: String) {
        #expect(Int(sizeSetting: text) == nil)
    }

    @Test("a duration is given in seconds")
    func seconds() {
        #expect(Duration.milliseconds(1500).seconds == 1.5)
        #expect(Duration.seconds(-2).seconds == -2)
    }
}
