import Foundation
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("A pass over rectos and versos")
struct PassPairTests {
    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    private func results(_ bench: PassBench) throws -> [String] {
        try bench.standIn.paths(below: root("transcription_results"))
            .filter { $0.hasSuffix("_result.json") }
            .map { URL(filePath: $0).lastPathComponent }.sorted()
    }

    @Test(
        "reads both sides of a sheet in one request, whatever marks them",
        arguments: [
            ("fiche 1R.jpg", "fiche 1V.jpg"), ("fiche-r.jpg", "fiche-v.jpg"), ("fiche_R.jpg", "fiche_V.png"),
            ("fiche_recto.jpg", "fiche_VERSO.jpg"), ("fiche_page1.pdf", "fiche_page2.jpg"),
            ("nid 7r.JPG", "nid 7V.jpg"), ("e\u{301}te\u{301} 3R.jpg", "\u{E9}t\u{E9} 3V.jpg"),
        ])
    func paired(_ recto: String, _ verso: String) async throws {
        try await PassBench.with { bench in
            // The verso comes first: what is on which side is not a matter of time.
            try bench.putScan("jpeg/\(verso)", "verso")
            try bench.putScan("jpeg/\(recto)", "recto")
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.published, summary.recorded, summary.waiting) == (1, 1, 1, 0))
            #expect(bench.engine.calls == ["recto+verso": 1])
            #expect(try results(bench).count == 1)
        }
    }

    @Test("names the result after both")
    func name() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/fiche 1R.jpg", "recto")
            try bench.putScan("jpeg/fiche 1V.jpg", "verso")
            _ = try await bench.pass()
            #expect(try results(bench) == ["fiche 1_result.json"])
            let sources = try bench.result("jpeg/fiche 1.jpg")?["nids_sync"]?["source"]?.array
            #expect(sources?.compactMap { $0["path"]?.string } == ["jpeg/fiche 1R.jpg", "jpeg/fiche 1V.jpg"])
            try bench.removeState()
            let again = try await bench.pass()
            #expect((again.adopted, again.transcribed, bench.engine.callCount) == (1, 0, 1))
        }
    }

    @Test("a lone side waits for its time, then goes alone under the name of both; the late half is asked once")
    func lateHalf() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/fiche 1R.jpg", "recto")
            let first = try await bench.pass()
            #expect((first.waiting, first.transcribed, first.status) == (1, 0, .success))
            #expect(first.waitingFor.contains { $0.contains("other side") })
            bench.advance(.seconds(10 * 60))
            #expect(try await bench.pass().transcribed == 0)
            bench.advance(.seconds(10 * 60))
            #expect(try await bench.pass().transcribed == 1)
            #expect(try results(bench) == ["fiche 1_result.json"])

            try bench.putScan("jpeg/fiche 1V.jpg", "verso")
            let late = try await bench.pass()
            #expect((late.transcribed, late.published, late.waiting) == (1, 1, 0))
            #expect(bench.engine.calls == ["recto": 1, "recto+verso": 1])
            #expect(try results(bench) == ["fiche 1_result.json"])
            #expect(try await bench.rows().count == 1)
        }
    }

    @Test("the late half replaces no result that a person edited")
    func lateHalfAfterEdit() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/fiche 1R.jpg", "recto")
            _ = try await bench.pass(settings: ["NIDS_NEXTCLOUD_PAIR_WAIT": "0s"])
            let edited = ScriptedEngine.answer("relu")
            try bench.standIn.put(bench.resultPath("jpeg/fiche 1.jpg"), text: edited)
            try bench.putScan("jpeg/fiche 1V.jpg", "verso")
            _ = try await bench.pass()
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/fiche 1.jpg")) == Array(edited.utf8))
        }
    }

    @Test(
        "what only looks like a side waits for nothing",
        arguments: ["PLUVIER.jpg", "rv.jpg", "R.jpg", "fiche 1RV.jpg", "OISEAU V.jpg", "fiche_page3.jpg", "1R2.jpg"])
    func falseMatches(_ name: String) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/\(name)", "merle")
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.waiting) == (1, 0))
        }
    }

    @Test("two candidates for a side: each goes alone, with a reason")
    func ambiguous() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/fiche 1R.jpg", "recto")
            try bench.putScan("jpeg/fiche 1R.png", "autre recto")
            try bench.putScan("jpeg/fiche 1V.jpg", "verso")
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.waiting) == (3, 0))
            #expect(bench.engine.calls == ["recto": 1, "autre recto": 1, "verso": 1])
            #expect(summary.notes.filter { $0.reason.contains("not paired") }.count == 3)
            #expect(try results(bench).count == 3)
        }
    }

    @Test("a scan without a mark beside them: each goes alone, and it has the plain name")
    func plainBeside() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/fiche 1R.jpg", "recto")
            #expect(try await bench.pass().waiting == 1)
            try bench.putScan("jpeg/fiche 1.jpg", "tout")
            try bench.putScan("jpeg/fiche 1V.jpg", "verso")
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.waiting) == (3, 0))
            #expect(
                try results(bench) == ["fiche 1R_result.json", "fiche 1V_result.json", "fiche 1_result.json"])
            #expect(try bench.result("jpeg/fiche 1.jpg")?["informations_generales"]?["espece"] == "tout")
            #expect(summary.notes.contains { $0.path == "jpeg/fiche 1R.jpg" && $0.reason.contains("not paired") })
        }
    }

    @Test("a pair that moves stays a pair; a side that goes away alone leaves what was read")
    func moved() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/x/fiche 1R.jpg", "recto")
            try bench.putScan("jpeg/x/fiche 1V.jpg", "verso")
            _ = try await bench.pass()
            try bench.standIn.move(root("jpeg/x"), to: root("jpeg/y"))
            #expect(try await bench.pass().transcribed == 0)
            #expect(try bench.result("jpeg/y/fiche 1.jpg") != nil)
            try bench.standIn.delete(root("jpeg/y/fiche 1V.jpg"))
            for _ in 0..<3 { #expect(try await bench.pass().status == .success) }
            #expect(try bench.result("jpeg/y/fiche 1.jpg") != nil)
            #expect(try await bench.rows().count == 1)
            #expect(bench.engine.callCount == 1)
            try bench.removeState()
            bench.advance(.seconds(3600))
            _ = try await bench.pass()
            bench.advance(.seconds(3600))
            _ = try await bench.pass()
            #expect(bench.engine.callCount == 1, "less is no new content")
        }
    }
}
