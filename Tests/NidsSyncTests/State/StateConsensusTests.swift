import DAV
import GRDB
import Testing
import Transcriber

@testable import NidsSync

@Suite("When the primary's result is due again")
struct StateConsensusTests {
    private let place = RemotePath.sample("transcription_results/jpeg/a/1_result.json")

    /// A sheet with a job for each model, the primary's answered.
    private func store(models: [String] = ["a", "b"]) async throws -> StateDatabase {
        var store = try StateDatabase.inMemory()
        store.models = models
        try await store.storeScans([.sample("jpeg/1.jpg")], of: .sample("jpeg"), at: .sample, models: models)
        try await store.answer(1, model: models[0])
        return store
    }

    private func publish(_ store: StateDatabase, _ readings: [StoredReading]) async throws {
        try await store.storePublished(
            Publication(path: place, jobID: 1, state: .published, etag: "e", published: "p"),
            try await store.sampleJob(1), readings)
    }

    private func publishPrimary(_ store: StateDatabase) async throws {
        try await publish(store, try await store.readings(beside: try await store.sampleJob(1)))
        try await store.finish(1)
    }

    @Test("another model's answer makes it due again, and nothing else of it changes")
    func due() async throws {
        let store = try await store()
        try await publishPrimary(store)
        #expect(try await store.sampleJob(1).stage == .done)
        let revision = try await store.sampleJob(1).revision
        try await store.answer(2, model: "b")
        let job = try await store.sampleJob(1)
        #expect((job.stage, job.isPublished, job.isRecorded, job.revision) == (.answered, false, true, revision))
        let publication = try #require(try await store.publication(place))
        #expect((publication.state, publication.etag, publication.published) == (.pending, "e", "p"))
        #expect(try await store.isConsensusDue(beside: try await store.sampleJob(2)))
        #expect(!(try await store.isConsensusDue(beside: job)))
    }

    @Test("the same answer once more, for a scan that was only touched, makes nothing due")
    func touched() async throws {
        let store = try await store()
        try await store.answer(2, model: "b")
        try await publishPrimary(store)
        try await store.answer(2, model: "b")
        #expect(try await store.publication(place)?.state == .published)
        #expect(try await store.sampleJob(1).stage == .done)
    }

    @Test("an upload that was made without an answer that came meanwhile is not the last one")
    func answeredDuringUpload() async throws {
        let store = try await store()
        let readings = try await store.readings(beside: try await store.sampleJob(1))
        #expect(readings.map(\.model) == ["a"])
        try await store.answer(2, model: "b")
        try await publish(store, readings)
        #expect(try await store.publication(place)?.state == .pending)
        #expect(try await store.publication(place)?.etag == "e")
        #expect(!(try await store.complete(try await store.sampleJob(1), note: nil)))
        #expect(!(try await store.sampleJob(1).isPublished))
        try await publish(store, try await store.readings(beside: try await store.sampleJob(1)))
        #expect(try await store.complete(try await store.sampleJob(1), note: nil))
        #expect(try await store.sampleJob(1).isPublished)
    }

    @Test("an answer that comes between publishing and completion is not overlooked", arguments: [true, false])
    func answeredBeforeCompletion(isRecorded: Bool) async throws {
        let store = try await store()
        let job = try await store.sampleJob(1)
        try await publish(store, try await store.readings(beside: job))
        try await store.answer(2, model: "b")
        if isRecorded { try await store.markRecorded(job) }
        #expect(!(try await store.complete(job, note: nil)))
        let after = try await store.sampleJob(1)
        #expect((after.stage, after.isPublished, after.isRecorded) == (.answered, false, isRecorded))
    }

    @Test("a primary that is being looked at again is due again all the same")
    func reopened() async throws {
        let store = try await store()
        try await publishPrimary(store)
        try await store.write { try $0.jobs.reopen(1) }
        try await store.answer(2, model: "b")
        #expect(try await store.publication(place)?.state == .pending)
        #expect(try await store.sampleJob(1).stage == .new)
    }

    @Test(
        "a person's file, one that is gone and one that was left are not touched",
        arguments: [Publication.State.theirs, .deleted, .left])
    func persons(state: Publication.State) async throws {
        let store = try await store()
        try await store.store(Publication(path: place, jobID: 1, state: state, etag: "e"))
        try await store.finish(1)
        try await store.answer(2, model: "b")
        #expect(try await store.publication(place)?.state == state)
        #expect(try await store.sampleJob(1).stage == .done)
    }

    @Test(
        "an answer for another content, for another prompt or of a model that is not configured makes nothing due",
        arguments: [("b", "d", PromptKind.standard), ("b", "c", .ancien), ("c", "c", .standard)])
    func others(model: String, content: String, kind: PromptKind) async throws {
        var store = try await store(models: ["a", "b", "c"])
        store.models = ["a", "b"]
        try await publishPrimary(store)
        let job = try await store.sampleJob(model == "b" ? 2 : 3)
        let answer = try await store.storeSampleAnswer(AnswerKey(content: content, model: model, promptKind: kind))
        try await store.link(job, content: content, answer: answer.id)
        #expect(try await store.publication(place)?.state == .published)
        #expect(try await store.readings(beside: try await store.sampleJob(1)).map(\.model) == ["a"])
    }

    @Test("readings stand in the models' order, the primary's first, and no other model's job has any")
    func order() async throws {
        let store = try await store(models: ["z", "y", "x"])
        try await store.answer(3, model: "x")
        try await store.answer(2, model: "y")
        #expect(try await store.readings(beside: try await store.sampleJob(1)).map(\.model) == ["z", "y", "x"])
        #expect(try await store.readings(beside: try await store.sampleJob(2)) == [])
    }

    @Test("a result is adopted as it is, unless a model was asked that it does not name", arguments: [true, false])
    func adopted(isNamed: Bool) async throws {
        let store = try await store()
        try await store.answer(2, model: "b")
        let job = try await store.sampleJob(1)
        let answer = try #require(job.answerID)
        let publication = Publication(path: place, jobID: 1, state: .published, etag: "e", published: "p")
        try await store.write { tables in
            try tables.adoptOurs(
                job, content: "c", answer: answer, compared: isNamed ? ["a", "b"] : [], publication)
        }
        #expect(try await store.publication(place)?.state == (isNamed ? .published : .pending))
    }
}

extension StateDatabase {
    /// A model answers for content `c`.
    fileprivate func answer(_ job: Int64, model: String) async throws {
        let stored = try await storeSampleAnswer(AnswerKey(content: "c", model: model, promptKind: .standard))
        try await link(try await sampleJob(job), content: "c", answer: stored.id)
    }
}
