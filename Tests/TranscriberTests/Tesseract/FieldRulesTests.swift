import Testing

@testable import Transcriber

@Suite("What a field may hold")
struct FieldRulesTests {
    private let rules = FieldRules(sheet: [FieldReading(text: "clear", confidence: 95, lowest: 95)])
    private let strict = FieldRules(sheet: [FieldReading(text: "scrawl", confidence: 50, lowest: 50)])

    private func reading(_ text: String, _ confidence: Double = 90) -> FieldReading {
        FieldReading(text: text, confidence: confidence, lowest: confidence)
    }

    @Test(
        "hours are whole hours, however they are written",
        arguments: [("14h", 14), ("14", 14), ("7 h 30", 7), ("08", 8)])
    func hours(text: String, hour: Int) {
        #expect(rules.hour(reading(text)) == hour)
    }

    @Test("an hour that no clock shows is left blank", arguments: ["27", "x", "h", ""])
    func noHours(text: String) {
        #expect(rules.hour(reading(text)) == nil)
    }

    @Test(
        "counts lose leading zeros, and a zero that looks like a letter is one",
        arguments: [("05", 5), ("©", 0), ("O", 0)])
    func counts(text: String, count: Int) {
        #expect(rules.integer(reading(text), in: 0...99) == count)
    }

    @Test("heights have a point and no unit", arguments: [("2,5", "2.5"), ("4.5", "4.5"), ("3 m", "3")])
    func heights(text: String, height: String) {
        #expect(rules.decimal(reading(text)) == height)
    }

    @Test("years have four digits, two on old sheets")
    func years() {
        #expect(rules.year(reading("1998")) == "1998")
        #expect(rules.year(reading("77")) == "1977")
        #expect(rules.year(reading("199")) == nil)
        #expect(rules.year(reading("9198")) == nil)
    }

    @Test("a day and its month may stand in one cell")
    func dayAndMonth() {
        let date = rules.dayAndMonth(reading("30,5"))
        #expect(date?.day == 30)
        #expect(date?.month == 5)
        #expect(rules.dayAndMonth(reading("30,13")) == nil)
    }

    @Test("a bracket after a number of days is a j")
    func days() {
        #expect(rules.days(reading("3 ]")) == "3 j")
        #expect(rules.days(reading("exacte")) == "exacte")
    }

    @Test("a département is a number, a part of Corsica or a name, and no two letters")
    func departments() {
        #expect(rules.department(reading("Q1")) == "01")
        #expect(rules.department(reading("2A")) == "2A")
        #expect(rules.department(reading("Ain")) == "Ain")
        #expect(rules.department(reading("[On")) == nil)
    }

    @Test("specks are no text")
    func specks() {
        #expect(rules.text(reading("- .")) == nil)
        #expect(rules.text(nil) == nil)
    }

    @Test("on a sheet that is hard to read only what is sure is believed")
    func strictness() {
        #expect(rules.integer(reading("7", 60), in: 0...99) == 7)
        #expect(strict.integer(reading("7", 90), in: 0...99) == nil)
        #expect(strict.integer(reading("7", 96), in: 0...99) == 7)
    }
}
