import Foundation
import GRDB
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("What a person has tried again")
struct PassRetryTests {
    private func retry(
        _ bench: PassBench, _ kind: RetryWish.Kind, _ paths: String..., now: Date = Date()
    ) async throws -> Retry.Outcome {
        let retry = try #require(try Retry(directory: bench.stateDirectory, now: now))
        return try await retry.perform(RetryWish(kind, paths: paths))
    }

    private func change(_ bench: PassBench, _ sql: String) async throws {
        try await StateDatabase(directory: bench.stateDirectory).database.write { try $0.execute(sql: sql) }
    }

    private func text(_ bench: PassBench, _ sql: String) async throws -> [String] {
        try await StateDatabase(copyOf: bench.stateDirectory).database.read { try String.fetchAll($0, sql: sql) }
    }

    @Test(
        "a sheet that failed is asked about again, and what spoke against it is forgiven",
        arguments: [
            TranscriptionError.refused(reason: "SAFETY"), .unreadable(reason: "blank"), .empty, .cutOff,
            .notJSON(excerpt: "Sorry"),
        ])
    func failed(error: TranscriptionError) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            bench.engine.play { request in
                if request.pages[0].name.hasSuffix("a.jpg") { throw error }
                return nil
            }
            #expect(try await bench.pass(isPaid: true).failures.count == 1)
            let calls = bench.engine.callCount
            bench.engine.play(nil)
            #expect(try await bench.pass(isPaid: true).published == 0, "nobody has asked yet")
            #expect(try await retry(bench, .failed).sheets == 1)
            #expect(try await bench.pass(isPaid: true).published == 1)
            #expect(bench.engine.callCount == calls + 1)
            #expect(try await retry(bench, .failed).sheets == 0)
        }
    }

    @Test("requests that a killed process left open are forgiven too; those of a running one are not")
    func lost() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play { _ in
                throw TranscriptionError.unavailable(reason: "gone", retryAfter: nil, mayHaveBeenBilled: true)
            }
            _ = try await bench.pass(isPaid: true)
            try await change(bench, "UPDATE model_request SET ended_at = NULL, outcome = NULL")
            try await change(bench, "UPDATE job SET stage = 'failed', failure = 'three without an answer'")
            let before = try await text(bench, "SELECT count(*) FROM model_request WHERE NOT forgiven")
            #expect(try await retry(bench, .failed, now: .distantPast).sheets == 1)
            #expect(try await text(bench, "SELECT count(*) FROM model_request WHERE NOT forgiven") == before)
            try await change(bench, "UPDATE job SET stage = 'failed'")
            _ = try await retry(bench, .failed, now: .distantFuture)
            #expect(try await text(bench, "SELECT count(*) FROM model_request WHERE NOT forgiven") == ["0"])
        }
    }

    @Test("a failed delivery is delivered from the stored answer, though the model rests")
    func delivery() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(Fault(method: "PUT", pathContains: "_result.json", effect: .status(423)))
            _ = try await bench.pass(isPaid: true)
            try await change(bench, "UPDATE job SET stage = 'failed', recorded = 0, failure = 'rejected'")
            bench.engine.play { _ in throw TranscriptionError.modelPaused(reason: "quota", retryAfter: .seconds(9999)) }
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass(isPaid: true)
            #expect(try await retry(bench, .unfinished, "jpeg/a.jpg").woken == ["modele_a"])
            #expect(try await text(bench, "SELECT stage FROM job ORDER BY id") == ["answered", "asking"])
            _ = try await bench.pass(isPaid: true)
            #expect(try bench.result("jpeg/a.jpg") != nil)
            #expect(bench.engine.calls["merle"] == 1)
            #expect(try await bench.rows().count == 1)
        }
    }

    @Test("a sheet that waits for its next try is tried now; others are left alone")
    func waiting() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass()
            try await change(
                bench, "UPDATE job SET stage = 'asking', attempts = 9, next_attempt = 2e9, failure = 'later'")
            #expect(try await retry(bench, .failed).sheets == 0)
            let outcome = try await retry(bench, .unfinished, "jpeg/b.jpg", "jpeg/none")
            #expect(outcome.sheets == 1)
            #expect(outcome.unmatched == ["jpeg/none"])
            #expect(try await text(bench, "SELECT coalesce(next_attempt, 'now') FROM job") == ["2000000000.0", "now"])
            #expect(try await retry(bench, .unfinished, "jpeg/").sheets == 1)
            #expect(try await text(bench, "SELECT attempts FROM job") == ["0", "0"])
        }
    }

    @Test("a folder is meant in both spellings of its name, with what lies below it and nothing beside it")
    func spellings() async throws {
        try await PassBench.with { bench in
            bench.engine.play { _ in throw TranscriptionError.refused(reason: "no") }
            for (index, path) in ["jpeg/été/a.jpg", "jpeg/été/sous/b.jpg", "jpeg/été2/c.jpg"].enumerated() {
                try bench.putScan(path, "\(index)")
            }
            _ = try await bench.pass()
            let decomposed = "jpeg/été".decomposedStringWithCanonicalMapping
            #expect(try await retry(bench, .failed, decomposed).sheets == 2)
            let composed = "jpeg/été2/c.jpg".precomposedStringWithCanonicalMapping
            #expect(try await retry(bench, .unfinished, composed + "/").sheets == 1)
        }
    }

    @Test("a better prompt makes nothing pending; retry --outdated does, where it is the sheet's own")
    func betterPrompt() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/TRI_ANCIEN/a.jpg", "pie")
            _ = try await bench.pass()
            for kind in PromptKind.allCases {
                let before = Prompt.version(of: kind) - 1
                try await change(
                    bench, "UPDATE answer SET prompt_version = \(before) WHERE prompt_kind = '\(kind.rawValue)'")
                let summary = try await bench.pass()
                #expect((summary.transcribed, summary.waiting, bench.engine.callCount) == (0, 0, 2))
            }
            #expect(try await retry(bench, .outdated, "jpeg/TRI_ANCIEN").toAsk.map(\.count) == [1])
            #expect(try await bench.pass().transcribed == 1)
            #expect(bench.engine.calls == ["merle": 1, "pie": 2])
        }
    }

    @Test("an outdated answer stays, published and recorded, until another has come, which takes its place")
    func outdated() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/copie.jpg", "merle")
            _ = try await bench.pass(isPaid: true)
            #expect(try await retry(bench, .outdated).sheets == 0)
            try await change(bench, "UPDATE answer SET prompt_version = 0")
            let outcome = try await retry(bench, .outdated)
            #expect(outcome.sheets == 2)
            #expect(outcome.toAsk.map(\.count) == [1], "one content is asked about once")
            #expect(outcome.toAsk.first?.costPerAnswer == 1)
            #expect(outcome.costsMoney)

            bench.engine.play { _ in throw TranscriptionError.modelPaused(reason: "quota", retryAfter: nil) }
            _ = try await bench.pass(isPaid: true)
            #expect(try bench.result("jpeg/a.jpg")?["informations_generales"]?["espece"]?.string == "merle")
            #expect(try await bench.rows().count { $0.contains("merle") } == 2)

            bench.engine.play { _ in ScriptedEngine.answer("merle noir") }
            let calls = bench.engine.callCount
            let summary = try await bench.pass(isPaid: true)
            #expect((summary.transcribed, summary.published, summary.failures.count) == (1, 2, 0))
            #expect(bench.engine.callCount == calls + 1)
            for scan in ["jpeg/a.jpg", "jpeg/copie.jpg"] {
                #expect(try bench.result(scan)?["informations_generales"]?["espece"]?.string == "merle noir")
            }
            #expect(try await bench.rows().count { $0.contains("merle noir") } == 2)
            #expect(try await text(bench, "SELECT count(*) FROM answer") == ["2"])
            #expect(try await retry(bench, .outdated).sheets == 0)
        }
    }

    @Test("a state that is lost while outdated answers are asked for anew costs no money")
    func outdatedAndLost() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass(isPaid: true)
            try await change(bench, "UPDATE answer SET prompt_version = 0")
            #expect(try await retry(bench, .outdated).sheets == 1)
            try bench.removeState()
            #expect(try await bench.pass(isPaid: true).adopted == 1)
            #expect(bench.engine.callCount == 1)
        }
    }

    @Test("where another sheet of the same content was asked about anew already, its answer is used")
    func outdatedCopy() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/copie.jpg", "merle")
            _ = try await bench.pass(isPaid: true)
            try await change(bench, "UPDATE answer SET prompt_version = 0")
            #expect(try await retry(bench, .outdated, "jpeg/a.jpg").sheets == 1)
            bench.engine.play { _ in ScriptedEngine.answer("merle noir") }
            _ = try await bench.pass(isPaid: true)
            let outcome = try await retry(bench, .outdated)
            #expect((outcome.sheets, outcome.toAsk.count, outcome.costsMoney) == (1, 0, false))
            #expect(try await bench.pass(isPaid: true).transcribed == 0)
            #expect(try bench.result("jpeg/copie.jpg")?["informations_generales"]?["espece"]?.string == "merle noir")
            #expect(bench.engine.callCount == 2)
        }
    }

    @Test("what the label meant when it was asked counts, whatever the provider calls its model")
    func otherModel() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let state = try StateDatabase(directory: bench.stateDirectory)
            func mean(_ id: String, since: Double) async throws {
                try await state.remember(
                    .providerModels, #"{"meanings": {"modele_a": {"id": "\#(id)", "since": \#(since)}}}"#)
            }
            try await mean("other", since: 0)
            #expect(try await retry(bench, .outdated).sheets == 0)
            try await mean("scripted", since: 2e9)
            #expect(try await retry(bench, .outdated).sheets == 0, "scripted-1 is a version of it")
            try await mean("other", since: 2e9)
            #expect(try await retry(bench, .outdated).sheets == 1)
        }
    }

    @Test("nothing is asked anew for results that a person has edited or deleted")
    func outdatedPersons() async throws {
        try await PassBench.with { bench in
            for name in ["a", "b", "c"] { try bench.putScan("jpeg/\(name).jpg", name) }
            _ = try await bench.pass()
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: #"{"remarque": "relu"}"#)
            try bench.standIn.delete(bench.resultPath("jpeg/b.jpg"))
            _ = try await bench.pass()
            try await change(bench, "UPDATE answer SET prompt_version = 0")
            let outcome = try await retry(bench, .outdated)
            #expect((outcome.sheets, outcome.skipped.map(\.count)) == (1, [2]))
            _ = try await bench.pass()
            #expect(bench.engine.calls == ["a": 1, "b": 1, "c": 2])
        }
    }

    @Test("a result that a person deletes while it is being asked about anew is not brought back")
    func deletedMeanwhile() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try await change(bench, "UPDATE answer SET prompt_version = 0")
            _ = try await retry(bench, .outdated)
            try bench.standIn.delete(bench.resultPath("jpeg/a.jpg"))
            _ = try await bench.pass()
            #expect(try bench.result("jpeg/a.jpg") == nil)
            #expect(try await bench.rows().isEmpty)
            _ = try await bench.pass()
            #expect(try bench.result("jpeg/a.jpg") == nil)
        }
    }

    @Test("a deleted result comes back from the stored answer when somebody wants it, with its row")
    func republish() async throws {
        try await PassBench.with { bench in
            for name in ["a", "b"] { try bench.putScan("jpeg/\(name).jpg", name) }
            _ = try await bench.pass()
            let place = bench.resultPath("jpeg/a.jpg")
            let bytes = try bench.standIn.bytes(at: place)
            for name in ["a", "b"] { try bench.standIn.delete(bench.resultPath("jpeg/\(name).jpg")) }
            _ = try await bench.pass()
            #expect(try await bench.rows().isEmpty)
            #expect(try await retry(bench, .failed).sheets == 0)
            #expect(try await retry(bench, .deleted, "jpeg/a.jpg").sheets == 1)
            let summary = try await bench.pass()
            #expect((summary.published, summary.recorded, summary.failures.count) == (1, 1, 0))
            #expect(try bench.standIn.bytes(at: place) == bytes)
            #expect(try bench.result("jpeg/b.jpg") == nil)
            #expect(try await bench.rows().count == 1)
            #expect(bench.engine.callCount == 2)
            let again = try await bench.pass()
            #expect((again.unchanged, again.deleted) == (1, 1))
        }
    }

    @Test("a file that somebody put in a deleted result's place is left there")
    func republishOccupied() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let place = bench.resultPath("jpeg/a.jpg")
            try bench.standIn.delete(place)
            _ = try await bench.pass()
            #expect(try await retry(bench, .deleted).sheets == 1)
            let theirs = #"{"informations_generales": {"espece": "pinson"}}"#
            try bench.standIn.put(place, text: theirs)
            _ = try await bench.pass()
            #expect(try bench.standIn.bytes(at: place) == Array(theirs.utf8))
            #expect(try await bench.rows().first?.contains("pinson") == true)
        }
    }

    @Test("a result that was never ours cannot be brought back, and is said to be left")
    func republishForeign() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: #"{"remarque": "relu"}"#)
            _ = try await bench.pass()
            try bench.standIn.delete(bench.resultPath("jpeg/a.jpg"))
            _ = try await bench.pass()
            let outcome = try await retry(bench, .deleted)
            #expect((outcome.sheets, outcome.skipped.map(\.count)) == (0, [1]))
        }
    }

    @Test("without a state there is nothing to try again, and none is made")
    func noState() async throws {
        try await PassBench.with { bench in
            let retry = try Retry(directory: bench.stateDirectory)
            #expect(retry == nil)
            let files = try bench.stateFiles()
            #expect(files.isEmpty)
        }
    }
}
