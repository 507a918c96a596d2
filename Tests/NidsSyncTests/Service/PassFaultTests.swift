import Foundation
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("A pass when something goes wrong")
struct PassFaultTests {
    @Test("recognises its own upload whose answer was lost")
    func lostAnswer() async throws {
        try await PassBench.with { bench in
            // Its folder is there, so that one PUT is enough.
            try bench.putScan("jpeg/z.jpg", "grive")
            _ = try await bench.pass()
            bench.standIn.resetRequests()
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(Fault(method: "PUT", pathContains: "_result.json", effect: .loseAnswer))
            let summary = try await bench.pass()
            #expect((summary.published, summary.status) == (1, .success))
            // libcurl sends it once more by itself where a kept connection broke; the precondition makes that harmless.
            #expect(bench.standIn.requests.count { $0.method == "PUT" && $0.path.contains("_result.json") } <= 2)
            #expect(try await bench.pass().httpRequests == 1)
        }
    }

    @Test("recognises its own replacement whose answer was lost, and still replaces it later")
    func lostReplacement() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.putScan("jpeg/a.jpg", "grive")
            bench.standIn.addFault(Fault(method: "PUT", pathContains: "_result.json", effect: .loseAnswer))
            #expect(try await bench.pass().status == .success)
            try bench.putScan("jpeg/a.jpg", "pinson")
            #expect(try await bench.pass().published == 1)
            #expect(try bench.result("jpeg/a.jpg")?["informations_generales"]?["espece"] == "pinson")
        }
    }

    @Test("infers nothing from a listing that is cut off, holds an error or is no XML")
    func badListings() async throws {
        try await PassBench.with { bench in
            for index in 0..<4 { try bench.putScan("jpeg/\(index).jpg", "n\(index)") }
            _ = try await bench.pass()
            let effects: [Fault.Effect] = [
                .truncateBody(afterBytes: 700), .cutAfterBodyBytes(700), .errorInsideMultistatus(afterResponses: 2),
                .status(500, headers: [:], body: "oh"), .failedResponse(at: 2, status: 500),
            ]
            for effect in effects {
                try bench.putScan("jpeg/neuf.jpg", "\(effect)")
                bench.standIn.addFault(Fault(method: "PROPFIND", pathContains: "/jpeg", effect: effect))
                let damaged = try await bench.pass()
                #expect(damaged.unchanged >= 4, "\(effect)")
                bench.standIn.removeFaults()
                let next = try await bench.pass()
                #expect(next.status == .success, "\(effect)")
                #expect(try bench.result("jpeg/neuf.jpg") != nil)
            }
            #expect(bench.engine.callCount == 4 + effects.count)
        }
    }

    @Test("keeps an answer that cannot be uploaded, records it, and uploads it later without asking again")
    func uploadFails() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(
                Fault(
                    method: "PUT", pathContains: "_result.json", times: nil,
                    effect: .status(503, headers: [:], body: "")))
            let first = try await bench.pass()
            #expect((first.published, first.recorded, first.waiting) == (0, 1, 1))
            #expect(first.waitingFor.count == 1, "the reason is told")
            bench.standIn.removeFaults()
            bench.advance(.seconds(3600))
            let second = try await bench.pass()
            #expect((second.published, second.transcribed, second.waiting) == (1, 0, 0))
        }
    }

    @Test("stops uploading when the quota is used up, and goes on transcribing")
    func quota() async throws {
        try await PassBench.with { bench in
            for index in 0..<8 { try bench.putScan("jpeg/\(index).jpg", "n\(index)") }
            bench.standIn.addFault(
                Fault(
                    method: "PUT", pathContains: "_result.json", times: nil,
                    effect: .status(507, headers: [:], body: "")))
            let first = try await bench.pass()
            #expect((first.transcribed, first.published, first.failures.count) == (8, 0, 0))
            #expect(first.status == .unavailable)
            #expect(first.problem?.contains("quota") == true)
            bench.standIn.removeFaults()
            let second = try await bench.pass()
            #expect((second.transcribed, second.published, second.status) == (0, 8, .success))
        }
    }

    @Test("stops at once when the login is refused in its midst")
    func passwordWithdrawn() async throws {
        try await PassBench.with { bench in
            for index in 0..<40 { try bench.putScan("jpeg/\(index).jpg", "n\(index)") }
            bench.engine.play { _ in
                // The root says so too, or it would be a fault of these files.
                for method in ["GET", "PROPFIND"] {
                    bench.standIn.addFault(Fault(method: method, times: nil, effect: .status(401)))
                }
                return nil
            }
            let summary = try await bench.pass()
            #expect(summary.status == .refused)
            #expect(bench.standIn.requests.count { $0.status == 401 } <= 12)
            #expect(summary.failures == [])
        }
    }

    @Test("fails no sheet in maintenance mode, and goes on afterwards")
    func maintenance() async throws {
        try await PassBench.with { bench in
            for index in 0..<5 { try bench.putScan("jpeg/\(index).jpg", "n\(index)") }
            bench.engine.play { _ in
                bench.standIn.conditions.maintenance = true
                return nil
            }
            let first = try await bench.pass()
            #expect(first.status == .unavailable)
            #expect(first.failures == [])
            bench.standIn.conditions.maintenance = false
            bench.engine.play(nil)
            bench.advance(.seconds(3600))
            let second = try await bench.pass()
            #expect(second.status == .success)
            #expect(second.waiting == 0)
            #expect(bench.engine.calls.values.allSatisfy { $0 == 1 })
        }
    }

    @Test("publishes while the database is away, and records later without asking again")
    func databaseAway() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            let first = try await bench.pass(observations: AbsentStore())
            #expect((first.published, first.recorded, first.status) == (1, 0, .unavailable))
            let second = try await bench.pass()
            #expect((second.recorded, second.transcribed, second.published) == (1, 0, 0))
            #expect(second.status == .success)
        }
    }

    @Test("records while Nextcloud is away what was transcribed before")
    func nextcloudAway() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.standIn.addFault(
                Fault(
                    method: "PUT", pathContains: "_result.json", times: nil,
                    effect: .status(503, headers: [:], body: "")))
            _ = try await bench.pass(observations: AbsentStore())
            await bench.standIn.stop()
            let summary = try await bench.pass()
            #expect((summary.recorded, summary.status) == (1, .unavailable))
        }
    }

    @Test("sets a scan aside on which the program died three times")
    func deadly() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            bench.engine.play { _ in
                throw TranscriptionError.unavailable(
                    reason: "away", retryAfter: .seconds(600), mayHaveBeenBilled: false)
            }
            _ = try await bench.pass()
            let state = try StateDatabase(directory: bench.stateDirectory)
            let job = try #require(
                try await state.pendingJobs(JobFilter(models: ["modele_a"]), at: .distantFuture).first)
            for _ in 0..<3 { _ = try await state.takeUp(job, at: [.asking], countsStart: true) }
            bench.engine.play(nil)
            bench.advance(.seconds(3600))
            let summary = try await bench.pass()
            #expect(summary.failures.count == 1)
            #expect(summary.failures.first?.reason.contains("3 times") == true)
            #expect(summary.transcribed == 1)
        }
    }
}

