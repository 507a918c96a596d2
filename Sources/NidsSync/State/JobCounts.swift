import DAV
import Foundation
import GRDB

/// Counts of jobs, and the reasons why they are where they are: for the pass's summary and for `status`.
struct JobCounts {
    let db: Database

    /// The number of jobs in each stage.
    func byStage(_ filter: JobFilter) throws -> [SheetJob.Stage: Int] {
        var counts: [SheetJob.Stage: Int] = [:]
        for row in try db.rows(
            "SELECT job.stage, count(*) AS n FROM job WHERE \(filter.condition) GROUP BY job.stage")
        {
            counts[try row.known("stage")] = row["n"]
        }
        return counts
    }

    /// The number of jobs in each stage, by model.
    typealias ByModel = [String: [SheetJob.Stage: Int]]

    /// The number of jobs in each stage, by model.
    ///
    /// Asked of every job whether its scan is there, most of the time would go into that; the few are counted off
    /// whose scan is not.
    func byModel(_ models: [String]) throws -> ByModel {
        var counts: ByModel = [:]
        let isGone: SQL = """
            job.sheet_id IN (SELECT sheet_id FROM scan WHERE missing > 0 AND missing >= 2 AND +sheet_id IS NOT NULL
                UNION SELECT sheet_id FROM scan WHERE left_out IS NOT NULL AND +sheet_id IS NOT NULL
                UNION SELECT sheet_id FROM job WHERE NOT EXISTS (SELECT 1 FROM scan WHERE scan.sheet_id = job.sheet_id))
            AND NOT EXISTS (SELECT 1 FROM scan WHERE scan.sheet_id = job.sheet_id
                AND scan.missing < 2 AND scan.left_out IS NULL)
            """
        for (condition, sign) in [("1", 1), (isGone, -1)] as [(SQL, Int)] {
            for row in try db.rows(
                """
                SELECT job.model, job.stage, count(*) AS n FROM job
                WHERE job.model IN \(models) AND \(condition) GROUP BY job.stage, job.model
                """)
            {
                let stage: SheetJob.Stage = try row.known("stage")
                counts[row["model"], default: [:]][stage, default: 0] += sign * (row["n"] as Int)
            }
        }
        return counts
    }

    /// The number of sheets that would have to be asked of one model, as far as is known.
    func toAsk(_ filter: JobFilter, model: String) throws -> Int { Self.toAsk(try byStage(filter.only(model))) }

    /// The same, from the number of jobs in each stage.
    static func toAsk(_ counts: [SheetJob.Stage: Int]?) -> Int {
        SheetJob.Stage.unanswered.reduce(0) { $0 + (counts?[$1] ?? 0) }
    }

    /// The number of jobs that have something to do.
    func pending(_ filter: JobFilter) throws -> Int {
        let counts = try byStage(filter)
        return SheetJob.Stage.pending.reduce(0) { $0 + (counts[$1] ?? 0) }
    }

    /// `true` while jobs have still to be adopted or told from those to ask, so that it is not known how many to ask.
    func hasUnsorted(_ filter: JobFilter, at now: Date) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM job WHERE stage IN \([SheetJob.Stage.new, .adopting])
            AND (next_attempt IS NULL OR next_attempt <= \(now.timeIntervalSince1970)) AND \(filter.condition)
            """)
    }

    /// The ten most frequent reasons why pending sheets wait.
    func waitingReasons(_ filter: JobFilter, at now: Date) throws -> [(reason: String, count: Int)] {
        try db.rows(
            """
            SELECT coalesce(job.failure, 'waits for the other side of the sheet') AS reason, count(*) AS n
            FROM job JOIN sheet ON sheet.id = job.sheet_id WHERE job.stage IN \(SheetJob.Stage.pending)
            AND (job.failure IS NOT NULL OR hold_until > \(now.timeIntervalSince1970)) AND \(filter.condition)
            GROUP BY 1 ORDER BY n DESC, reason LIMIT 10
            """
        ).map { ($0["reason"], $0["n"]) }
    }

    /// The reasons why sheets wait, each sheet under one of them, the most frequent first.
    func allWaitingReasons(_ filter: JobFilter, at now: Date) throws -> [(reason: String, count: Int)] {
        // Counted here: SQLite would sort them all to group them.
        var counts: [String: Int] = [:]
        try db.forEach(
            """
            SELECT CASE
                WHEN job.stage = \(SheetJob.Stage.batched) THEN 'in a batch'
                WHEN job.failure IS NOT NULL THEN job.failure
                WHEN sheet.hold_until > \(now.timeIntervalSince1970) THEN 'waits for the other side of the sheet'
                WHEN job.stage = \(SheetJob.Stage.answered) THEN 'to be published or recorded'
                WHEN job.stage = \(SheetJob.Stage.withdrawing) THEN 'the scan is gone: rows to be withdrawn'
                WHEN job.stage = \(SheetJob.Stage.asking) THEN 'to be read'
                ELSE 'to be looked at' END
            FROM job JOIN sheet ON sheet.id = job.sheet_id WHERE job.stage IN \(SheetJob.Stage.pending)
            AND (\(filter.condition) OR job.stage = \(SheetJob.Stage.withdrawing) AND job.model IN \(filter.models))
            """
        ) { counts[$0[0], default: 0] += 1 }
        return counts.map { (reason: $0.key, count: $0.value) }.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    }

    /// A sheet that failed.
    struct FailedSheet: Sendable {
        var path: RemotePath
        var model: String
        var reason: String?
    }

    /// The first sheets that failed, by path.
    func failed(_ filter: JobFilter, limit: Int) throws -> [FailedSheet] {
        var sheets: [FailedSheet] = []
        try forEachFailed(filter, limit: limit) { sheets.append($0) }
        return sheets
    }

    /// Hands out the sheets that failed one by one, by path.
    func forEachFailed(_ filter: JobFilter, limit: Int = .max, _ body: (FailedSheet) throws -> Void) throws {
        try db.forEach(
            """
            SELECT (SELECT path FROM scan WHERE scan.sheet_id = job.sheet_id AND missing < 2
                AND left_out IS NULL ORDER BY side, path LIMIT 1) AS path, job.model, job.failure
            FROM job WHERE job.stage = \(SheetJob.Stage.failed) AND \(filter.condition) ORDER BY path, job.model
            LIMIT \(limit)
            """
        ) { try body(FailedSheet(path: try $0.known("path"), model: $0["model"], reason: $0["failure"])) }
    }

    /// The number of sheets that have the reading of each model, delivered or not.
    func read() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for model in try models() {
            let count: Int? = try db.value(
                "SELECT count(*) FROM job WHERE model = \(model) AND answer_id IS NOT NULL")
            if let count, count > 0 { counts[model] = count }
        }
        return counts
    }

    /// The models of all jobs, where no run has remembered its settings yet.
    ///
    /// Asked for in order, SQLite would sort all jobs for it.
    func models() throws -> [String] {
        let models: [String] = try db.values("SELECT DISTINCT model FROM job")
        return models.sorted()
    }
}
