import DAV
import Foundation
import GRDB
import Transcriber

extension StateStore {
    /// A job with its sheet and pages, `nil` when it is gone.
    func job(_ id: Int64) async throws -> SheetJob? {
        try await database.read { db in try Self.job(id, db) }
    }

    static func job(_ id: Int64, _ db: Database) throws -> SheetJob? {
        let select = try db.cachedStatement(
            sql: """
                SELECT job.*, sheet.folder, sheet.result_stem, sheet.recorded_path FROM job
                JOIN sheet ON sheet.id = job.sheet_id WHERE job.id = ?
                """)
        guard let row = try Row.fetchOne(select, arguments: [id]) else { return nil }
        let pages = try db.cachedStatement(
            sql: """
                SELECT id, path, file_id, etag, length, sha256, hashed_etag FROM scan
                WHERE sheet_id = ? AND missing < 2 AND left_out IS NULL ORDER BY side, path
                """)
        let sheet: Int64 = row["sheet_id"]
        let stem: Data = row["result_stem"]
        return SheetJob(
            id: id, sheetID: sheet, model: row["model"], stage: SheetJob.Stage(rawValue: row["stage"]) ?? .new,
            revision: row["revision"], content: row["content"],
            promptKind: PromptKind(rawValue: row["prompt_kind"]) ?? .standard, answerID: row["answer_id"],
            isPublished: row["published"], isRecorded: row["recorded"], starts: row["starts"],
            attempts: row["attempts"],
            nextAttempt: (row["next_attempt"] as Double?).map(Date.init(timeIntervalSince1970:)),
            folder: .stored(row["folder"]), resultStem: Array(stem),
            recordedPath: (row["recorded_path"] as Data?).map(RemotePath.stored),
            pages: try Row.fetchAll(pages, arguments: [sheet]).map(page))
    }

    private static func page(_ row: Row) -> SheetJob.Page {
        let etag: String? = row["etag"]
        let isCurrent = etag != nil && etag == row["hashed_etag"] as String?
        return SheetJob.Page(
            scanID: row["id"], path: .stored(row["path"]), fileID: row["file_id"], etag: etag, length: row["length"],
            sha256: isCurrent ? row["sha256"] : nil)
    }

    /// Takes a job up, counted before anything is done that could take the process down.
    ///
    /// - Parameter countsStart: whether local work on the scan is about to begin.
    /// - Returns: `nil` when it is no longer at one of these stages.
    func takeUp(_ id: Int64, at stages: [SheetJob.Stage], countsStart: Bool) async throws -> SheetJob? {
        try await database.write { db in
            guard var job = try Self.job(id, db), stages.contains(job.stage) else { return nil }
            try db.cachedStatement(sql: "UPDATE job SET turn = turn + 1, starts = starts + ? WHERE id = ?")
                .execute(arguments: [countsStart ? 1 : 0, id])
            if countsStart { job.starts += 1 }
            return job
        }
    }

    /// Work on the job ended in an orderly way and goes on at `next`, or at once.
    func postpone(_ job: SheetJob, until next: Date?, reason: String?, countsAsAttempt: Bool) async throws {
        try await update(
            job, "starts = 0, attempts = attempts + ?, next_attempt = ?, failure = ?",
            [countsAsAttempt ? 1 : 0, next?.timeIntervalSince1970, reason])
    }

    /// Work on the job ended in an orderly way; what was put off stays so.
    func release(_ job: SheetJob, reason: String?) async throws {
        try await update(job, "starts = 0, failure = coalesce(?, failure)", [reason])
    }

    /// What lies at its result's place is not its result: a model has to be asked.
    func ask(_ job: SheetJob) async throws {
        try await update(job, "stage = 'asking', starts = 0, attempts = 0, next_attempt = NULL, failure = NULL", [])
    }

    /// The job failed for good.
    func fail(_ job: SheetJob, reason: String) async throws {
        try await update(job, "stage = 'failed', starts = 0, next_attempt = NULL, failure = ?", [reason])
    }

