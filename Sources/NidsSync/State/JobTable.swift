import DAV
import Foundation
import GRDB
import Transcriber

/// The jobs: one for each sheet and model.
///
/// A job's life, all of it in `JobTable+Transitions.swift`; a change of a scan begins it anew from any stage:
/// ```
///               ┌──────────┐   its own result, or a person's
///   new ───────▶│ adopting │──────────────────────┐
///    │          └────┬─────┘                      ▼
///    │               ▼                       ┌──────────┐ delivered  ┌──────┐
///    └─────────▶ asking ────────────────────▶│ answered │───────────▶│ done │
///                │   ▲      an answer        └──────────┘◀───────────└──────┘
///                ▼   │                            ▲         a person, another model, another database
///              batched ───────────────────────────┘
///
///   adopting, asking, batched, answered, withdrawing ──▶ failed ──▶ new, answered   (a person asks, or edits)
///   any stage ──▶ withdrawing ──▶ withdrawn   (the scans are gone)   ──▶ new, answered   (they are back)
/// ```
struct JobTable {
    let db: Database

    /// A model's job for a sheet.
    /// - Throws: as `job(_:)`.
    func job(sheet: Int64, model: String) throws -> SheetJob? {
        let row = try db.row("SELECT id FROM job WHERE sheet_id = \(sheet) AND model = \(model)")
        return try row.flatMap { try job($0["id"] as Int64) }
    }

    /// A job with its sheet and pages, `nil` when it is gone.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func job(_ id: Int64) throws -> SheetJob? {
        let row = try db.row(
            """
            SELECT job.*, sheet.folder, sheet.result_stem, sheet.recorded_path FROM job
            JOIN sheet ON sheet.id = job.sheet_id WHERE job.id = \(id)
            """)
        guard let row else { return nil }
        let sheet: Int64 = row["sheet_id"]
        return SheetJob(
            id: id, sheetID: sheet, model: row["model"], stage: try row.known("stage"), revision: row["revision"],
            content: row["content"], promptKind: try row.known("prompt_kind"), answerID: row["answer_id"],
            isPublished: row["published"], isRecorded: row["recorded"], starts: row["starts"],
            attempts: row["attempts"], nextAttempt: row.dateIfPresent("next_attempt"),
            folder: try row.known("folder"), resultStem: Array(row["result_stem"] as Data),
            recordedPath: try row.knownIfPresent("recorded_path"), pages: try ScanTable(db: db).pages(of: sheet))
    }

    /// Gives a sheet a job for each model, to be read with the prompt that its path asks for.
    func make(_ sheet: Int64, path: RemotePath, models: [String]) throws {
        let kind = PromptKindRule.kind(of: path)
        for model in models {
            try db.change(
                """
                INSERT OR IGNORE INTO job (sheet_id, model, stage, prompt_kind)
                VALUES (\(sheet), \(model), \(SheetJob.Stage.new), \(kind))
                """)
        }
    }

    /// Gives every sheet a job for a model that was added to the configuration.
    func makeMissing(model: String) throws {
        let rows = try db.rows(
            """
            SELECT sheet_id, min(path) AS path FROM scan
            WHERE sheet_id IS NOT NULL AND left_out IS NULL AND missing = 0 AND NOT EXISTS
            (SELECT 1 FROM job WHERE job.sheet_id = scan.sheet_id AND job.model = \(model)) GROUP BY sheet_id
            """)
        for row in rows { try make(row["sheet_id"], path: try row.known("path"), models: [model]) }
    }

    /// Takes a job up, counted before anything is done that could take the process down.
    ///
    /// - Parameter countsStart: `true` where local work on the scan is about to begin.
    /// - Returns: `nil` when it is no longer at one of these stages.
    func take(_ id: Int64, at stages: [SheetJob.Stage], countsStart: Bool) throws -> SheetJob? {
        guard var job = try job(id), stages.contains(job.stage) else { return nil }
        try db.change("UPDATE job SET turn = turn + 1, starts = starts + \(countsStart ? 1 : 0) WHERE id = \(id)")
        if countsStart { job.starts += 1 }
        return job
    }

    /// Counts work on what somebody else wrote, before it begins.
    ///
    /// - Returns: the number of starts, this one included.
    func countStart(_ id: Int64) throws -> Int {
        try db.change("UPDATE job SET starts = starts + 1 WHERE id = \(id)")
        return try db.value("SELECT starts FROM job WHERE id = \(id)") ?? 0
    }

    /// Ends the count of local work that a job had begun, where the rest is another machine's work.
    func endStart(_ id: Int64) throws { try db.change("UPDATE job SET starts = 0 WHERE id = \(id)") }

    /// The jobs that wait for a batch to bring the answer for a key.
    func waiting(for key: AnswerKey) throws -> [SheetJob] {
        let ids: [Int64] = try db.values(
            """
            SELECT id FROM job WHERE stage = \(SheetJob.Stage.batched) AND awaiting = \(key.content)
            AND model = \(key.model) AND prompt_kind = \(key.promptKind)
            """)
        return try ids.compactMap(job)
    }

    /// `true` when a model has read the sheet as it is, or somebody else has.
    func isAnswered(_ sheet: Int64) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM job WHERE sheet_id = \(sheet) AND (answer_id IS NOT NULL OR EXISTS
            (SELECT 1 FROM publication WHERE publication.job_id = job.id))
            """)
    }
}
