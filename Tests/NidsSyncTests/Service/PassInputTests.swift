import Foundation
import GRDB
import NextcloudStandIn
import Synchronization
import TestSupport
import Testing
import Transcriber

@testable import NidsSync

@Suite("Pictures are made ready before a model is asked", .timeLimit(.minutes(2)))
struct PassInputTests {
    /// A gray gradient of 32 x 32 points, drawn for this test.
    private static let picture = Array(
        Data(
            base64Encoded: """
                /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAx
                NDQ0Hyc5PTgyPC4zNDL/wAALCAAgACABAREA/8QAGQABAAMBAQAAAAAAAAAAAAAAAwECBAAH/8QAKBAAAgEDAwMCBwAAAAAAAAAA
                AQIRAAMhBDFBEiJREzMFYXGB0fDx/9oACAEBAAA/APNvVYWiu25BG9cNX6aOgAhhxQ3NQ9na4GVuR+KY6u3ctg3PcHKiJFZlYLbC
                YknY8ipBQEBpXOQd/wCUN1QxKocHHmq21ATJ328Vss2VdC6+4GiDwaDUHMFu0nBG9C9yIcMOoQJjbGKpcud0FgfoIj7Ulz4jEiSJ
                J5BioGr6hLAlWkExOfJoPURmfsBkecH9zRsysIHUrRHdz86//9k=
                """, options: .ignoreUnknownCharacters) ?? Data())

    private func member(
        _ bench: PassBench, _ gate: RequestGate, longestSide: Int = 3072
    ) -> [String: EngineSet.Member] {
        let accepted = AcceptedInput(mediaTypes: [.jpeg], longestSide: longestSide)
        let member = EngineSet.Member(
            engine: bench.engine.labelled("modele_a"), isPaid: true, gate: gate,
            price: ModelCatalogue.Price(input: 1, output: 1), converter: PageConverter(accepted))
        return ["modele_a": member]
    }

    private func gate(_ bench: PassBench, cap: Int = 4) -> RequestGate {
        RequestGate(
            cap: cap, initialWindow: cap,
            time: RequestGate.Time(
                now: { .seconds(bench.now.timeIntervalSince1970) }, sleep: { bench.advance($0) }))
    }

    /// How many requests are remembered, whatever became of them.
    private func requests(_ bench: PassBench) async throws -> Int? {
        try await StateDatabase(copyOf: bench.stateDirectory).database.read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM model_request")
        }
    }

    private func put(_ bench: PassBench, _ path: String, _ bytes: [UInt8]) throws {
        try bench.standIn.put("\(PassBench.root)/\(path)", bytes)
    }

    @Test("one that breaks off fails without a request, and without waiting for the model's turn")
    func brokenOff() async throws {
        try await PassBench.with { bench in
            try put(bench, "jpeg/a.jpg", Array(Self.picture.dropLast(40)))
            let gate = gate(bench, cap: 1)
            // Somebody else's request takes as long as the pass.
            let summary = try await gate.run { try await bench.pass(engines: member(bench, gate)) }
            #expect((summary.status, summary.failures.count) == (.sheetFailed, 1))
            #expect(summary.failures.first?.reason == "the picture is cut off: scan it or upload it again")
            #expect(bench.engine.callCount == 0)
            #expect(try await requests(bench) == 0)
            let again = try await bench.pass(engines: member(bench, gate))
            #expect((again.status, again.failedBefore, again.httpRequests) == (.success, 1, 1))
            try put(bench, "jpeg/a.jpg", Self.picture)
            #expect(try await bench.pass(engines: member(bench, gate)).published == 1)
            #expect(try await requests(bench) == 1)
        }
    }

    @Test("they are made ready once, however often the model has to be asked")
    func once() async throws {
        try await PassBench.with { bench in
            try put(bench, "jpeg/a.jpg", Self.picture)
            let given = Mutex<[String]>([])
            bench.engine.play { request in
                let count = given.withLock { given in
                    given.append(request.pages[0].path)
                    return given.count
                }
                #expect(FileManager.default.fileExists(atPath: request.pages[0].path))
                if count < 5 { throw TranscriptionError.rateLimited(retryAfter: nil) }
                return ScriptedEngine.answer("merle")
            }
            let summary = try await bench.pass(engines: member(bench, gate(bench), longestSide: 16))
            #expect((summary.status, summary.published) == (.success, 1))
            let paths = given.withLock(\.self)
            #expect(paths.count == 5 && Set(paths).count == 1)
            #expect(paths[0].contains("nids-sync-ocr-"), "drawn anew")
            #expect(!FileManager.default.fileExists(atPath: paths[0]))
            #expect(try await requests(bench) == 5)
        }
    }

    @Test("they are not, for a model that is not to be asked anyway")
    func futile() async throws {
        try await PassBench.with { bench in
            try put(bench, "jpeg/a.jpg", Array(Self.picture.dropLast(40)))
            let summary = try await bench.pass(
                settings: ["NIDS_TRANSCRIPTION_MONTHLY_BUDGET": "0"], engines: member(bench, gate(bench)))
            #expect((summary.status, summary.failures.count, summary.waiting) == (.success, 0, 1))
        }
    }

    @Test("a process that dies before its turn leaves no request that may have been billed")
    func killed() async throws {
        try await PassBench.with { bench in
            try put(bench, "jpeg/a.jpg", Self.picture)
            let gate = gate(bench, cap: 1)
            let pass = try await gate.run {
                let pass = Task { try await bench.pass(engines: member(bench, gate)) }
                try await eventually("a request waits for its turn") { gate.parkedCount > 0 }
                // What a start would find now: a sheet that is made ready, and nothing of a request.
                #expect(try await requests(bench) == 0)
                return pass
            }
            #expect(try await pass.value.published == 1)
            #expect(try await requests(bench) == 1)
        }
    }
}
