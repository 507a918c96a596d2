import ModelStandIn
import Synchronization
import Testing

@testable import NidsSync

@Suite("A batch is sent to a model that reads")
struct PassBatchBrakeTests {
    private static let sheets = 60

    private func with(
        _ answer: @escaping @Sendable (ModelCall) -> ModelStandInServer.Answer,
        _ body: @Sendable (BatchBench) async throws -> Void
    ) async throws {
        try await BatchBench.with { bench in
            for index in 0..<Self.sheets { try bench.putScans("fiche \(index)") }
            bench.model.configure { $0.answer = answer }
            try await body(bench)
        }
    }

    private static let budget = ["NIDS_TRANSCRIPTION_MONTHLY_BUDGET": "unlimited"]

    @Test("of many sheets for a model that has read none yet one goes by itself, the others when it was read")
    func firstAlone() async throws {
        try await with({ .text(SampleFiche.json(for: $0)) }) { bench in
            let first = try await bench.run(settings: Self.budget)
            #expect((first.transcribed, first.waiting) == (1, Self.sheets - 1))
            #expect(try await bench.awaited == [Self.sheets - 1])
            bench.pass.advance(.seconds(4000))
            #expect(try await bench.run(settings: Self.budget).published == Self.sheets - 1)
            #expect(bench.answers.allSatisfy { $0 == 1 })
        }
    }

    @Test("one that has lost its mind gets no batch at all, and rests after a few sheets")
    func lostItsMind() async throws {
        try await with({ _ in .truncated(String(repeating: "3", count: 9000), keeping: 9000) }) { bench in
            let summary = try await bench.run(settings: Self.budget)
            #expect((summary.failures.count, summary.waiting) == (0, Self.sheets))
            #expect(bench.model.batches.isEmpty)
            #expect(bench.model.calls.count <= 4)
        }
    }
}
