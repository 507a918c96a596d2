import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("A pass when people move scans")
struct PassMoveTests {
    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    @Test("moves the result after a renamed scan, and its row, at no cost")
    func renamed() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let before = try bench.standIn.bytes(at: bench.resultPath("jpeg/a.jpg"))
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/b.jpg"))
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.published, summary.status) == (0, 0, .success))
            #expect(try bench.result("jpeg/a.jpg") == nil)
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/b.jpg")) == before)
            let rows = try await bench.rows()
            #expect(rows.count == 1)
            #expect(rows[0].contains("jpeg/b.jpg"))
            #expect(bench.engine.callCount == 1)
            bench.standIn.resetRequests()
            #expect(try await bench.pass().waiting == 0)
            #expect(bench.standIn.requests.count == 1)
        }
    }

    @Test("moves the results of a whole renamed folder, into the same tree, without asking again")
    func renamedFolder() async throws {
        try await PassBench.with { bench in
            for index in 0..<12 { try bench.putScan("jpeg/alt/nord/\(index).jpg", "espèce \(index)") }
            _ = try await bench.pass()
            try bench.standIn.move(root("jpeg/alt"), to: root("jpeg/neu"))
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.published, summary.status) == (0, 0, .success))
            for index in 0..<12 {
                #expect(try bench.result("jpeg/neu/nord/\(index).jpg") != nil)
                #expect(try bench.result("jpeg/alt/nord/\(index).jpg") == nil)
            }
            let rows = try await bench.rows()
            #expect(rows.count == 12)
            #expect(rows.allSatisfy { $0.contains("jpeg/neu/nord/") })
            #expect(bench.engine.callCount == 12)
        }
    }

    @Test("asks again where the new place asks for another prompt, and replaces the moved result")
    func otherPrompt() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.makeCollection(root("jpeg/ANCIEN"))
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/ANCIEN/a.jpg"))
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.published, summary.status) == (1, 1, .success))
            #expect(try bench.result("jpeg/ANCIEN/a.jpg")?["nids_sync"]?["prompt"]?["kind"] == "ancien")
            #expect(try bench.result("jpeg/a.jpg") == nil)
            #expect(try await bench.rows().count == 1)
        }
    }

    @Test("takes a person's edit along, byte for byte")
    func editedResult() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let edited = ScriptedEngine.answer("grive musicienne")
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: edited)
            _ = try await bench.pass()
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/b.jpg"))
            #expect(try await bench.pass().status == .success)
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/b.jpg")) == Array(edited.utf8))
            let rows = try await bench.rows()
            #expect(rows.count == 1)
            #expect(rows[0].contains("grive musicienne"))
        }
    }

    @Test("keeps both where a result lies at the new place already, and says so")
    func occupied() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let theirs = ScriptedEngine.answer("corneille")
            try bench.standIn.makeCollection(root("transcription_results/jpeg/neu"))
            try bench.standIn.makeCollection(root("transcription_results/jpeg/neu/modele_a"))
            try bench.standIn.put(bench.resultPath("jpeg/neu/a.jpg"), text: theirs)
            try bench.standIn.makeCollection(root("jpeg/neu"))
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/neu/a.jpg"))
            let summary = try await bench.pass()
            #expect(summary.status == .success)
            #expect(summary.notes.contains { $0.reason.contains("both are kept") })
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/neu/a.jpg")) == Array(theirs.utf8))
            #expect(try bench.result("jpeg/a.jpg") != nil)
            #expect(try await bench.rows().first?.contains("corneille") == true)
            #expect(bench.engine.callCount == 1)
        }
    }

    @Test("two scans that exchange their names keep their own results")
    func exchanged() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass()
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/c.jpg"))
            try bench.standIn.move(root("jpeg/b.jpg"), to: root("jpeg/a.jpg"))
            try bench.standIn.move(root("jpeg/c.jpg"), to: root("jpeg/b.jpg"))
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.status, summary.waiting) == (0, .success, 0))
            #expect(try bench.result("jpeg/a.jpg")?["informations_generales"]?["espece"] == "grive")
            #expect(try bench.result("jpeg/b.jpg")?["informations_generales"]?["espece"] == "merle")
            let rows = try await bench.rows()
            #expect(rows.count == 2)
            #expect(rows.contains { $0.contains("jpeg/a.jpg") && $0.contains("grive") })
            #expect(rows.contains { $0.contains("jpeg/b.jpg") && $0.contains("merle") })
            let files = try bench.standIn.paths(below: root("transcription_results/jpeg"))
            #expect(files.filter { $0.hasSuffix(".json") }.count == 2)
        }
    }

    @Test(
        "a scan that took the place of a deleted one takes its rows along when it moves on", arguments: [false, true])
    func movesOn(isSwapped: Bool) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass()
            if isSwapped {
                // A person's edit keeps the result at its place.
                try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: ScriptedEngine.answer("corneille"))
                try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/c.jpg"))
                try bench.standIn.move(root("jpeg/b.jpg"), to: root("jpeg/a.jpg"))
                try bench.standIn.move(root("jpeg/c.jpg"), to: root("jpeg/b.jpg"))
                try bench.standIn.delete(root("jpeg/b.jpg"))
            } else {
                try bench.standIn.delete(root("jpeg/a.jpg"))
                try bench.standIn.move(root("jpeg/b.jpg"), to: root("jpeg/a.jpg"))
            }
            for _ in 0..<3 {
                _ = try await bench.pass()
                bench.advance(.seconds(60))
            }
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/d.jpg"))
            for _ in 0..<3 {
                _ = try await bench.pass()
                bench.advance(.seconds(60))
            }
            let rows = try await bench.rows()
            #expect(rows.count == 1)
            #expect(rows.allSatisfy { $0.contains("jpeg/d.jpg") && $0.contains("grive") })
        }
    }

    @Test("reads a file that took a moved scan's place, and both have their own result")
    func replacedAfterMove() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.makeCollection(root("jpeg/neu"))
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/neu/a.jpg"))
            try bench.putScan("jpeg/a.jpg", "grive")
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.status) == (1, .success))
            #expect(try bench.result("jpeg/neu/a.jpg")?["informations_generales"]?["espece"] == "merle")
            #expect(try bench.result("jpeg/a.jpg")?["informations_generales"]?["espece"] == "grive")
            #expect(try await bench.rows().count == 2)
        }
    }

    @Test("a file deleted and another put at its place is new content of the same sheet")
    func deletedAndReplaced() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.delete(root("jpeg/a.jpg"))
            try bench.putScan("jpeg/a.jpg", "grive")
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.published, summary.status) == (1, 1, .success))
            #expect(try bench.result("jpeg/a.jpg")?["informations_generales"]?["espece"] == "grive")
            #expect(try await bench.rows().count == 1)
        }
    }

    @Test("a move whose answer was lost is found done")
    func lostMove() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/b.jpg"))
            bench.standIn.addFault(Fault(method: "MOVE", effect: .loseAnswer))
            let summary = try await bench.pass()
            #expect((summary.status, summary.waiting) == (.success, 0))
            #expect(try bench.result("jpeg/b.jpg") != nil)
            #expect(try bench.result("jpeg/a.jpg") == nil)
            #expect(try await bench.rows().count == 1)
        }
    }

    @Test("a move that fails while the result is still there is tried again: nobody deleted it", arguments: [404, 409])
    func failedMove(status: Int) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/b.jpg"))
            bench.standIn.addFault(Fault(method: "MOVE", effect: .status(status)))
            let summary = try await bench.pass()
            #expect((summary.status, summary.waiting, summary.notes.count) == (.success, 0, 0))
            #expect(try bench.result("jpeg/b.jpg") != nil)
            #expect(try await bench.rows().count == 1)
        }
    }

    @Test("a result that a person deleted is not brought back at the new place either")
    func deletedResult() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.delete(bench.resultPath("jpeg/a.jpg"))
            _ = try await bench.pass()
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/b.jpg"))
            #expect(try await bench.pass().status == .success)
            #expect(try bench.result("jpeg/b.jpg") == nil)
            #expect(try await bench.rows().isEmpty)
            #expect(bench.engine.callCount == 1)
        }
    }
}
