import Foundation
import NextcloudStandIn
import Synchronization
import Testing
import Transcriber

@testable import NidsSync

@Suite("What a model's answer means for the sheet and for the others")
struct PassModelTests {
    @Test(
        "an unreadable sheet fails by itself, a refused one after three tries, and is not asked about until it changes",
        arguments: [(TranscriptionError.unreadable(reason: "cut off"), 1), (.refused(reason: "SAFETY"), 3)])
    func final(error: TranscriptionError, tries: Int) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            bench.engine.play { request in
                if request.pages[0].name.hasSuffix("a.jpg") { throw error }
                return nil
            }
            let first = try await bench.pass()
            #expect((first.status, first.failures.count, first.published) == (.sheetFailed, 1, 1))
            let second = try await bench.pass()
            #expect((second.status, second.failedBefore, second.httpRequests) == (.success, 1, 1))
            #expect(bench.engine.calls == ["merle": tries, "grive": 1])
            let requests = try await StateDatabase(copyOf: bench.stateDirectory).spending(since: .distantPast)
            #expect(requests["modele_a"]?.requests == tries + 1, "each is counted")
            try bench.putScan("jpeg/a.jpg", "merle, mieux")
            bench.engine.play(nil)
            #expect(try await bench.pass().published == 1)
        }
    }

    @Test(
        "an answer that is none is asked for three times, then the sheet fails",
        arguments: [TranscriptionError.empty, .notJSON(excerpt: "Sorry")])
    func noAnswer(error: TranscriptionError) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play { _ in throw error }
            let summary = try await bench.pass()
            #expect((summary.status, summary.failures.count) == (.sheetFailed, 1))
            #expect(bench.engine.callCount == 3)
        }
    }

    @Test("a refusal by chance costs no sheet")
    func refusedByChance() async throws {
        try await PassBench.with { bench in
            for index in 0..<10 { try bench.putScan("jpeg/\(index).jpg", "n\(index)") }
            let asked = Mutex<[String: Int]>([:])
            bench.engine.play { request in
                let tries = asked.withLock { asked in
                    asked[request.pages[0].name, default: 0] += 1
                    return asked[request.pages[0].name] ?? 0
                }
                if tries < 3, request.pages[0].name.hasSuffix("3.jpg") {
                    throw TranscriptionError.refused(reason: "RECITATION")
                }
                return nil
            }
            let summary = try await bench.pass(isPaid: true)
            #expect((summary.status, summary.published, bench.engine.callCount) == (.success, 10, 12))
        }
    }

    @Test("a server without a key bills nobody: requests without an answer are tried for as long as it takes")
    func lostUnbilled() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play { _ in
                throw TranscriptionError.unavailable(reason: "slow", retryAfter: .seconds(600), mayHaveBeenBilled: true)
            }
            for _ in 0..<5 {
                #expect(try await bench.pass().failures.isEmpty)
                bench.advance(.seconds(7200))
            }
            #expect(bench.engine.callCount == 5)
            bench.engine.play(nil)
            #expect(try await bench.pass().published == 1)
        }
    }

    @Test("a provider that refuses every request as too many is left alone after a while, and the pass ends")
    func refusesForEver() async throws {
        try await PassBench.with { bench in
            for index in 0..<10 { try bench.putScan("jpeg/\(index).jpg", "n\(index)") }
            bench.engine.play { _ in throw TranscriptionError.rateLimited(retryAfter: nil) }
            let began = bench.now
            let summary = try await bench.pass(isPaid: true)
            #expect((summary.status, summary.failures.count, summary.waiting) == (.unavailable, 0, 10))
            #expect(summary.waitingFor.contains { $0.contains("in a row as too many") })
            #expect(bench.engine.callCount < 40 && bench.now.timeIntervalSince(began) < 600)
        }
    }

    @Test("a server that takes no sheet of two pages has these wait, with the reason, and reads the others")
    func severalPages() async throws {
        try await PassBench.with { bench in
            for index in 0..<6 { try bench.putScan("jpeg/seule \(index).jpg", "n\(index)") }
            for index in 0..<6 {
                try bench.putScan("jpeg/fiche \(index)R.jpg", "r\(index)")
                try bench.putScan("jpeg/fiche \(index)V.jpg", "v\(index)")
            }
            let refused = Mutex(0)
            let takesPairs = Mutex(false)
            bench.engine.play { request in
                guard request.pages.count > 1, !takesPairs.withLock(\.self) else { return nil }
                refused.withLock { $0 += 1 }
                throw TranscriptionError.severalPagesRefused(reason: "one picture: --limit-mm-per-prompt")
            }
            let first = try await bench.pass(settings: ["NIDS_TRANSCRIPTION_CONCURRENCY": "1"])
            #expect((first.status, first.failures.count, first.published, first.waiting) == (.success, 0, 6, 6))
            #expect(first.waitingFor.contains { $0.contains("--limit-mm-per-prompt") })
            #expect(refused.withLock(\.self) == 1, "asking once is enough")
            takesPairs.withLock { $0 = true }
            bench.advance(.seconds(3600))
            #expect(try await bench.pass().published == 6)
        }
    }

    @Test("an answer that broke off is asked for once more with more room, across restarts too")
    func cutOff() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            bench.engine.play { request in
                let isShort = request.pages[0].name.hasSuffix("a.jpg")
                if !isShort || !request.moreRoom { throw TranscriptionError.cutOff }
                return nil
            }
            let summary = try await bench.pass()
            #expect((summary.status, summary.published, summary.failures.count) == (.sheetFailed, 1, 1))
            #expect(summary.failures.first?.reason.contains("with more room for it too") == true)
            #expect(bench.engine.calls == ["merle": 2, "grive": 2])
        }
    }

    @Test("prose instead of JSON is no answer and is not stored as one")
    func prose() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play { _ in "Je ne peux pas lire cette fiche." }
            #expect(try await bench.pass().status == .sheetFailed)
            #expect(bench.engine.callCount == 3)
        }
    }

    @Test("a corrected answer is kept as it came, beside the result")
    func corrected() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            let answer = "```json\n{\"informations_generales\": {\"espèce\": \"merle\"}}\n```"
            bench.engine.play { _ in answer }
            #expect(try await bench.pass().published == 1)
            let raw = bench.resultPath("jpeg/a.jpg").replacing("_result.json", with: "_raw.json")
            #expect(try bench.standIn.bytes(at: raw) == Array(answer.utf8))
            #expect(try bench.result("jpeg/a.jpg")?["informations_generales"]?["espece"] == "merle")
            #expect(try await bench.pass().httpRequests == 1)
        }
    }

    @Test("an overloaded model is tried again, and no sheet fails for it")
    func overloaded() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            let tries = Counter()
            bench.engine.play { _ in
                if tries.next() < 4 {
                    throw TranscriptionError.unavailable(
                        reason: "overloaded", retryAfter: .seconds(5), mayHaveBeenBilled: false)
                }
                return nil
            }
            let summary = try await bench.pass()
            #expect((summary.status, summary.published) == (.success, 1))
        }
    }

    @Test("requests that may have been billed without an answer are given up after three, across restarts")
    func lost() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play { _ in
                throw TranscriptionError.unavailable(reason: "cut", retryAfter: .seconds(600), mayHaveBeenBilled: true)
            }
            for _ in 0..<5 {
                _ = try await bench.pass(isPaid: true)
                bench.advance(.seconds(3600))
            }
            #expect(bench.engine.callCount == 3)
            let summary = try await bench.pass(isPaid: true)
            #expect(summary.failedBefore == 1)
        }
    }

    @Test("a refused key ends the pass, and a paused model makes the sheets wait")
    func accountFaults() async throws {
        try await PassBench.with { bench in
            for index in 0..<20 { try bench.putScan("jpeg/\(index).jpg", "n\(index)") }
            bench.engine.play { _ in throw TranscriptionError.keyRefused(reason: "API key not valid") }
            let refused = try await bench.pass()
            #expect((refused.status, refused.failures.count, refused.waiting) == (.refused, 0, 20))
            let asked = bench.engine.callCount
            #expect(asked <= 4)
            bench.engine.play { _ in throw TranscriptionError.modelPaused(reason: "daily quota", retryAfter: nil) }
            let paused = try await bench.pass()
            #expect((paused.status, paused.failures.count, paused.waiting) == (.success, 0, 20))
            #expect(bench.engine.callCount - asked <= 4)
            bench.engine.play(nil)
            #expect(try await bench.pass().published == 20)
        }
    }

    @Test("the quota of a day pauses its model within one request and until the reset, over restarts; others go on")
    func dailyQuota() async throws {
        try await PassBench.with { bench in
            for index in 0..<20 { try bench.putScan("jpeg/\(index).jpg", "n\(index)") }
            bench.engine.play(as: "modele_a") { _ in
                throw TranscriptionError.modelPaused(reason: "the quota of the day", retryAfter: .seconds(36_000))
            }
            let models = ["NIDS_TRANSCRIPTION_MODELS": "modele_a,modele_b", "NIDS_TRANSCRIPTION_CONCURRENCY": "1"]
            let first = try await bench.pass(settings: models, isPaid: true)
            #expect((first.status, first.failures.count, first.transcribed, first.waiting) == (.success, 0, 20, 20))
            #expect(bench.engine.callCount == 21)
            let pause = try #require(try await StateDatabase(copyOf: bench.stateDirectory).pauses().first)
            #expect((pause.model, pause.isNamed) == ("modele_a", true))
            #expect(pause.until.map { abs($0.timeIntervalSince(bench.now) - 36_000) < 60 } == true)
            bench.advance(.seconds(30_000))
            #expect(try await bench.pass(settings: models, isPaid: true).waiting == 20)
            #expect(bench.engine.callCount == 21, "nothing is asked before the reset")
            bench.engine.play(as: "modele_a", nil)
            bench.advance(.seconds(7000))
            #expect(try await bench.pass(settings: models, isPaid: true).transcribed == 20)
            #expect(try await StateDatabase(copyOf: bench.stateDirectory).pauses().isEmpty)
        }
    }

    @Test("a refused key of one model keeps the others from nothing, and what is stored is delivered")
    func refusedKey() async throws {
        try await PassBench.with { bench in
            for index in 0..<5 { try bench.putScan("jpeg/\(index).jpg", "n\(index)") }
            bench.engine.play(as: "modele_a") { _ in
                throw TranscriptionError.keyRefused(reason: "API key not valid")
            }
            let models = ["NIDS_TRANSCRIPTION_MODELS": "modele_a,modele_b"]
            let summary = try await bench.pass(settings: models, isPaid: true)
            #expect((summary.status, summary.failures.count, summary.published, summary.waiting) == (.refused, 0, 5, 5))
        }
    }

    @Test("what answers that were none have cost counts, and what was lost counts as an answer does")
    func costOfNothing() async throws {
        try await PassBench.with { bench in
            for name in ["a", "b", "c"] { try bench.putScan("jpeg/\(name).jpg", name) }
            bench.engine.play { request in
                if request.pages[0].name.hasSuffix("a.jpg") {
                    request.onUsage?(TokenUsage(input: 1_000_000, output: 500_000))
                    throw TranscriptionError.refused(reason: "SAFETY")
                }
                if request.pages[0].name.hasSuffix("b.jpg") {
                    throw TranscriptionError.unavailable(
                        reason: "cut", retryAfter: .seconds(600), mayHaveBeenBilled: true)
                }
                return nil
            }
            _ = try await bench.pass(isPaid: true)
            let spending = try await StateDatabase(copyOf: bench.stateDirectory).spending(since: .distantPast)
            let own = try #require(spending["modele_a"])
            // A refusal may be by chance: it is asked three times, and each counts.
            #expect((own.requests, own.answers, own.lost) == (5, 1, 1))
            #expect(abs(own.cost - 5.5) < 1e-9)
            // At that price a usual request, which the lost one is taken for, costs 3.
            let member = EngineSet.Member(
                engine: bench.engine.labelled("modele_a"), isPaid: true, gate: RequestGate(),
                price: ModelCatalogue.Price(input: 750, output: 0))
            let sum = MonthlySpending(
                engines: EngineSet(["modele_a": member]), state: try StateDatabase(copyOf: bench.stateDirectory)
            ).total(spending)
            #expect(abs(sum - 8.5) < 1e-9)
        }
    }

    @Test("a file that is no picture fails with words for a volunteer, and no model is asked")
    func noPicture() async throws {
        try await PassBench.with { bench in
            try bench.standIn.put("\(PassBench.root)/jpeg/texte.jpg", text: "ceci n'est pas une image")
            let summary = try await bench.pass()
            #expect(summary.failures.first?.reason.contains("not a picture") == true)
            #expect(bench.engine.callCount == 0)
        }
    }
}

private final class Counter: Sendable {
    private let count = Mutex(0)
    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
