import Foundation
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("How much a reading deserves a second look, in its result and its row")
struct PassPriorityTests {
    private func rowPriority(_ bench: PassBench, model: String = "modele_a") async throws -> Int? {
        let rows = try await bench.observations.read { session in
            try session.rows("SELECT priorite_relecture FROM nids_lectures WHERE modele = ?", [.text(model)])
        }
        return rows.first?.first?.integer.map { Int($0) }
    }

    private func filePriority(_ bench: PassBench, model: String = "modele_a") throws -> Int? {
        try bench.result("jpeg/a.jpg", model: model)?["nids_sync"]?["priorite"]?.integer
    }

    @Test("stands in both, beside the checks; a sheet of which little was read has some")
    func both() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "Merle noir")
            _ = try await bench.pass()
            let priority = try #require(try filePriority(bench))
            #expect(priority > 0)
            #expect(try await rowPriority(bench) == priority)
            let list = try await bench.observations.toReview(limit: 5)
            #expect(list.items.map(\.path) == ["jpeg/a.jpg"])
        }
    }

    @Test("rises with what another model reads otherwise, whichever answers last", arguments: ["modele_a", "modele_b"])
    func disagreement(last: String) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "Merle noir")
            bench.engine.play(as: "modele_b") { _ in ScriptedEngine.answer("Mésange bleue") }
            bench.engine.play(as: last, ScriptedEngine.away)
            _ = try await bench.pass(settings: PassBench.twoModels)
            let alone = last == "modele_b" ? try await rowPriority(bench) : nil
            bench.engine.play(as: "modele_a", nil)
            bench.engine.play(as: "modele_b") { _ in ScriptedEngine.answer("Mésange bleue") }
            bench.advance(.seconds(700))
            _ = try await bench.pass(settings: PassBench.twoModels)
            let together = try #require(try await rowPriority(bench))
            #expect(try filePriority(bench) == together)
            if let alone { #expect(together > alone) }
            #expect(try await rowPriority(bench, model: "modele_b") == filePriority(bench, model: "modele_b"))
        }
    }

    @Test("is the same after the state was lost, and the results were adopted")
    func adopted() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "Merle noir")
            bench.engine.play(as: "modele_b") { _ in ScriptedEngine.answer("Mésange bleue") }
            _ = try await bench.pass(settings: PassBench.twoModels)
            let before = try #require(try await rowPriority(bench))
            let file = try bench.standIn.bytes(at: bench.resultPath("jpeg/a.jpg"))
            try FileManager.default.removeItem(atPath: bench.stateDirectory)
            _ = try await bench.pass(settings: PassBench.twoModels)
            #expect(try await rowPriority(bench) == before)
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/a.jpg")) == file)
            #expect(bench.engine.callCount == 2)
        }
    }

    @Test("a result of before, without it, is not published again for it")
    func published() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "Merle noir")
            _ = try await bench.pass()
            let place = bench.resultPath("jpeg/a.jpg")
            guard case .object(var document)? = try bench.result("jpeg/a.jpg"),
                case .object(var own)? = document["nids_sync"]
            else {
                Issue.record("no result")
                return
            }
            own["priorite"] = nil
            document["nids_sync"] = .object(own)
            let old = JSONValue.object(document).serialized(.readable) + "\n"
            try bench.standIn.put(place, text: old)
            try FileManager.default.removeItem(atPath: bench.stateDirectory)
            for _ in 0..<2 { _ = try await bench.pass() }
            #expect(try bench.standIn.bytes(at: place) == Array(old.utf8))
            #expect(bench.engine.callCount == 1)
            // Its row has one all the same.
            #expect(try #require(try await rowPriority(bench)) > 0)
        }
    }

    @Test("is 0 for what a person wrote, unless it does not fit together")
    func person() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "Xyzzy")
            _ = try await bench.pass()
            #expect(try #require(try await rowPriority(bench)) > 0)
            let text = String(
                decoding: try #require(try bench.standIn.bytes(at: bench.resultPath("jpeg/a.jpg"))), as: UTF8.self)
            try bench.standIn.put(
                bench.resultPath("jpeg/a.jpg"),
                text: text.replacing("\"pondus\": null", with: "\"pondus\": 3")
                    .replacing("\"eclos\": null", with: "\"eclos\": 5"))
            bench.advance(.seconds(700))
            _ = try await bench.pass()
            #expect(try #require(try await rowPriority(bench)) > 0)
            try bench.standIn.put(
                bench.resultPath("jpeg/a.jpg"), text: Self.whole(text))
            bench.advance(.seconds(700))
            _ = try await bench.pass()
            #expect(try await rowPriority(bench) == 0)
        }
    }

    /// A person has filled in what the model had left blank: enough for a sheet, and nothing against it.
    private static func whole(_ text: String) -> String {
        text.replacing("\"espece\": \"Xyzzy\"", with: "\"espece\": \"Merle noir\"")
            .replacing("\"observateur\": null", with: "\"observateur\": \"Zoé\"")
            .replacing("\"annee\": null", with: "\"annee\": \"1977\"")
            .replacing("\"commune\": null", with: "\"commune\": \"Voiron\"")
            .replacing("\"dep_t\": null", with: "\"dep_t\": \"38\"")
            .replacing("\"nid\": null", with: "\"nid\": \"mousse\"")
            .replacing("\"paysage\": null", with: "\"paysage\": \"bocage\"")
            .replacing("\"alentours\": null", with: "\"alentours\": \"haie\"")
            .replacing("\"remarque\": null", with: "\"remarque\": \"vu\"")
            .replacing("\"pondus\": null", with: "\"pondus\": 4").replacing("\"eclos\": null", with: "\"eclos\": 4")
            .replacing("\"n_ecl\": null", with: "\"n_ecl\": 0").replacing("\"1/2\": null", with: "\"1/2\": 4")
            .replacing("\"3/4\": null", with: "\"3/4\": 4").replacing("\"vol_t\": null", with: "\"vol_t\": 4")
            .replacing("\"Precision\": null", with: "\"Precision\": \"exacte\"")
    }
}
