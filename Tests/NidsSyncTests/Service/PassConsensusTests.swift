import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@testable import NidsSync

@Suite("What several models agree on, in the primary's result")
struct PassConsensusTests {
    @Test("the primary's result names the field that two models read differently, and asking costs nothing more")
    func disagreement() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play(as: "modele_b") { _ in ScriptedEngine.answer("grive") }
            let summary = try await bench.pass(settings: PassBench.twoModels)
            #expect((summary.transcribed, summary.waiting, summary.status) == (2, 0, .success))
            let consensus = try #require(try bench.consensus("jpeg/a.jpg"))
            #expect(consensus["modeles"] == ["modele_a", "modele_b"])
            #expect(consensus["a_voir_d_abord"] == ["informations_generales.espece"])
            let disagreement = consensus["desaccords"]?.array?.first
            #expect(disagreement?["champ"] == "informations_generales.espece")
            #expect(disagreement?["valeurs"] == ["modele_a": "merle", "modele_b": "grive"])
            #expect(try bench.result("jpeg/a.jpg")?["informations_generales"]?["espece"] == "merle")
            #expect(try bench.consensus("jpeg/a.jpg", model: "modele_b") == .null)
            bench.standIn.resetRequests()
            #expect(try await bench.pass(settings: PassBench.twoModels).httpRequests == 1)
            #expect(bench.engine.callCount == 2)
        }
    }

    @Test("a primary that answers last is published once")
    func secondaryFirst() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play(as: "modele_a", ScriptedEngine.away)
            _ = try await bench.pass(settings: PassBench.twoModels)
            #expect(bench.uploads(of: "modele_b") == 1)
            bench.engine.play(as: "modele_a", nil)
            bench.advance(.seconds(700))
            _ = try await bench.pass(settings: PassBench.twoModels)
            #expect((bench.uploads(of: "modele_a"), bench.uploads(of: "modele_b")) == (1, 1))
            #expect(try bench.consensus("jpeg/a.jpg")?["taux_accord"] == 1)
        }
    }

    @Test("a primary that answers first is published again, under its tag, and its rows stay as they are")
    func primaryFirst() async throws {
        try await PassBench.with { bench in
            try await bench.publishPrimaryAlone()
            #expect(try bench.consensus("jpeg/a.jpg") == .null)
            let rows = try await bench.rows()
            let etag = try #require(try bench.standIn.etag(of: bench.resultPath("jpeg/a.jpg")))
            let summary = try await bench.pass(settings: PassBench.twoModels)
            #expect((summary.transcribed, summary.published, summary.recorded, summary.waiting) == (1, 2, 1, 0))
            #expect((bench.uploads(of: "modele_a"), bench.uploads(of: "modele_b")) == (2, 1))
            let put = bench.standIn.requests.last { $0.method == "PUT" && $0.path.contains("modele_a") }
            #expect(put?.headers["if-match"]?.contains(etag) == true)
            #expect(try bench.consensus("jpeg/a.jpg")?["modeles"] == ["modele_a", "modele_b"])
            #expect(try await bench.rows() == rows)
            #expect(try await bench.pass(settings: PassBench.twoModels).httpRequests == 1)
        }
    }

    @Test("a result that a person edited before the other model answered stays theirs")
    func edited() async throws {
        try await PassBench.with { bench in
            try await bench.publishPrimaryAlone()
            let place = bench.resultPath("jpeg/a.jpg")
            let edited = String(decoding: try #require(try bench.standIn.bytes(at: place)), as: UTF8.self)
                .replacing("merle", with: "merle noir")
            try bench.standIn.put(place, text: edited)
            for _ in 0..<2 { _ = try await bench.pass(settings: PassBench.twoModels) }
            #expect(bench.engine.callCount == 3)
            #expect(bench.uploads(of: "modele_b") == 1)
            #expect(try bench.standIn.bytes(at: place) == Array(edited.utf8))
            #expect(try await bench.rows().first?.contains("merle noir") == true)
        }
    }

    @Test("an edit made while the other model was thinking is not overwritten")
    func editedMeanwhile() async throws {
        try await PassBench.with { bench in
            try await bench.publishPrimaryAlone()
            let theirs = #"{"informations_generales": {"espece": "pinson"}, "remarque": "relu"}"#
            bench.engine.play(as: "modele_b") { _ in
                try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: theirs)
                return nil
            }
            let summary = try await bench.pass(settings: PassBench.twoModels)
            #expect(summary.notes.count == 1)
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/a.jpg")) == Array(theirs.utf8))
            #expect(try await bench.rows().first?.contains("pinson") == true)
        }
    }

    @Test("a result that a person deleted is not brought back for it", arguments: [true, false])
    func deleted(isNoticedBefore: Bool) async throws {
        try await PassBench.with { bench in
            try await bench.publishPrimaryAlone()
            if isNoticedBefore {
                try bench.standIn.delete(bench.resultPath("jpeg/a.jpg"))
            } else {
                bench.engine.play(as: "modele_b") { _ in
                    try bench.standIn.delete(bench.resultPath("jpeg/a.jpg"))
                    return nil
                }
            }
            for _ in 0..<2 { _ = try await bench.pass(settings: PassBench.twoModels) }
            #expect(bench.engine.callCount == 3)
            #expect(try bench.result("jpeg/a.jpg") == nil)
            #expect(try bench.result("jpeg/a.jpg", model: "modele_b") != nil)
        }
    }

    @Test("where the other model fails there is no consensus, and one upload")
    func secondaryFails() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play(as: "modele_b") { _ in throw TranscriptionError.refused(reason: "SAFETY") }
            #expect(try await bench.pass(settings: PassBench.twoModels).failures.count == 1)
            #expect(bench.uploads(of: "modele_a") == 1)
            #expect(try bench.consensus("jpeg/a.jpg") == .null)
        }
    }

    @Test("what was read of a content that is gone does not count")
    func contentReplaced() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass(settings: PassBench.twoModels)
            try bench.putScan("jpeg/a.jpg", "grive")
            bench.engine.play(as: "modele_b", ScriptedEngine.away)
            _ = try await bench.pass(settings: PassBench.twoModels)
            #expect(try bench.result("jpeg/a.jpg")?["informations_generales"]?["espece"] == "grive")
            #expect(try bench.consensus("jpeg/a.jpg") == .null)
            bench.engine.play(as: "modele_b") { _ in ScriptedEngine.answer("pie") }
            bench.advance(.seconds(700))
            _ = try await bench.pass(settings: PassBench.twoModels)
            let values = try bench.consensus("jpeg/a.jpg")?["desaccords"]?.array?.first?["valeurs"]
            #expect(values == ["modele_a": "grive", "modele_b": "pie"])
        }
    }

    @Test("a scan that is only touched uploads nothing")
    func touched() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass(settings: PassBench.twoModels)
            bench.standIn.resetRequests()
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass(settings: PassBench.twoModels)
            #expect(bench.standIn.requests.allSatisfy { $0.method != "PUT" })
            #expect(try bench.consensus("jpeg/a.jpg")?["taux_accord"] == 1)
        }
    }

    @Test("a copy of a scan has the consensus of its own, from the stored answers")
    func copied() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play(as: "modele_b") { _ in ScriptedEngine.answer("grive") }
            _ = try await bench.pass(settings: PassBench.twoModels)
            try bench.putScan("jpeg/b.jpg", "merle")
            #expect(try await bench.pass(settings: PassBench.twoModels).waiting == 0)
            #expect(bench.engine.callCount == 2)
            #expect(try bench.consensus("jpeg/b.jpg") == bench.consensus("jpeg/a.jpg"))
            #expect(try bench.consensus("jpeg/b.jpg")?["modeles"] == ["modele_a", "modele_b"])
        }
    }

    @Test("with one model there is no consensus and no second upload")
    func oneModel() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            #expect(bench.uploads(of: "modele_a") == 1)
            #expect(try bench.consensus("jpeg/a.jpg") == .null)
        }
    }

    @Test("a model that is no longer configured is not part of it")
    func modelRemoved() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass(settings: three)
            #expect(try bench.consensus("jpeg/a.jpg")?["modeles"] == ["modele_a", "modele_c", "modele_b"])
            var options = PassOptions()
            options.acceptChange = true
            bench.standIn.resetRequests()
            _ = try await bench.pass(options, settings: PassBench.twoModels)
            #expect(bench.standIn.requests.allSatisfy { $0.method != "PUT" })
            try bench.putScan("jpeg/b.jpg", "merle")
            _ = try await bench.pass(settings: PassBench.twoModels)
            #expect(try bench.consensus("jpeg/b.jpg")?["modeles"] == ["modele_a", "modele_b"])
        }
    }
}

