import Foundation
import Transcriber

/// Has one job after the other tried again, within one transaction. A job that has gone on since it was chosen is left
/// to go on.
struct RetryWriter {
    let tables: StateTables
    let meanings: ProviderModels
    /// Requests begun before that are no running process's.
    let deadBefore: Date

    /// - Returns: `true` when it will be tried again.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func tryAgain(_ id: Int64, _ kind: RetryWish.Kind) throws -> Bool {
        guard let job = try tables.jobs.job(id) else { return false }
        switch (kind, job.stage) {
        case (.unfinished, .failed), (.failed, .failed):
            try resume(job)
            return true
        case (.unfinished, .new), (.unfinished, .adopting), (.unfinished, .asking), (.unfinished, .answered):
            return try tables.jobs.hasten(id)
        case (.outdated, .done), (.outdated, .answered), (.outdated, .failed): return try renew(job)
        case (.deleted, .done), (.deleted, .answered), (.deleted, .failed):
            guard try tables.publications.bringBack(id) else { return false }
            try tables.jobs.bringBack(id)
            return true
        default: return false
        }
    }

    /// A job that failed. What has its answer, or a person's result, is only delivered.
    private func resume(_ job: SheetJob) throws {
        let content = try tables.scans.lastContent(of: job.sheetID)
        for content in Set([job.content, content].compactMap { $0 }) { try forgive(job.key(content)) }
        let isTheirs = try tables.publications.hasTheirs(job.id)
        let isAnswered = try isTheirs || hasAnswer(job, content)
        try tables.jobs.resume(job.id, isAnswered: isAnswered, isTheirs: isTheirs)
    }

    /// A job that is asked about anew. The old answer stays its answer, published and recorded, until another has
    /// come; its place under the key is free for that one.
    private func renew(_ job: SheetJob) throws -> Bool {
        guard let content = job.content, let id = job.answerID, let linked = try tables.answers.answer(id: id),
            meanings.isOutdated(linked, job.key(content))
        else { return false }
        let key = job.key(content)
        if let stored = try tables.answers.answer(key), meanings.isOutdated(stored, key) {
            try tables.answers.supersede(stored.id)
        }
        try forgive(key)
        try tables.jobs.renew(job.id)
        return true
    }

    private func forgive(_ key: AnswerKey) throws { try tables.requests.forgive(key, deadBefore: deadBefore) }

    /// `true` when the job has the answer for its scans as they are.
    private func hasAnswer(_ job: SheetJob, _ lastContent: String?) throws -> Bool {
        guard let id = job.answerID, let content = job.content, lastContent == content,
            try tables.answers.isAnswer(id, to: job.key(content))
        else { return false }
        return try tables.scans.isContentKnown(of: job.sheetID)
    }
}

extension ProviderModels {
    /// `true` for an answer of an older prompt, or of another model than the label means now.
    func isOutdated(_ answer: StoredAnswer, _ key: AnswerKey) -> Bool {
        answer.promptVersion < Prompt.version(of: key.promptKind)
            || !isCurrent(answer.providerModel, label: key.model, askedAt: answer.askedAt)
    }
}
