import DAV
import Foundation
import GRDB
import Testing
import Transcriber

@testable import NidsSync

@Suite("The answers that were paid for")
struct StateAnswersTests {
    private let key = AnswerKey(content: "c", model: "m", promptKind: .standard)

    @Test("an answer is found under its content, model and kind of prompt, and under nothing else")
    func keys() async throws {
        let store = try StateStore.inMemory()
        let stored = try await store.storeSampleAnswer(key, text: "{\"a\": 1}")
        let found = try #require(try await store.answer(key))
        #expect(found.id == stored.id)
        #expect(found.text == "{\"a\": 1}")
        #expect(found.usage == TokenUsage(input: 1, output: 2, thinking: 3))
        #expect(found.receivedAt - found.askedAt == 60)
        #expect(try await store.answer(id: stored.id)?.text == "{\"a\": 1}")
        #expect(try await store.answer(id: stored.id + 1) == nil)
        for other in [
            AnswerKey(content: "d", model: "m", promptKind: .standard),
            AnswerKey(content: "c", model: "n", promptKind: .standard),
            AnswerKey(content: "c", model: "m", promptKind: .ancien),
        ] { #expect(try await store.answer(other) == nil) }
    }

    @Test("a second answer for the same key does not replace the first")
    func first() async throws {
        let store = try StateStore.inMemory()
        let first = try await store.storeSampleAnswer(key, text: "first")
        let second = try await store.storeSampleAnswer(key, text: "second")
        #expect(second.id == first.id)
        #expect(second.text == "first")
    }

    @Test("an answer without tokens has none")
    func withoutTokens() async throws {
        let store = try StateStore.inMemory()
        let answer = try await store.storeAnswer(
            EngineAnswer(text: "{}", providerModel: "tesseract"), key, promptVersion: 1, askedAt: .sample,
            receivedAt: .sample,
            request: nil)
        #expect(answer.usage == nil)
    }

    @Test("requests whose answer never came are counted, under their own key alone")
    func lost() async throws {
        let store = try StateStore.inMemory()
        #expect(try await store.lostRequests(key) == 0)
        _ = try await store.beginRequest(key, at: .sample)
        #expect(try await store.lostRequests(key) == 1, "the program may have died right after it was sent")
        let second = try await store.beginRequest(key, at: .sample)
        try await store.endRequest(second, outcome: "lost", at: .sample)
        #expect(try await store.lostRequests(key) == 2)
        let refused = try await store.beginRequest(key, at: .sample)
        try await store.endRequest(refused, outcome: "refused", at: .sample)
        #expect(try await store.lostRequests(key) == 2, "what was refused was not billed")
        let answered = try await store.beginRequest(key, at: .sample)
        try await store.storeSampleAnswer(key, request: answered)
        #expect(try await store.lostRequests(key) == 2)
        #expect(try await store.lostRequests(AnswerKey(content: "c", model: "n", promptKind: .standard)) == 0)
    }

    @Test("answers and requests outlive the program")
    func durable() async throws {
        try await ScratchFolder.use { folder in
            let store = try StateStore(directory: folder)
            _ = try await store.beginRequest(key, at: .sample)
            try await store.storeSampleAnswer(key, text: "paid")
            try store.database.close()
            let again = try StateStore(directory: folder)
            #expect(try await again.answer(key)?.text == "paid")
            #expect(try await again.lostRequests(key) == 1)
        }
    }
}

@Suite("The jobs in the state")
struct StateJobsTests {
    private func prepared(_ count: Int = 3) async throws -> StateStore {
        let store = try StateStore.inMemory()
        let scans = (1...count).map { FoundScan.sample("jpeg/\($0).jpg") }
        try await store.storeScans(scans, of: .sample("jpeg"), at: .sample, models: ["m"])
        return store
    }

    private let filter = JobFilter(models: ["m"])

    @Test("due jobs come in order, page by page")
    func pages() async throws {
        let store = try await prepared(5)
        #expect(try await store.dueJobs(filter, after: 0, at: .sample, limit: 2) == [1, 2])
        #expect(try await store.dueJobs(filter, after: 2, at: .sample, limit: 2) == [3, 4])
        #expect(try await store.dueJobs(filter, after: 5, at: .sample, limit: 2) == [])
        #expect(try await store.dueCount(filter, at: .sample) == 5)
        #expect(try await store.dueCount(JobFilter(models: ["other"]), at: .sample) == 0)
    }

    @Test("a postponed job is due at its time, not before")
    func postponed() async throws {
        let store = try await prepared()
        let later = Date.sample.addingTimeInterval(60)
        try await store.postpone(2, until: later, reason: "busy", countsAsAttempt: true)
        #expect(try await store.dueJobs(filter, after: 0, at: .sample, limit: 9) == [1, 3])
        #expect(try await store.dueJobs(filter, after: 0, at: later, limit: 9) == [1, 2, 3])
        #expect(try await store.nextDue(filter) == later)
        #expect(try await store.job(2)?.attempts == 1)
        try await store.postpone(2, until: nil, reason: nil, countsAsAttempt: false)
        #expect(try await store.job(2)?.attempts == 1)
        #expect(try await store.nextDue(filter) == nil)
    }

    @Test("starts are counted until the work ends in an orderly way")
    func starts() async throws {
        let store = try await prepared()
        try await store.countStart(1)
        try await store.countStart(1)
        #expect(try await store.job(1)?.starts == 2)
        try await store.postpone(1, until: nil, reason: nil, countsAsAttempt: false)
        #expect(try await store.job(1)?.starts == 0)
    }

    @Test("a failed and a finished job are not due, and are counted as such")
    func ended() async throws {
        let store = try await prepared()
        try await store.fail(1, reason: "broken")
        try await store.complete(2, note: nil)
        #expect(try await store.dueJobs(filter, after: 0, at: .sample, limit: 9) == [3])
        #expect(try await store.stageCounts(filter) == [.failed: 1, .done: 1, .new: 1])
        try await store.complete(1, note: nil)
        #expect(try await store.job(1)?.stage == .failed, "what failed is not done")
    }

    @Test("an answer for other content has to be delivered anew, for the same it has not")
    func linked() async throws {
        let store = try await prepared()
        let answer = try await store.storeSampleAnswer(AnswerKey(content: "c", model: "m", promptKind: .standard))
        var job = try #require(try await store.job(1))
        try await store.link(job, content: "c", answer: answer.id)
        try await store.markRecorded(1)
        let path = RemotePath.sample("transcription_results/jpeg/m/1_result.json")
        try await store.store(Publication(path: path, jobID: 1, state: .published, etag: "e", published: "p"))

        job = try #require(try await store.job(1))
        try await store.link(job, content: "c", answer: answer.id)
        #expect(try await store.job(1)?.isRecorded == true)
        #expect(try await store.publication(path)?.state == .published)

        let other = try await store.storeSampleAnswer(AnswerKey(content: "d", model: "m", promptKind: .standard))
        try await store.link(job, content: "d", answer: other.id)
        #expect(try await store.job(1)?.isRecorded == false)
        #expect(try await store.publication(path)?.state == .pending)
        #expect(try await store.publication(path)?.published == "p")
    }

    @Test("a new observations' home gets everything once more")
    func recordAgain() async throws {
        let store = try await prepared()
        try await store.markRecorded(1)
        try await store.complete(1, note: nil)
        try await store.fail(2, reason: "broken")
        try await store.recordAgain()
        #expect(try await store.job(1)?.stage == .answered)
        #expect(try await store.job(1)?.isRecorded == false)
        #expect(try await store.job(2)?.stage == .failed)
    }
}