private let three = ["NIDS_TRANSCRIPTION_MODELS": "modele_a,modele_c,modele_b"]

extension ScriptedEngine {
    /// What a model does that is out of reach for ten minutes.
    static let away: Script = { _ in
        throw TranscriptionError.unavailable(reason: "away", retryAfter: .seconds(600), mayHaveBeenBilled: false)
    }
}

extension PassBench {
    static let twoModels = ["NIDS_TRANSCRIPTION_MODELS": "modele_a,modele_b"]

    func consensus(_ scan: String, model: String = "modele_a") throws -> JSONValue? {
        try result(scan, model: model)?["nids_sync"]?["consensus"]
    }

    /// Uploads of results that took effect.
    func uploads(of model: String) -> Int {
        standIn.requests.count {
            $0.method == "PUT" && $0.path.contains("/\(model)/") && (200..<300).contains($0.status ?? 0)
        }
    }

    /// A sheet that the primary has read, while the other model could not be asked; now it can.
    func publishPrimaryAlone() async throws {
        try putScan("jpeg/a.jpg", "merle")
        engine.play(as: "modele_b", ScriptedEngine.away)
        _ = try await pass(settings: PassBench.twoModels)
        engine.play(as: "modele_b", nil)
        advance(.seconds(700))
    }
}
