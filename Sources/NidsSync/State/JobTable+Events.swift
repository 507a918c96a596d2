import Foundation
import GRDB
import Transcriber

/// Events of a sheet, which its jobs share.
extension JobTable {
    /// The content of a sheet may have changed: each of its jobs looks at it again.
    func reopen(_ sheet: Int64) throws { try move("sheet_id = \(sheet)", to: .new, Self.restart) }

    /// The sheet's scans lie elsewhere now: results and rows follow. It is asked again only where the prompt is
    /// another one.
    func follow(_ sheet: Int64, promptKind kind: PromptKind) throws {
        let rows = try db.rows(
            """
            SELECT id, stage, prompt_kind, answer_id IS NOT NULL OR EXISTS
                (SELECT 1 FROM publication WHERE job_id = job.id) AS has_result FROM job WHERE sheet_id = \(sheet)
            """)
        for row in rows {
            let id: Int64 = row["id"]
            let stage: SheetJob.Stage = try row.known("stage")
            let before: PromptKind = try row.known("prompt_kind")
            let place: SQL = "prompt_kind = \(kind), published = 0, recorded = 0, revision = revision + 1"
            // With a result there is something that follows, and whatever failed may not fail at another place.
            guard stage != .failed || row["has_result"] else {
                try db.change("UPDATE job SET \(place), attempts = 0, next_attempt = NULL WHERE id = \(id)")
                continue
            }
            let isUnread = SheetJob.Stage.unanswered.contains(stage) || stage == .batched
            let isAnswered = !isUnread && before == kind && row["has_result"]
            try move("id = \(id)", to: isAnswered ? .answered : .new, "\(place), \(Self.reset)")
        }
    }

    /// Nothing of a sheet is there any more: its rows are withdrawn, everything else is kept.
    ///
    /// - Parameter reason: why, where it is not that its scans are gone.
    func retire(_ sheet: Int64, reason: String? = nil) throws {
        let isRecorded = try db.exists("SELECT 1 FROM sheet WHERE id = \(sheet) AND recorded_path IS NOT NULL")
        let gone = [SheetJob.Stage.withdrawing, .withdrawn]
        guard try db.exists("SELECT 1 FROM job WHERE sheet_id = \(sheet) AND stage NOT IN \(gone)") else { return }
        try move(
            "sheet_id = \(sheet) AND stage NOT IN \(gone)", to: isRecorded ? .withdrawing : .withdrawn,
            "revision = revision + 1, recorded = 0, \(Self.reset), failure = \(reason)")
    }

    /// A sheet whose scans are gone goes on with another preparation of it: a person's result is recorded for that, and
    /// for models without one it is looked at.
    func inheritPersons(_ sheet: Int64) throws {
        let ids: [Int64] = try db.values("SELECT id FROM job WHERE sheet_id = \(sheet)")
        for id in ids {
            if try PublicationTable(db: db).isPersons(id) {
                try recordAnew(id)
            } else {
                try move("id = \(id)", to: .new, Self.restart)
            }
        }
    }

    /// A job whose sheet is read as another preparation keeps what it has read, where that is anything.
    func standBy(_ id: Int64, content: String?, answer: Int64?) throws {
        try move(
            "id = \(id)", to: .withdrawn,
            "content = \(content), answer_id = \(answer), published = 1, recorded = 0, \(Self.reset)")
    }

    /// A person did something with a job's result: it is recorded, whatever was before.
    func recordAnew(_ id: Int64) throws {
        let ended = [SheetJob.Stage.done, .failed]
        if try db.exists("SELECT 1 FROM job WHERE id = \(id) AND stage IN \(ended)") {
            try move("id = \(id)", to: .answered, "recorded = 0, next_attempt = NULL")
        } else {
            try db.change("UPDATE job SET recorded = 0 WHERE id = \(id)")
        }
    }

    /// The result of a model for a sheet has become due again.
    func publishAnew(_ sheet: Int64, model: String) throws {
        let job: SQL = "sheet_id = \(sheet) AND model = \(model)"
        try db.change("UPDATE job SET published = 0 WHERE \(job)")
        if try db.exists("SELECT 1 FROM job WHERE \(job) AND stage = \(SheetJob.Stage.done)") {
            try move(job, to: .answered, "published = 0")
        }
    }

    /// The observations' home has changed: everything delivered is recorded there once more.
    func recordEverythingAgain() throws {
        try db.change("UPDATE job SET recorded = 0")
        try db.change(
            "UPDATE job SET stage = \(SheetJob.Stage.answered) WHERE stage = \(SheetJob.Stage.done)")
    }
}

/// Events of a batch.
extension JobTable {
    /// The batch brought no answer: the job is asked about by itself.
    func askAfterBatch(_ job: SheetJob) throws { try move("id = \(job.id)", to: .asking, "alone = 1, failure = NULL") }

    /// The batch brought a refusal that is final.
    func failAfterBatch(_ job: SheetJob, reason: String) throws {
        try move("id = \(job.id)", to: .failed, "alone = 1, failure = \(reason)")
    }

    /// Jobs that wait for a batch which will not answer them any more are asked about again.
    ///
    /// - Parameter alone: `true` to ask about each by itself; else it may be one of another batch, unless that went
    ///   wrong before.
    func takeBackOrphans(alone: Bool) throws {
        let orphans: SQL = """
            stage = \(SheetJob.Stage.batched) AND NOT EXISTS (SELECT 1 FROM model_request AS request
                WHERE request.content = job.awaiting AND request.model = job.model
                AND request.prompt_kind = job.prompt_kind AND batch_id IS NOT NULL AND ended_at IS NULL)
            """
        guard try db.exists("SELECT 1 FROM job WHERE \(orphans)") else { return }
        try move(
            orphans, to: .asking,
            """
            alone = \(alone) OR 1 < (SELECT count(*) FROM model_request AS request
                WHERE request.content = job.awaiting AND request.model = job.model
                AND request.prompt_kind = job.prompt_kind AND outcome = \(RequestOutcome.batchFailed) AND NOT forgiven)
            """)
    }
}

/// Another try, because a person asks.
extension JobTable {
    /// A job that failed begins anew; what has its answer is only delivered.
    ///
    /// - Parameter isTheirs: `true` where a person's result stands in its place, which is recorded once more.
    func resume(_ id: Int64, isAnswered: Bool, isTheirs: Bool) throws {
        try move(
            "id = \(id)", to: isAnswered ? .answered : .new,
            "published = 0, recorded = CASE WHEN \(isTheirs) THEN 0 ELSE recorded END, \(Self.restart)")
    }

    /// A job that waits for its next try has it now; work on it may be under way, and counts.
    /// - Returns: `true` when it waited.
    func hasten(_ id: Int64) throws -> Bool {
        try db.change(
            "UPDATE job SET attempts = 0, next_attempt = NULL WHERE id = \(id) AND next_attempt IS NOT NULL") > 0
    }

    /// A job with an answer is asked about anew.
    func renew(_ id: Int64) throws { try move("id = \(id)", to: .new, Self.restart) }

    /// A job whose result a person deleted, and wants back, delivers it again.
    func bringBack(_ id: Int64) throws {
        try move("id = \(id)", to: .answered, "published = 0, recorded = 0, \(Self.restart)")
    }
}
