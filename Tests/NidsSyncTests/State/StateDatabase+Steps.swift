import DAV
import Foundation
import Transcriber

@testable import NidsSync

/// Single steps of the pipeline, each in a transaction of its own, for tests that tell a story in a few lines.
extension StateDatabase {
    func job(_ id: Int64) async throws -> SheetJob? { try await read { try $0.jobs.job(id) } }
    func pauses() async throws -> [ModelPause] { try await read { try $0.pauses.all() } }
    func store(_ pause: ModelPause) async throws { try await write { try $0.pauses.store(pause) } }
    func openBatches() async throws -> [BatchRecord] { try await read { try $0.batches.open() } }

    func stageCounts(_ filter: JobFilter) async throws -> [SheetJob.Stage: Int] {
        try await read { try $0.counts.byStage(filter) }
    }

    func nextDue(after now: Date, holds: Bool) async throws -> Date? {
        try await read { try $0.jobs.nextDue(after: now, holds: holds) }
    }

    func dueJobs(_ stage: SheetJob.Stage, _ filter: JobFilter, at now: Date, limit: Int) async throws -> [DueJob] {
        try await read { try $0.jobs.due(stage, filter, at: now, limit: limit) }
    }

    func triage(_ filter: JobFilter, limit: Int) async throws -> Int {
        try await write { try $0.sortNewJobs(filter, limit: limit) }
    }

    func takeUp(_ id: Int64, at stages: [SheetJob.Stage], countsStart: Bool) async throws -> SheetJob? {
        try await write { try $0.jobs.take(id, at: stages, countsStart: countsStart) }
    }

    func postpone(_ job: SheetJob, until next: Date?, reason: String?, countsAsAttempt: Bool) async throws {
        try await write { try $0.jobs.postpone(job, until: next, reason: reason, countsAsAttempt: countsAsAttempt) }
    }

    /// A job that nobody has looked at yet is sorted to ask, as the dispatcher does before anything else.
    private func sorted(_ job: SheetJob) async throws {
        try await write { tables in
            if try tables.jobs.job(job.id)?.stage == .new { try tables.jobs.sort(job.id, adopts: false) }
        }
    }

    func fail(_ job: SheetJob, reason: String) async throws {
        if try await self.job(job.id)?.revision == job.revision { try await sorted(job) }
        try await write { try $0.jobs.fail(job, reason: reason) }
    }

    @discardableResult
    func complete(_ job: SheetJob, note: String?) async throws -> Bool {
        try await write { try $0.jobs.complete(job, note: note) }
    }

    func markRecorded(_ job: SheetJob) async throws { try await write { try $0.jobs.markRecorded(job) } }

    func link(_ job: SheetJob, content: String, answer: Int64) async throws {
        if try await self.job(job.id)?.revision == job.revision { try await sorted(job) }
        try await write { try $0.link(job, content: content, answer: answer) }
    }

    /// The job is delivered, to both sides.
    func finish(_ id: Int64) async throws {
        let job = try await sampleJob(id)
        try await sorted(job)
        try await write { tables in
            if try tables.jobs.job(id)?.stage != .answered { try tables.jobs.adoptTheirs(job) }
            try tables.jobs.markPersonsRecorded(job)
            _ = try tables.jobs.complete(job, note: nil)
        }
    }

    func answer(_ key: AnswerKey) async throws -> StoredAnswer? { try await read { try $0.answers.answer(key) } }
    func answer(id: Int64) async throws -> StoredAnswer? { try await read { try $0.answers.answer(id: id) } }

    func requestHistory(_ key: AnswerKey) async throws -> RequestHistory {
        try await read { try $0.requests.history(key) }
    }

    func beginRequest(_ key: AnswerKey, at now: Date) async throws -> Int64 {
        try await write { try $0.requests.begin(key, at: now) }
    }

    func endRequest(_ id: Int64, _ outcome: RequestOutcome, at now: Date) async throws {
        try await write { try $0.requests.end(id, outcome, at: now) }
    }

    func spending(since date: Date) async throws -> [String: Spending] {
        try await read { try $0.requests.spending(since: date) }
    }

    func publication(_ path: RemotePath) async throws -> Publication? {
        try await read { try $0.publications.publication(path) }
    }

    func publications(of job: Int64) async throws -> [Publication] {
        try await read { try $0.publications.all(of: job) }
    }

    func store(_ publication: Publication) async throws { try await write { try $0.publications.store(publication) } }

    func storePublished(_ publication: Publication, _ job: SheetJob, _ readings: [StoredReading]) async throws {
        try await write { try $0.storePublished(publication, job, readings) }
    }

    func readings(beside job: SheetJob) async throws -> [StoredReading] {
        try await read { try $0.readings(beside: job) }
    }

    func isConsensusDue(beside job: SheetJob) async throws -> Bool {
        try await read { try $0.isConsensusDue(beside: job) }
    }

    func storeCollection(_ path: RemotePath, etag: ETag?, fileID: String?) async throws {
        try await write { try $0.collections.store(path, etag: etag, fileID: fileID) }
    }

    func collectionETag(_ path: RemotePath) async throws -> String? {
        try await read { try $0.collections.etag(of: path) }
    }

    func childCollections(of path: RemotePath) async throws -> [RemotePath: String?] {
        try await read { try $0.collections.children(of: path) }
    }

    func resultExists(_ path: RemotePath) async throws -> Bool { try await read { try $0.resultFiles.exists(path) } }
}