/// A database that nobody reaches.
struct AbsentStore: ObservationStore {
    private let away = ObservationError.unreachable(reason: "nobody there")
    func prepare() async throws(ObservationError) { throw away }
    func record(_ reading: ObservationReading) async throws(ObservationError) -> RecordOutcome { throw away }
    func move(from: SheetKey, to: SheetKey) async throws(ObservationError) { throw away }
    func withdraw(_ sheet: SheetKey, model: String?, reason: String) async throws(ObservationError) { throw away }
    func reinstate(_ sheet: SheetKey, model: String?) async throws(ObservationError) { throw away }
    func setResultPath(_ path: String, of sheet: SheetKey, model: String) async throws(ObservationError) { throw away }
    func setPriority(_ priority: Int?, of sheet: SheetKey, model: String) async throws(ObservationError) { throw away }
    func toReview(limit: Int) async throws(ObservationError) -> ReviewList { throw away }
    func setPrimary(model: String) async throws(ObservationError) { throw away }
    func equivalences() async throws(ObservationError) -> [Equivalence] { throw away }
    func undoEquivalence(of reading: String) async throws(ObservationError) -> Int { throw away }
    func count() async throws(ObservationError) -> ObservationCounts { throw away }
    func forEachCurrent(
        _ view: ObservationView, _ body: @Sendable ([String?]) async throws -> Void
    ) async throws { throw away }
}