    /// Everything is delivered, unless the result has become due again meanwhile. `note` tells people why something
    /// was left as it is.
    ///
    /// - Returns: `false` when the result has to be published again.
    @discardableResult
    func complete(_ job: SheetJob, note: String?) async throws -> Bool {
        try await database.write { db in
            let statement = try db.cachedStatement(
                sql: """
                    WITH due AS (SELECT EXISTS (SELECT 1 FROM publication
                        WHERE job_id = :job AND path = :place AND is_result AND state = 'pending') AS again)
                    UPDATE job SET
                        stage = CASE WHEN recorded = 1 AND NOT due.again THEN 'done' ELSE 'answered' END,
                        published = NOT due.again, turn = 0, starts = 0, attempts = 0, next_attempt = NULL,
                        failure = :note
                    FROM due WHERE id = :job AND revision = :revision RETURNING published
                    """)
            return try Bool.fetchOne(
                statement,
                arguments: [
                    "job": job.id, "place": job.resultPath?.blob, "revision": job.revision, "note": note,
                ]) ?? true
        }
    }

    /// The sheet's rows are withdrawn.
    func completeWithdrawal(_ job: SheetJob) async throws {
        try await update(job, "stage = 'withdrawn', attempts = 0, next_attempt = NULL, failure = NULL", [])
    }

    /// Stores what became of a job, unless something happened to its sheet meanwhile: then it is looked at again.
    private func update(_ job: SheetJob, _ changes: String, _ arguments: StatementArguments) async throws {
        try await database.write { db in
            try db.cachedStatement(sql: "UPDATE job SET \(changes) WHERE id = ? AND revision = ?")
                .execute(arguments: arguments + [job.id, job.revision])
        }
    }

    /// Stores a page's content digest, with the tag under which it was taken.
    func storeDigest(_ page: SheetJob.Page, sha256: String) async throws {
        try await database.write { db in
            try db.execute(
                sql: "UPDATE scan SET sha256 = ?, hashed_etag = ? WHERE id = ? AND path = ?",
                arguments: [sha256, page.etag, page.scanID, page.path.blob])
        }
    }

    /// The job has an answer for this content; what it delivered for other content must be delivered anew.
    func link(_ job: SheetJob, content: String, answer: Int64) async throws {
        try await database.write { db in try link(job, content: content, answer: answer, db) }
    }

    func link(_ job: SheetJob, content: String, answer: Int64, _ db: Database) throws {
        let changed = job.content != content || job.answerID != answer
        try db.cachedStatement(
            sql: """
                UPDATE job SET stage = 'answered', content = ?, answer_id = ?, starts = 0, attempts = 0,
                next_attempt = NULL, failure = NULL, published = 0,
                recorded = CASE WHEN ? THEN 0 ELSE recorded END WHERE id = ? AND revision = ?
                """
        ).execute(arguments: [content, answer, changed, job.id, job.revision])
        guard changed, db.changesCount > 0 else { return }
        try db.execute(
            sql: "UPDATE publication SET state = 'pending' WHERE job_id = ? AND state = 'published'",
            arguments: [job.id])
        // Another reading of the same content is no reason to bring back what a person deleted.
        if job.content != content {
            try db.execute(
                sql: """
                    UPDATE publication SET state = 'pending', etag = NULL, published = NULL
                    WHERE job_id = ? AND state = 'deleted'
                    """, arguments: [job.id])
        }
        try renewConsensus(with: answer, of: job, db)
    }

    /// The sheet's rows stand under that path now.
    func storeRecordedPath(_ job: SheetJob, _ path: RemotePath) async throws {
        try await database.write { db in
            try db.execute(
                sql: "UPDATE sheet SET recorded_path = ? WHERE id = ?", arguments: [path.blob, job.sheetID])
        }
    }

    /// Whether another sheet has, or is about to have, rows under that path.
    func isOthersPath(_ path: RemotePath, than sheet: Int64) async throws -> Bool {
        try await database.read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM sheet WHERE recorded_path = :path AND id <> :sheet)
                    OR EXISTS (SELECT 1 FROM scan WHERE path = :path AND missing < 2 AND left_out IS NULL
                        AND sheet_id IS NOT NULL AND sheet_id <> :sheet)
                    """, arguments: ["path": path.blob, "sheet": sheet]) ?? false
        }
    }

    /// The model's reading is in the database of observations; it does not count where a person's stands by now.
    func markRecorded(_ job: SheetJob) async throws {
        try await update(
            job,
            """
            recorded = NOT EXISTS (SELECT 1 FROM publication WHERE job_id = job.id
                AND state IN ('theirs', 'deleted') AND is_result)
            """, [])
    }

    /// What a person did with the result is in the database of observations.
    func markPersonsRecorded(_ job: SheetJob) async throws { try await update(job, "recorded = 1", []) }
}
