import Foundation
import Testing
import Transcriber

@testable import NidsSync

@Suite("What a model's requests tell of it")
struct AnswerRecordTests {
    private let usual = TokenUsage(input: 2600, output: 1500)

    private func record(_ kinds: [AnswerRecord.Fruitlessness], answers: Int = 0) -> AnswerRecord {
        var record = AnswerRecord()
        for _ in 0..<answers { record.answered(usual) }
        for (index, kind) in kinds.enumerated() {
            record.add("sheet \(index)", kind, usage: TokenUsage(input: 2600, output: 100), cost: 0.01)
        }
        return record
    }

    @Test("it is trusted once it has answered, until a request brings nothing")
    func trust() {
        #expect(!record([]).isTrusted)
        #expect(record([], answers: 1).isTrusted)
        #expect(!record([.other], answers: 1).isTrusted)
    }

    @Test("what came to nothing is added up until an answer comes, a sheet counting once")
    func streak() {
        var record = record([.other, .repeated], answers: 3)
        record.add("sheet 1", .other, usage: nil, cost: nil)
        #expect((record.sheets.count, record.requests, record.usage.input) == (2, 3, 5200))
        #expect(abs(record.cost - 0.02) < 1e-9)
        record.answered(usual)
        #expect((record.sheets.count, record.requests, record.cost) == (0, 0, 0))
        #expect(record.lengths.count == 4)
    }

    @Test("two answers that used up their room are enough where somebody pays, four refusals where they are alone")
    func limits() {
        #expect(record([.outOfRoom]).limit(isBilled: true) == 2)
        #expect(record([.repeated, .unread]).limit(isBilled: true) == 2)
        #expect(record([.repeated]).limit(isBilled: false) == 3)
        #expect(record([.other]).limit(isBilled: true) == 3)
        #expect(record([.other, .unread]).limit(isBilled: true) == 3)
        #expect(record([.unread]).limit(isBilled: true) == 4)
    }

    @Test("the room is what the answers have needed, and grows only where an answer broke off in good order")
    func room() {
        #expect(record([]).room == 4096)
        #expect(record([], answers: 9).room == 4096)
        #expect(record([.outOfRoom]).room == 4096)
        #expect(record([.outOfRoom, .outOfRoom]).room == 8192)
        #expect(record([.outOfRoom, .outOfRoom, .outOfRoom]).room == 16_384)
        #expect(record([.outOfRoom, .outOfRoom, .repeated]).room == 4096)
        var thinker = AnswerRecord()
        for _ in 0..<100 { thinker.answered(TokenUsage(input: 1, output: 1000, thinking: 3000)) }
        #expect((thinker.room, thinker.lengths.count) == (10_000, 50))
        thinker.answered(TokenUsage(input: 1, output: 16_000))
        #expect(thinker.room == 20_000)
        thinker.answered(TokenUsage(input: 1, output: Int.max))
        #expect(thinker.room == 2_500_000, "whatever a provider tells")
    }

    @Test("the state tells it to the next start: since the last answer, without what a person has forgiven")
    func stored() async throws {
        let state = try StateDatabase.inMemory()
        func end(_ content: String, _ outcome: RequestOutcome, at seconds: Double, _ usage: TokenUsage? = nil)
            async throws
        {
            let key = AnswerKey(content: content, model: "m", promptKind: .standard)
            let now = Date.sample.addingTimeInterval(seconds)
            try await state.write { tables in
                let id = try tables.requests.begin(key, at: now)
                try tables.requests.end(id, outcome, usage: usage, cost: 0.5, at: now)
            }
        }
        #expect(try await state.read { try $0.requests.answerRecord(of: "m") }.hasAnswered == false)
        try await end("a", .repeated, at: 1)
        try await end("b", .answered, at: 2, usual)
        try await end("c", .cutOff, at: 3, TokenUsage(input: 10, output: 20, thinking: 30))
        try await end("c", .refused, at: 4)
        try await end("d", .unavailable, at: 5)
        try await end("e", .empty, at: 6)
        let record = try await state.read { try $0.requests.answerRecord(of: "m") }
        #expect((record.hasAnswered, record.lengths, record.sheets) == (true, [1500], ["c", "e"]))
        #expect((record.requests, record.outOfRoom, record.cost) == (3, 1, 1.5))
        #expect(record.usage == TokenUsage(input: 10, output: 20, thinking: 30))
        #expect(try await state.read { try $0.requests.answerRecord(of: "other") }.sheets.isEmpty)
    }
}
