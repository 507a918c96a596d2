import Foundation
import GRDB
import Testing
import Transcriber

@testable import NidsSync

@Suite("Another try, as the state keeps it")
struct RetryTests {
    private func prepared(_ count: Int) async throws -> StateDatabase {
        let state = try StateDatabase.inMemory()
        let scans = (1...count).map { FoundScan.sample("jpeg/\($0).jpg") }
        try await state.storeScans(scans, of: .sample("jpeg"), at: .sample, models: ["m"])
        return state
    }

    private func retry(_ state: StateDatabase, _ kind: RetryWish.Kind, _ paths: String...) async throws -> Retry.Outcome
    {
        try await Retry(state: state, directory: "/nonexistent", now: .sample).perform(RetryWish(kind, paths: paths))
    }

    @Test("more sheets than one transaction takes are all tried again")
    func many() async throws {
        let state = try await prepared(1201)
        try await state.database.write { try $0.execute(sql: "UPDATE job SET stage = 'failed', failure = 'x'") }
        #expect(try await retry(state, .failed).sheets == 1201)
        #expect(try await state.stageCounts(JobFilter(models: ["m"])) == [.new: 1201])
    }

    @Test("a sheet in a batch is not asked about a second time")
    func batched() async throws {
        let state = try await prepared(1)
        try await state.database.write {
            try $0.execute(sql: "UPDATE job SET stage = 'batched', next_attempt = 2e9, answer_id = NULL")
        }
        for kind in [RetryWish.Kind.unfinished, .failed, .outdated, .deleted] {
            #expect(try await retry(state, kind, "jpeg").sheets == 0)
        }
        #expect(try await state.job(1)?.stage == .batched)
    }

    @Test("work that is under way on a sheet that waited still counts")
    func underWay() async throws {
        let state = try await prepared(1)
        let job = try await state.sampleJob(1)
        try await state.postpone(job, until: .sample + 60, reason: "busy", countsAsAttempt: true)
        #expect(try await retry(state, .unfinished, "jpeg/1.jpg").sheets == 1)
        #expect(try await state.job(1)?.attempts == 0)
        let answer = try await state.storeSampleAnswer(AnswerKey(content: "c", model: "m", promptKind: .standard))
        try await state.link(job, content: "c", answer: answer.id)
        #expect(try await state.job(1)?.stage == .answered)
    }

    @Test("models that rest are woken, but not for a path that is not there")
    func pauses() async throws {
        let state = try await prepared(1)
        try await state.store(ModelPause(model: "m", reason: "r", since: .sample, until: nil, isNamed: true))
        let missing = try await retry(state, .unfinished, "png")
        #expect((missing.unmatched, missing.woken) == (["png"], []))
        #expect(try await state.pauses().count == 1)
        #expect(try await retry(state, .failed).woken == ["m"])
        #expect(try await state.pauses().isEmpty)
    }

    @Test("a plan changes nothing")
    func plan() async throws {
        let state = try await prepared(2)
        try await state.database.write { try $0.execute(sql: "UPDATE job SET stage = 'failed'") }
        let retry = Retry(state: state, directory: "/nonexistent", now: .sample)
        #expect(try await retry.plan(RetryWish(.failed)).sheets == 2)
        #expect(try await state.stageCounts(JobFilter(models: ["m"])) == [.failed: 2])
    }

    @Test("the state has another version when another process has written to it, not when this one has")
    func version() async throws {
        try await ScratchFolder.use { folder in
            let state = try StateDatabase(directory: folder)
            let before = try await state.version()
            try await state.remember(.installation, "ours")
            #expect(try await state.version() == before)
            let other = try StateDatabase(directory: folder)
            try await other.remember(.installation, "other")
            #expect(try await state.version() != before)
            try other.database.close()
            try state.database.close()
        }
    }
}
