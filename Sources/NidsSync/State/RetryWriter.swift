import Foundation
import GRDB

/// Has one job after the other tried again, within one transaction. A job that has gone on since it was chosen is left
/// to go on.
struct RetryWriter {
    let db: Database
    let meanings: ProviderModels
    let deadBefore: Date

    /// - Returns: whether it will be tried again.
    func tryAgain(_ id: Int64, _ kind: RetryWish.Kind) throws -> Bool {
        guard let job = try Row.fetchOne(try db.cachedStatement(sql: "SELECT * FROM job WHERE id = ?"), arguments: [id])
        else {
            return false
        }
        switch (kind, SheetJob.Stage(rawValue: job["stage"])) {
        case (.unfinished, .failed), (.failed, .failed): return try resume(id, job)
        case (.unfinished, .new), (.unfinished, .adopting), (.unfinished, .asking), (.unfinished, .answered):
            return try hasten(id)
        case (.outdated, .done), (.outdated, .answered), (.outdated, .failed): return try renew(id, job)
        case (.deleted, .done), (.deleted, .answered), (.deleted, .failed): return try bringBack(id)
        default: return false
        }
    }

    /// A job that failed. What has its answer, or a person's result, is only delivered.
    private func resume(_ id: Int64, _ job: Row) throws -> Bool {
        for content in Set([job["content"] as String?, try content(job)].compactMap { $0 }) {
            try forgive(content, job)
        }
        let isTheirs = try Bool.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM publication WHERE job_id = ? AND is_result AND state = 'theirs')
                    """), arguments: [id])
        let isAnswered = try isTheirs == true || hasAnswer(job)
        try db.cachedStatement(
            sql: """
                UPDATE job SET stage = ?, revision = revision + 1, turn = 0, starts = 0, attempts = 0,
                    next_attempt = NULL, failure = NULL, alone = 0, published = 0,
                    recorded = CASE WHEN ? THEN 0 ELSE recorded END WHERE id = ?
                """
        ).execute(arguments: [isAnswered ? "answered" : "new", isTheirs == true, id])
        return true
    }

    /// Work on it may be under way, and counts.
    private func hasten(_ id: Int64) throws -> Bool {
        try db.cachedStatement(
            sql: "UPDATE job SET attempts = 0, next_attempt = NULL WHERE id = ? AND next_attempt IS NOT NULL"
        ).execute(arguments: [id])
        return db.changesCount > 0
    }

    /// A job that is asked about anew. The old answer stays its answer, published and recorded, until another has
    /// come; its place under the key is free for that one.
    private func renew(_ id: Int64, _ job: Row) throws -> Bool {
        guard let key = StateStore.key(job), let answer: Int64 = job["answer_id"],
            let linked = try Row.fetchOne(
                try db.cachedStatement(sql: "SELECT * FROM answer WHERE id = ?"), arguments: [answer]),
            StateStore.isOutdated(linked, key, meanings)
        else { return false }
        let stored = try Row.fetchOne(
            try db.cachedStatement(sql: "SELECT * FROM answer WHERE content = ? AND model = ? AND prompt_kind = ?"),
            arguments: key.arguments)
        if let stored, StateStore.isOutdated(stored, key, meanings) {
            try db.cachedStatement(
                sql: "UPDATE answer SET content = 'superseded ' || id || ' ' || content WHERE id = ?"
            ).execute(arguments: [stored["id"] as Int64])
        }
        try forgive(key.content, job)
        try db.cachedStatement(
            sql: """
                UPDATE job SET stage = 'new', revision = revision + 1, turn = 0, starts = 0, attempts = 0,
                    next_attempt = NULL, failure = NULL, alone = 0 WHERE id = ?
                """
        ).execute(arguments: [id])
        return true
    }

    /// A job whose result a person deleted, and wants back.
    private func bringBack(_ id: Int64) throws -> Bool {
        try db.cachedStatement(
            sql: """
                UPDATE publication SET state = 'pending', etag = NULL, sending = NULL, published = NULL, changed = 0
                WHERE job_id = ? AND state = 'deleted'
                """
        ).execute(arguments: [id])
        guard db.changesCount > 0 else { return false }
        try db.cachedStatement(
            sql: """
                UPDATE job SET stage = 'answered', revision = revision + 1, turn = 0, starts = 0, attempts = 0,
                    next_attempt = NULL, failure = NULL, published = 0, recorded = 0 WHERE id = ?
                """
        ).execute(arguments: [id])
        return true
    }

    /// What spoke against another request counts for what was paid, and no more against the sheet.
    private func forgive(_ content: String, _ job: Row) throws {
        try db.cachedStatement(
            sql: """
                UPDATE model_request SET forgiven = 1 WHERE content = ? AND model = ? AND prompt_kind = ?
                AND NOT forgiven AND (outcome IN ('lost', 'refused', 'unreadable', 'cut off', 'empty', 'not json', 'batch failed')
                    OR ended_at IS NULL AND batch_id IS NULL AND started_at < ?)
                """
        ).execute(arguments: [
            content, job["model"] as String, job["prompt_kind"] as String, deadBefore.timeIntervalSince1970,
        ])
    }

    /// The content of a job's scans when they were last read.
    private func content(_ job: Row) throws -> String? {
        let digests = try String?.fetchAll(
            try db.cachedStatement(
                sql: """
                    SELECT sha256 FROM scan WHERE sheet_id = ? AND missing < 2 AND left_out IS NULL ORDER BY side, path
                    """), arguments: [job["sheet_id"] as Int64])
        let known = digests.compactMap { $0 }
        return known.isEmpty || known.count < digests.count ? nil : ContentDigest.sheet(pages: known)
    }

    /// Whether the job has the answer for its scans as they are.
    private func hasAnswer(_ job: Row) throws -> Bool {
        guard let answer: Int64 = job["answer_id"], let content: String = job["content"],
            try self.content(job) == content
        else { return false }
        return try Bool.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM answer WHERE id = ? AND content = ? AND prompt_kind = ?)
                    AND NOT EXISTS (SELECT 1 FROM scan WHERE sheet_id = ? AND missing < 2 AND left_out IS NULL
                        AND (etag IS NULL OR hashed_etag IS NULL OR etag <> hashed_etag))
                    """), arguments: [answer, content, job["prompt_kind"] as String, job["sheet_id"] as Int64]) ?? false
    }
}
