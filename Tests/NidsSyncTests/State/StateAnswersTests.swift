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
        let store = try StateDatabase.inMemory()
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
        let store = try StateDatabase.inMemory()
        let first = try await store.storeSampleAnswer(key, text: "first")
        let second = try await store.storeSampleAnswer(key, text: "second")
        #expect(second.id == first.id)
        #expect(second.text == "first")
    }

    @Test("an answer without tokens has none")
    func withoutTokens() async throws {
        let store = try StateDatabase.inMemory()
        let received = ReceivedAnswer(
            answer: EngineAnswer(text: "{}", providerModel: "tesseract"), promptVersion: 1, askedAt: .sample,
            receivedAt: .sample)
        let answer = try await store.write { [key] in try $0.storeAnswer(received, key, request: nil) }
        #expect(answer.usage == nil)
    }

    @Test("requests whose answer never came are counted, under their own key alone")
    func lost() async throws {
        let store = try StateDatabase.inMemory()
        #expect(try await store.requestHistory(key).lost == 0)
        _ = try await store.beginRequest(key, at: .sample)
        #expect(try await store.requestHistory(key).lost == 1, "the program may have died right after it was sent")
        let second = try await store.beginRequest(key, at: .sample)
        try await store.endRequest(second, .lost, at: .sample)
        #expect(try await store.requestHistory(key).lost == 2)
        let refused = try await store.beginRequest(key, at: .sample)
        try await store.endRequest(refused, .refused, at: .sample)
        #expect(try await store.requestHistory(key).lost == 2, "what was refused was not billed")
        let answered = try await store.beginRequest(key, at: .sample)
        try await store.storeSampleAnswer(key, request: answered)
        #expect(try await store.requestHistory(key).lost == 2)
        #expect(
            try await store.requestHistory(AnswerKey(content: "c", model: "n", promptKind: .standard))
                == RequestHistory())
    }

    @Test("answers and requests outlive the program")
    func durable() async throws {
        try await ScratchFolder.use { folder in
            let store = try StateDatabase(directory: folder)
            _ = try await store.beginRequest(key, at: .sample)
            try await store.storeSampleAnswer(key, text: "paid")
            try store.database.close()
            let again = try StateDatabase(directory: folder)
            #expect(try await again.answer(key)?.text == "paid")
            #expect(try await again.requestHistory(key).lost == 1)
        }
    }
}

@Suite("The jobs in the state")
struct StateJobsTests {
    private func prepared(_ count: Int = 3) async throws -> StateDatabase {
        let store = try StateDatabase.inMemory()
        let scans = (1...count).map { FoundScan.sample("jpeg/\($0).jpg") }
        try await store.storeScans(scans, of: .sample("jpeg"), at: .sample, models: ["m"])
        return store
    }

    private let filter = JobFilter(models: ["m"])

    @Test("due jobs come in order, those taken up before last")
    func pages() async throws {
        let store = try await prepared(5)
        func due(_ stage: SheetJob.Stage) async throws -> [Int64] {
            try await store.dueJobs(stage, filter, at: .sample, limit: 2).map(\.id)
        }
        #expect(try await due(.new) == [1, 2])
        #expect(try await store.triage(filter, limit: 9) == 5)
        #expect(try await due(.new) == [])
        #expect(try await due(.asking) == [1, 2])
        for id in [Int64(1), 2] { _ = try await store.takeUp(id, at: [.asking], countsStart: false) }
        #expect(try await due(.asking) == [3, 4], "those taken up before stand back")
        #expect(try await store.pendingJobs(JobFilter(models: ["other"])) == [])
    }

    @Test("a postponed job is due at its time, not before")
    func postponed() async throws {
        let store = try await prepared()
        let later = Date.sample.addingTimeInterval(60)
        let job = try await store.sampleJob(2)
        try await store.postpone(job, until: later, reason: "busy", countsAsAttempt: true)
        #expect(try await store.pendingJobs(filter) == [1, 3])
        #expect(try await store.pendingJobs(filter, at: later) == [1, 2, 3])
        #expect(try await store.nextDue(after: .sample, holds: true) == later)
        #expect(try await store.job(2)?.attempts == 1)
        try await store.postpone(job, until: nil, reason: nil, countsAsAttempt: false)
        #expect(try await store.job(2)?.attempts == 1)
        #expect(try await store.nextDue(after: .sample, holds: true) == nil)
    }

    @Test("starts are counted until the work ends in an orderly way")
    func starts() async throws {
        let store = try await prepared()
        for _ in 0..<2 { _ = try await store.takeUp(1, at: [.new], countsStart: true) }
        #expect(try await store.job(1)?.starts == 2)
        try await store.postpone(try await store.sampleJob(1), until: nil, reason: nil, countsAsAttempt: false)
        #expect(try await store.job(1)?.starts == 0)
    }

    @Test("a failed and a finished job are not due, and are counted as such")
    func ended() async throws {
        let store = try await prepared()
        try await store.fail(try await store.sampleJob(1), reason: "broken")
        try await store.finish(2)
        #expect(try await store.pendingJobs(filter) == [3])
        #expect(try await store.stageCounts(filter) == [.failed: 1, .done: 1, .new: 1])
    }

    @Test("work on what a scan was before does not count")
    func superseded() async throws {
        let store = try await prepared()
        let job = try await store.sampleJob(1)
        try await store.storeScans(
            [.sample("jpeg/1.jpg", etag: "t2"), .sample("jpeg/2.jpg"), .sample("jpeg/3.jpg")], of: .sample("jpeg"),
            at: .sample, models: ["m"])
        try await store.fail(job, reason: "broken")
        try await store.complete(job, note: nil)
        let answer = try await store.storeSampleAnswer(AnswerKey(content: "c", model: "m", promptKind: .standard))
        try await store.link(job, content: "c", answer: answer.id)
        #expect(try await store.job(1)?.stage == .new)
        #expect(try await store.job(1)?.content == nil)
    }

    @Test("an answer for other content has to be delivered anew, for the same it has not")
    func linked() async throws {
        let store = try await prepared()
        let answer = try await store.storeSampleAnswer(AnswerKey(content: "c", model: "m", promptKind: .standard))
        var job = try #require(try await store.job(1))
        try await store.link(job, content: "c", answer: answer.id)
        try await store.markRecorded(try await store.sampleJob(1))
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
        try await store.finish(1)
        try await store.fail(try await store.sampleJob(2), reason: "broken")
        try await store.write { try $0.jobs.recordEverythingAgain() }
        #expect(try await store.job(1)?.stage == .answered)
        #expect(try await store.job(1)?.isRecorded == false)
        #expect(try await store.job(2)?.stage == .failed)
    }
}
