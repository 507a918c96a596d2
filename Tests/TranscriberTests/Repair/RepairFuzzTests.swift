import HarnessSupport
import Testing
import Transcriber

/// 10,000 broken answers.
@Suite("Answers broken at random")
struct RepairFuzzTests {
    @Test("answers whose bytes are broken crash nothing, and yield the result's form or nothing", arguments: 0..<10)
    func brokenBytes(_ seed: Int) throws {
        var mutator = AnswerMutator(random: SeededGenerator(seed: UInt64(seed) &* 7919 &+ 1))
        let samples = [Sample.good] + (BadAnswer.all + BadAnswer.lost).map(\.text).filter { $0.utf8.count < 4000 }
        var readings = 0
        for number in 0..<500 {
            let text = mutator.mutate(samples.randomElement(using: &mutator.random) ?? "")
            if try isRead(text, number) { readings += 1 }
        }
        #expect(readings > 50)
    }

    @Test(
        "answers of other keys, types, nesting and sizes crash nothing, and yield the result's form or nothing",
        arguments: 0..<10)
    func brokenForm(_ seed: Int) throws {
        var mutator = AnswerMutator(random: SeededGenerator(seed: UInt64(seed) &* 104_729 &+ 3))
        let good = try JSONValue(parsing: Sample.good)
        var readings = 0
        for number in 0..<500 where try isRead(mutator.mutate(good).serialized(.canonical), number) { readings += 1 }
        #expect(readings > 250)
    }

    /// Whether the answer was taken for a sheet, and then checks the sheet.
    private func isRead(_ text: String, _ number: Int) throws -> Bool {
        let kind = number.isMultiple(of: 2) ? PromptKind.standard : .ancien
        guard let repaired = repaired(text, kind) else { return false }
        let json = JSONValue(repaired.fiche)
        #expect(ResultForm.holds(json), "\(text)")
        if repaired.corrections.isEmpty {
            #expect((try? JSONValue(parsing: text)) == json, "\(text)")
        }
        // What was put right once needs nothing more; twice as much work, so not for each.
        if number.isMultiple(of: 10) {
            #expect(FicheSchema.violations(of: json) == [], "\(text)")
            let again = try FicheRepair.repair(json.serialized(), promptKind: kind)
            #expect(again.fiche == repaired.fiche, "\(text)")
            #expect(again.corrections == [], "\(text)")
        }
        return true
    }

    private func repaired(_ text: String, _ kind: PromptKind) -> RepairedFiche? {
        do throws(TranscriptionError) {
            return try FicheRepair.repair(text, promptKind: kind)
        } catch {
            switch error {
            case .notJSON, .empty: break
            default: Issue.record("\(error): \(text)")
            }
            return nil
        }
    }
}
