import ModelStandIn
import Testing

@testable import Transcriber

@Suite("The end of a text that says the same again and again")
struct RepetitionTests {
    @Test(
        "is found, whatever it says and wherever it is cut off",
        arguments: [
            ("2.", "3", 700, "3"), ("{", "\n   \n", 200, "white space"), ("[", "œuf ", 300, "œuf"),
            ("[", "{\"Jour\": 1, \"Mois\": 5, \"observations\": \"idem\"}, ", 20, "{\"Jour\": 1, \"Mois\": 5"),
        ])
    func found(start: String, unit: String, times: Int, words: String) throws {
        let whole = start + String(repeating: unit, count: times)
        for cut in 0..<3 {
            let repetition = try #require(Repetition(atEndOf: String(whole.dropLast(cut))))
            if cut == 0 { #expect(repetition.unit.contains(words)) }
            #expect(repetition.unit.count <= 40)
        }
    }

    @Test("is found where only the figures in it change")
    func counting() {
        let rows = (1...60).map { "{\"Jour\": \($0 % 28 + 10), \"Mois\": 5, \"observations\": \"idem\"}, " }.joined()
        #expect(Repetition(atEndOf: "[" + rows) != nil)
    }

    @Test("is none in a sheet, whole or cut off, nor in a table of fifteen visits that are much alike")
    func sheets() {
        for seed in UInt8(0)..<40 {
            let sheet = SampleFiche.json(seed: [seed])
            for length in stride(from: 0, to: sheet.count, by: 97) {
                #expect(Repetition(atEndOf: String(sheet.prefix(length))) == nil)
            }
        }
        let visits = (1...15).map {
            "{\"Jour\": \($0 + 10), \"Mois\": 5, \"Heure\": null, \"observations\": \"couve\"}, "
        }
        #expect(Repetition(atEndOf: visits.joined()) == nil)
        #expect(Repetition(atEndOf: "") == nil)
    }
}
