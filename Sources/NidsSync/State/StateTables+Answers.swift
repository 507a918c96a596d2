import Foundation
import GRDB
import Transcriber

/// The way in which a job comes to an answer without anything being asked.
enum Settled: Sendable {
    /// It is stored, and the job has it now.
    case answered
    /// A batch will bring it, and the job waits for that.
    case awaited
}

extension StateTables {
    /// Stores an answer the moment it arrives, and ends the request that brought it.
    func storeAnswer(_ received: ReceivedAnswer, _ key: AnswerKey, request: Int64?) throws -> StoredAnswer {
        let (stored, isNew) = try answers.store(received, key)
        if let request {
            try requests.end(
                request, .answered, usage: received.answer.usage, cost: received.cost, at: received.receivedAt)
        } else if isNew {
            try requests.recordAdopted(key, received)
        }
        return stored
    }

    /// Gives a job an answer; what it delivered for other content must be delivered anew.
    func link(_ job: SheetJob, content: String, answer: Int64) throws {
        guard try jobs.answer(job, content: content, answer: answer) else { return }
        // Another reading of the same content is no reason to bring back what a person deleted, nor is the first one of
        // ours where a person's result was adopted.
        try publications.renew(job.id, bringsBack: job.content != nil && job.content != content)
        try renewConsensus(with: answer, of: job)
    }

    /// Gives a job the stored answer for a content, or has it wait for a batch that will bring one.
    ///
    /// - Returns: `nil` where a model has to be asked.
    func settle(_ job: SheetJob, _ key: AnswerKey) throws -> Settled? {
        if let answer = try answers.answer(key) {
            try link(job, content: key.content, answer: answer.id)
            return .answered
        }
        guard try requests.isAwaited(key) else { return nil }
        try jobs.awaitBatch(job, content: key.content)
        return .awaited
    }

    /// Stores an answer that a batch brought, and gives it to the jobs that wait for it.
    func storeBatched(_ received: ReceivedAnswer, _ key: AnswerKey, request: Int64) throws {
        let stored = try storeAnswer(received, key, request: request)
        for job in try jobs.waiting(for: key) { try link(job, content: key.content, answer: stored.id) }
    }

    /// A batch brought no answer for that content: its jobs are asked about by themselves, or have failed.
    ///
    /// - Parameter failure: the reason why there will never be one.
    /// - Returns: the jobs that waited for it.
    func endBatched(
        _ key: AnswerKey, request: Int64, _ outcome: RequestOutcome, usage: TokenUsage?, cost: Double?,
        failure: String?, at now: Date
    ) throws -> [SheetJob] {
        try requests.end(request, outcome, usage: usage, cost: cost, at: now)
        let waiting = try jobs.waiting(for: key)
        for job in waiting {
            if let failure { try jobs.failAfterBatch(job, reason: failure) } else { try jobs.askAfterBatch(job) }
        }
        return waiting
    }

    /// Nothing more is awaited of a batch: what it did not answer ends so, and is asked about again.
    ///
    /// - Parameter alone: `true` to ask about each by itself; else it may be one of another batch, unless that went
    ///   wrong before.
    /// - Returns: the number of requests that had no result.
    func finishBatch(_ batch: Int64, _ outcome: RequestOutcome, alone: Bool, at now: Date) throws -> Int {
        let count = try requests.endOpen(inBatch: batch, outcome, at: now)
        try batches.markDone(batch)
        try jobs.takeBackOrphans(alone: alone)
        return count
    }

    /// A batch that came to nothing before it was sent: its sheets are gathered anew.
    func discardBatch(_ batch: Int64) throws {
        try batches.discard(batch)
        try jobs.takeBackOrphans(alone: false)
    }
}
