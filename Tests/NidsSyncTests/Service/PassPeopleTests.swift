import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("What people do in Nextcloud")
struct PassPeopleTests {
    private static let theirs = #"{"informations_generales": {"espece": "pinson"}, "remarque": "relu"}"#

    @Test("an edited result stays as the person left it, and is recorded as theirs")
    func edited() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let place = bench.resultPath("jpeg/a.jpg")
            let edited = String(decoding: try #require(try bench.standIn.bytes(at: place)), as: UTF8.self)
                .replacing("merle", with: "merle noir")
            try bench.standIn.put(place, text: edited)
            let summary = try await bench.pass()
            #expect((summary.recorded, summary.published) == (1, 0))
            #expect(try bench.standIn.bytes(at: place) == Array(edited.utf8))
            let row = try #require(try await bench.rows().first)
            #expect(row.contains("merle noir") && row.contains("personne"))
        }
    }

    @Test(
        "whoever wrote into a result that it was looked over is recorded with it, and the species as the model read it")
    func reviewed() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let place = bench.resultPath("jpeg/a.jpg")
            let edited = String(decoding: try #require(try bench.standIn.bytes(at: place)), as: UTF8.self)
                .replacing("\"espece\": \"merle\"", with: "\"espece\": \"Merle noir\"")
                .replacing(
                    "\"nids_sync\": {",
                    with: "\"nids_sync\": {\"relecture\": {\"by\": \"claire\", \"when\": \"2026-05-30T14:01:02Z\"},")
            try bench.standIn.put(place, text: edited)
            #expect(try await bench.pass().recorded == 1)
            let row = try #require(try await bench.rows().first)
            for text in ["personne", "claire", "2026-05-30 14:01:02", "11870", "merle"] {
                #expect(row.contains(text), "\(text)")
            }
        }
    }

    @Test("an edited result stays when its scan is replaced, and nothing is paid for it")
    func editedThenReplaced() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: Self.theirs)
            _ = try await bench.pass()
            try bench.putScan("jpeg/a.jpg", "grive")
            _ = try await bench.pass()
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/a.jpg")) == Array(Self.theirs.utf8))
            #expect(bench.engine.callCount == 1)
        }
    }

    @Test("an edit made while the scan is being read anew is not overwritten")
    func editedMeanwhile() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.putScan("jpeg/a.jpg", "grive")
            bench.engine.play { _ in
                try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: Self.theirs)
                return nil
            }
            let summary = try await bench.pass()
            #expect(summary.notes.count == 1)
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/a.jpg")) == Array(Self.theirs.utf8))
            let row = try #require(try await bench.rows().first)
            #expect(row.contains("pinson") && row.contains("personne"))
        }
    }

    @Test("a result written by a person while the model was thinking stays, and is the one recorded")
    func createdMeanwhile() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play { _ in
                try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: Self.theirs)
                return nil
            }
            let summary = try await bench.pass()
            #expect(summary.status == .success)
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/a.jpg")) == Array(Self.theirs.utf8))
            #expect(try #require(try await bench.rows().first).contains("pinson"))
        }
    }

    @Test("a result that was there before is adopted, not overwritten, and no model is asked")
    func foreign() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: Self.theirs)
            let summary = try await bench.pass()
            #expect((summary.adopted, summary.transcribed, summary.published, summary.recorded) == (1, 0, 0, 1))
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/a.jpg")) == Array(Self.theirs.utf8))
            let row = try #require(try await bench.rows().first)
            #expect(row.contains("pinson") && row.contains("adoptee"))
            try bench.putScan("jpeg/a.jpg", "merle")
            #expect(try await bench.pass().transcribed == 0)
        }
    }

    @Test("a file that is no sheet at a result's place stays, and the reason is told")
    func rubbish() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: "pas du JSON")
            let summary = try await bench.pass()
            #expect(summary.status == .sheetFailed)
            #expect(summary.failures.first?.reason.contains("not a result") == true)
            #expect(bench.engine.callCount == 0)
        }
    }

    @Test("a deleted result is not brought back, and its rows are withdrawn")
    func deleted() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.delete(bench.resultPath("jpeg/a.jpg"))
            _ = try await bench.pass()
            bench.advance(.seconds(7 * 3600))
            _ = try await bench.pass()
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            #expect(try bench.result("jpeg/a.jpg") == nil)
            #expect(try await bench.rows() == [])
            #expect(bench.engine.callCount == 1)
        }
    }

    @Test("a deleted result folder is not brought back either")
    func deletedFolder() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass()
            try bench.standIn.delete("\(PassBench.root)/transcription_results/jpeg")
            _ = try await bench.pass()
            #expect(try await bench.rows() == [])
            #expect(try bench.result("jpeg/a.jpg") == nil)
        }
    }

    @Test("an installation that was taken over from stops")
    func takenOver() async throws {
        try await PassBench.with { bench in
            _ = try await bench.pass()
            try bench.standIn.put(
                "\(PassBench.root)/transcription_results/.nids-sync.json",
                text: #"{"machine": "autre", "host": "autre"}"#)
            await #expect(throws: PassError.self) { try await bench.pass() }
        }
    }

    @Test("with the state folder gone, everything is adopted, nothing is asked, and the rows are the same")
    func stateLost() async throws {
        try await PassBench.with { bench in
            for index in 0..<5 { try bench.putScan("jpeg/\(index).jpg", "n\(index)") }
            try bench.putScan("jpeg/4.png", "même nom")
            _ = try await bench.pass()
            let before = try await bench.rows()
            let results = try bench.standIn.paths(below: "\(PassBench.root)/transcription_results")
            let bytes = try results.map { try bench.standIn.bytes(at: $0) }
            try bench.removeState()
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.adopted, summary.published, summary.recorded) == (0, 6, 0, 6))
            #expect(bench.engine.callCount == 6)
            #expect(try await bench.rows() == before)
            #expect(try results.map { try bench.standIn.bytes(at: $0) } == bytes)
        }
    }

    @Test("with the state folder gone, scans with one stem find their own results again")
    func stateLostWithOneStem() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.png", "venu d'abord")
            _ = try await bench.pass()
            try bench.putScan("jpeg/a.jpg", "venu ensuite")
            _ = try await bench.pass()
            #expect(try bench.result("jpeg/a.jpg")?["informations_generales"]?["espece"] == "venu d'abord")
            try bench.removeState()
            let summary = try await bench.pass()
            #expect((summary.adopted, summary.transcribed, summary.published) == (2, 0, 0))
        }
    }

    @Test("with the state folder gone, a person's edit is still a person's, and a changed scan is read anew")
    func stateLostAfterChanges() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass()
            let place = bench.resultPath("jpeg/a.jpg")
            let edited = String(decoding: try #require(try bench.standIn.bytes(at: place)), as: UTF8.self)
                .replacing("merle", with: "merle noir")
            try bench.standIn.put(place, text: edited)
            try bench.putScan("jpeg/b.jpg", "pinson")
            try bench.removeState()
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.adopted) == (1, 1))
            #expect(try bench.standIn.bytes(at: place) == Array(edited.utf8))
            #expect(try bench.result("jpeg/b.jpg")?["informations_generales"]?["espece"] == "pinson")
            let rows = try await bench.rows()
            #expect(rows.contains { $0.contains("merle noir") && $0.contains("personne") })
        }
    }
}
