import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@testable import NidsSync

@Suite("What several models agree on, when things happen at once or the state is lost")
struct PassConsensusRaceTests {
    @Test("an answer that comes while the primary's result is on its way is in it in the end")
    func duringUpload() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(Fault(method: "PUT", pathContains: "modele_a", effect: .delay(.seconds(1))))
            bench.engine.play(as: "modele_b") { _ in
                try await eventually("the upload has begun") {
                    bench.standIn.requests.contains { $0.method == "PUT" && $0.path.contains("modele_a") }
                }
                return nil
            }
            let summary = try await bench.pass(settings: PassBench.twoModels)
            #expect((summary.transcribed, summary.waiting, summary.status) == (2, 0, .success))
            #expect((bench.uploads(of: "modele_a"), bench.uploads(of: "modele_b")) == (2, 1))
            #expect(try bench.consensus("jpeg/a.jpg")?["modeles"] == ["modele_a", "modele_b"])
            #expect(try await bench.pass(settings: PassBench.twoModels).httpRequests == 1)
        }
    }

    @Test("an answer that comes when the primary's result is published but not yet recorded is in it in the end")
    func beforeCompletion() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            let linked = Signal()
            bench.engine.play(as: "modele_b") { _ in
                try await eventually("the primary's result is there") { try bench.result("jpeg/a.jpg") != nil }
                return nil
            }
            let store = HeldStore(store: bench.observations, held: "modele_a", linked: linked)
            let summary = try await bench.pass(settings: PassBench.twoModels, observations: store)
            #expect((summary.recorded, summary.waiting, summary.status) == (2, 0, .success))
            #expect(bench.uploads(of: "modele_a") == 2)
            #expect(try bench.consensus("jpeg/a.jpg")?["modeles"] == ["modele_a", "modele_b"])
        }
    }

    @Test("an upload that failed leaves it due, also where the sheet moves to a place that has a copy of the result")
    func movedWhileDue() async throws {
        try await PassBench.with { bench in
            try await bench.publishPrimaryAlone()
            bench.standIn.addFault(Fault(method: "PUT", pathContains: "modele_a", times: nil, effect: .status(423)))
            #expect(try await bench.pass(settings: PassBench.twoModels).waiting == 1)
            bench.standIn.removeFaults()
            try bench.standIn.copy(bench.resultPath("jpeg/a.jpg"), to: bench.resultPath("jpeg/b.jpg"))
            try bench.standIn.move("\(PassBench.root)/jpeg/a.jpg", to: "\(PassBench.root)/jpeg/b.jpg")
            bench.advance(.seconds(700))
            _ = try await bench.pass(settings: PassBench.twoModels)
            #expect(try bench.consensus("jpeg/b.jpg")?["modeles"] == ["modele_a", "modele_b"])
            #expect(try bench.consensus("jpeg/a.jpg") == .null)
            #expect(bench.engine.callCount == 3)
        }
    }

    @Test("a result deleted after an upload of other bytes was tried is not brought back")
    func deletedWhileDue() async throws {
        try await PassBench.with { bench in
            try await bench.publishPrimaryAlone()
            bench.standIn.addFault(Fault(method: "PUT", pathContains: "modele_a", times: nil, effect: .status(423)))
            #expect(try await bench.pass(settings: PassBench.twoModels).waiting == 1)
            bench.standIn.removeFaults()
            try bench.standIn.delete(bench.resultPath("jpeg/a.jpg"))
            bench.advance(.seconds(700))
            // With one model less the bytes are others than those of that upload.
            var options = PassOptions()
            options.acceptChange = true
            let summary = try await bench.pass(options)
            #expect(summary.notes.first?.reason.contains("not brought back") == true)
            #expect(try bench.result("jpeg/a.jpg") == nil)
            #expect(try await bench.rows().allSatisfy { !$0.contains("modele_a") })
        }
    }

    @Test("with the state folder gone, results with a consensus are adopted as they are")
    func stateLost() async throws {
        try await PassBench.with { bench in
            for name in ["merle", "grive"] { try bench.putScan("jpeg/\(name).jpg", name) }
            _ = try await bench.pass(settings: PassBench.twoModels)
            let rows = try await bench.rows()
            let bytes = try bench.standIn.bytes(at: bench.resultPath("jpeg/merle.jpg"))
            try bench.removeState()
            bench.standIn.resetRequests()
            let summary = try await bench.pass(settings: PassBench.twoModels)
            #expect((summary.adopted, summary.transcribed, summary.published, summary.waiting) == (4, 0, 0, 0))
            #expect(bench.standIn.requests.allSatisfy { $0.method != "PUT" })
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/merle.jpg")) == bytes)
            #expect(try await bench.rows() == rows)
        }
    }

    @Test("with the state folder gone, results without a consensus are adopted as they are too")
    func stateLostWithoutConsensus() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.removeState()
            _ = try await bench.pass(settings: ["NIDS_TRANSCRIPTION_MODELS": "modele_b"])
            try bench.removeState()
            bench.standIn.resetRequests()
            #expect(try await bench.pass(settings: PassBench.twoModels).adopted == 2)
            #expect(bench.uploads(of: "modele_a") == 0)
            #expect(try bench.consensus("jpeg/a.jpg") == .null)
        }
    }

    @Test(
        "an adopted primary gets the consensus once another model is asked, and is otherwise the same to the byte",
        arguments: [true, false])
    func adopted(isAskedBefore: Bool) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play { _ in
                "```json\n{\"informations_generales\": {\"espèce\": \"merle\", \"annee\": \"1977\"},"
                    + " \"tableau_donnees\": [{\"Jour\": 31, \"Mois\": 2}]}\n```"
            }
            _ = try await bench.pass()
            let before = try #require(try bench.standIn.bytes(at: bench.resultPath("jpeg/a.jpg")))
            let own = try #require(try JSONValue(parsing: before)["nids_sync"])
            #expect(own["corrections"]?.array?.isEmpty == false)
            #expect(own["controles"]?.array?.isEmpty == false)
            let rows = try await bench.rows()
            try bench.removeState()
            if isAskedBefore {
                bench.standIn.addFault(
                    Fault(method: "GET", pathContains: "modele_a", effect: .status(423)))
            }
            bench.engine.play(nil)
            let summary = try await bench.pass(settings: PassBench.twoModels)
            #expect((summary.adopted, summary.transcribed, summary.published, summary.waiting) == (1, 1, 2, 0))
            let after = try #require(try bench.standIn.bytes(at: bench.resultPath("jpeg/a.jpg")))
            #expect(try bench.consensus("jpeg/a.jpg")?["modeles"] == ["modele_a", "modele_b"])
            #expect(try Self.withoutConsensus(after) == Self.withoutConsensus(before))
            // That they differ is one more reason to look the sheet over, and nothing else in its row.
            #expect(try await bench.rows().map(Self.withoutPriority) == rows.map(Self.withoutPriority))
        }
    }

    /// A row without its last column.
    private static func withoutPriority(_ row: String) -> Substring { row[..<(row.lastIndex(of: "|") ?? row.endIndex)] }

    /// The text of a result without its consensus, and what follows from that.
    private static func withoutConsensus(_ bytes: [UInt8]) throws -> String {
        var text = String(decoding: bytes, as: UTF8.self)
        let start = try #require(text.firstRange(of: "\"priorite\": ")?.upperBound)
        let end = try #require(text.firstRange(of: "\"digest\": ")?.lowerBound)
        text.removeSubrange(start..<end)
        return text
    }

    @Test("a model that is added is asked, and the results that are there get the consensus")
    func added() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let summary = try await bench.pass(settings: PassBench.twoModels)
            #expect((summary.transcribed, summary.published, summary.recorded) == (1, 2, 1))
            #expect(try bench.consensus("jpeg/a.jpg")?["modeles"] == ["modele_a", "modele_b"])
        }
    }
}

