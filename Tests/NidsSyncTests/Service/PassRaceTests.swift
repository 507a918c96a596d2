import GRDB
import NextcloudStandIn
import Synchronization
import TestSupport
import Testing
import Transcriber

@testable import NidsSync

@Suite("A pass when things happen at once")
struct PassRaceTests {
    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    private func species(_ bench: PassBench, _ scan: String) throws -> String? {
        try bench.result(scan)?["informations_generales"]?["espece"]?.string
    }

    @Test("a scan renamed and replaced between two looks is read anew")
    func renamedAndReplaced() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/b.jpg"))
            try bench.putScan("jpeg/b.jpg", "grive")
            #expect(try await bench.pass().transcribed == 1)
            #expect(try species(bench, "jpeg/b.jpg") == "grive")
            #expect(try bench.result("jpeg/a.jpg") == nil)
        }
    }

    @Test("a replaced scan that is renamed before a model was asked is still asked about")
    func renamedWhileWaiting() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.putScan("jpeg/a.jpg", "grive")
            bench.engine.play { _ in
                throw TranscriptionError.unavailable(
                    reason: "away", retryAfter: .seconds(600), mayHaveBeenBilled: false)
            }
            _ = try await bench.pass()
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/b.jpg"))
            bench.engine.play(nil)
            bench.advance(.seconds(700))
            #expect(try await bench.pass().transcribed == 1)
            #expect(try species(bench, "jpeg/b.jpg") == "grive")
        }
    }

    @Test("what is downloaded is not taken for the file that was listed where another took its place")
    func replacedBeforeDownload() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            bench.standIn.addFault(Fault(method: "GET", pathContains: "jpeg/b.jpg", effect: .delay(.seconds(1))))
            bench.engine.play { _ in
                if try bench.standIn.bytes(at: "\(PassBench.root)/jpeg/c.jpg") == nil {
                    try bench.standIn.move("\(PassBench.root)/jpeg/b.jpg", to: "\(PassBench.root)/jpeg/c.jpg")
                    try bench.putScan("jpeg/b.jpg", "pie")
                }
                return nil
            }
            for _ in 0..<3 {
                _ = try await bench.pass()
                bench.advance(.seconds(200))
            }
            #expect(try species(bench, "jpeg/b.jpg") == "pie")
            #expect(try species(bench, "jpeg/c.jpg") == "grive")
            #expect(bench.engine.calls.values.allSatisfy { $0 == 1 })
        }
    }

    @Test("an overloaded model and one empty answer do not add up to a failure")
    func mixedFaults() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            let calls = Calls()
            bench.engine.play { _ in
                switch calls.next() {
                case 1, 2:
                    throw TranscriptionError.unavailable(reason: "busy", retryAfter: nil, mayHaveBeenBilled: false)
                case 3: throw TranscriptionError.empty
                default: return nil
                }
            }
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.status) == (1, .success))
        }
    }

    @Test("what a model would not read is not paid for again when the scan is only touched")
    func futile() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play { _ in throw TranscriptionError.empty }
            #expect(try await bench.pass(isPaid: true).failures.count == 1)
            #expect(bench.engine.callCount == 3)
            try bench.putScan("jpeg/a.jpg", "merle")
            #expect(try await bench.pass(isPaid: true).failures.count == 1)
            #expect(bench.engine.callCount == 3)
        }
    }

    @Test("a side that joins another's sheet leaves nothing in the way of the next of its name")
    func joined() async throws {
        try await PassBench.with { bench in
            let now = ["NIDS_NEXTCLOUD_PAIR_WAIT": "0s"]
            try bench.putScan("jpeg/A/fiche 1R.jpg", "recto")
            try bench.putScan("jpeg/B/fiche 1V.jpg", "verso")
            _ = try await bench.pass(settings: now)
            try bench.standIn.move(root("jpeg/A/fiche 1R.jpg"), to: root("jpeg/B/fiche 1R.jpg"))
            _ = try await bench.pass(settings: now)
            #expect(bench.engine.calls["recto+verso"] == 1)
            try bench.putScan("jpeg/A/fiche 1R.jpg", "neu")
            let summary = try await bench.pass(settings: now)
            #expect((summary.published, summary.waiting, summary.status) == (1, 0, .success))
            #expect(try species(bench, "jpeg/A/fiche 1.jpg") == "neu")
        }
    }

    @Test("one result that cannot be read back hides no other's change, and no other's work")
    func unreadableResult() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass()
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), [UInt8](repeating: 0x20, count: 9 << 20))
            try bench.standIn.put(bench.resultPath("jpeg/b.jpg"), text: ScriptedEngine.answer("corneille"))
            try bench.putScan("jpeg/c.jpg", "pie")
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.status) == (1, .success))
            #expect(try await bench.rows().contains { $0.contains("corneille") })
        }
    }

    @Test("a result that a person broke and put right is recorded then")
    func putRight() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: "{ broken")
            #expect(try await bench.pass().failures.count == 1)
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: ScriptedEngine.answer("corneille"))
            let summary = try await bench.pass()
            #expect((summary.recorded, summary.status) == (1, .success))
            #expect(try await bench.rows().first?.contains("corneille") == true)
        }
    }

    @Test("what stood in a result's place and was no result is read over once a person has removed it")
    func removed() async throws {
        try await PassBench.with { bench in
            try bench.standIn.makeCollection(root("transcription_results/jpeg/modele_a"))
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: "no JSON")
            try bench.putScan("jpeg/a.jpg", "merle")
            #expect(try await bench.pass().failures.first?.reason.contains("remove it") == true)
            try bench.standIn.delete(bench.resultPath("jpeg/a.jpg"))
            let summary = try await bench.pass()
            #expect((summary.published, summary.status) == (1, .success))
        }
    }

    @Test("a retry that falls due while another sheet takes its time is not forgotten", .timeLimit(.minutes(1)))
    func dueMeanwhile() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            let calls = Calls()
            let retried = Signal()
            bench.engine.play { _ in
                switch calls.next() {
                case 1: throw TranscriptionError.unavailable(reason: "busy", retryAfter: nil, mayHaveBeenBilled: false)
                // The other sheet is in hand until the first has been asked about again.
                case 2: await retried.wait()
                default: retried.fire()
                }
                return nil
            }
            #expect(try await bench.pass().transcribed == 2)
        }
    }

    @Test("with a limit, a sheet that has to wait is tried again, and no other in its place")
    func limited() async throws {
        try await PassBench.with { bench in
            for index in 0..<5 { try bench.putScan("jpeg/\(index).jpg", "espèce \(index)") }
            let calls = Calls()
            bench.engine.play { _ in
                if calls.next() <= 2 {
                    throw TranscriptionError.unavailable(reason: "busy", retryAfter: nil, mayHaveBeenBilled: false)
                }
                return nil
            }
            var options = PassOptions()
            options.limit = 2
            let summary = try await bench.pass(options)
            #expect((summary.transcribed, summary.published) == (2, 2))
            #expect(bench.engine.calls.count == 2)
        }
    }

    @Test("a deleted scan that full checks miss twice is no reason to distrust tags")
    func missesAndTags() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/x/a.jpg", "merle")
            try bench.putScan("jpeg/y/b.jpg", "grive")
            _ = try await bench.pass()
            try bench.standIn.delete(root("jpeg/x/a.jpg"))
            for _ in 0..<3 {
                bench.advance(.seconds(7 * 3600))
                _ = try await bench.pass()
            }
            bench.standIn.resetRequests()
            _ = try await bench.pass()
            #expect(bench.standIn.requests.count == 1)
        }
    }

    @Test("all results deleted while a look at them is owed: it comes to rest again")
    func resultsGone() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.delete(root("transcription_results"))
            bench.advance(.seconds(400))
            for _ in 0..<3 { #expect(try await bench.pass().status == .success) }
            bench.standIn.resetRequests()
            _ = try await bench.pass()
            #expect(bench.standIn.requests.count <= 2)
            #expect(try bench.result("jpeg/a.jpg") == nil)
        }
    }

    @Test("an error that stops everything ends the pass at once")
    func stateBroken() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play { _ in
                let state = try StateDatabase(directory: bench.stateDirectory)
                try await state.database.write { try $0.execute(sql: "DROP TABLE model_request") }
                return nil
            }
            await #expect(throws: (any Error).self) { try await bench.pass() }
        }
    }
}

private final class Calls: Sendable {
    private let count = Mutex(0)
    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