/// Records one model's readings only once another model's has come to be recorded.
private struct HeldStore: ObservationStore {
    let store: SQLiteObservationStore
    let held: String
    let linked: Signal

    func prepare() async throws(ObservationError) { try await store.prepare() }

    func record(_ reading: ObservationReading) async throws(ObservationError) -> RecordOutcome {
        if reading.model == held { await linked.wait() } else { linked.fire() }
        return try await store.record(reading)
    }

    func move(from: SheetKey, to: SheetKey) async throws(ObservationError) { try await store.move(from: from, to: to) }

    func withdraw(_ sheet: SheetKey, model: String?, reason: String) async throws(ObservationError) {
        try await store.withdraw(sheet, model: model, reason: reason)
    }

    func equivalences() async throws(ObservationError) -> [Equivalence] { try await store.equivalences() }

    func undoEquivalence(of reading: String) async throws(ObservationError) -> Int {
        try await store.undoEquivalence(of: reading)
    }

    func reinstate(_ sheet: SheetKey, model: String?) async throws(ObservationError) {
        try await store.reinstate(sheet, model: model)
    }

    func setResultPath(_ path: String, of sheet: SheetKey, model: String) async throws(ObservationError) {
        try await store.setResultPath(path, of: sheet, model: model)
    }

    func setPriority(_ priority: Int?, of sheet: SheetKey, model: String) async throws(ObservationError) {
        try await store.setPriority(priority, of: sheet, model: model)
    }

    func toReview(limit: Int) async throws(ObservationError) -> ReviewList { try await store.toReview(limit: limit) }

    func setPrimary(model: String) async throws(ObservationError) { try await store.setPrimary(model: model) }

    func count() async throws(ObservationError) -> ObservationCounts { try await store.count() }

    func forEachCurrent(
        _ view: ObservationView, _ body: @Sendable ([String?]) async throws -> Void
    ) async throws { try await store.forEachCurrent(view, body) }
}
