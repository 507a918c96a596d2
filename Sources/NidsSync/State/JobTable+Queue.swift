import DAV
import Foundation
import GRDB

/// The deliveries that can be made just now.
struct OpenDeliveries: Sendable, Equatable {
    var publishing: Bool
    var recording: Bool
    /// Set where results that people wrote can be fetched, to be recorded.
    var fetching: Bool
}

extension JobTable {
    /// A lone side waits for its other one, what a view lacked until the next one has confirmed it, what has just been
    /// written until its ETag is final, and what has other preparations until their results have been read.
    private static func isReady(_ now: Date) -> SQL {
        """
        NOT EXISTS (SELECT 1 FROM sheet WHERE sheet.id = job.sheet_id AND hold_until > \(now.timeIntervalSince1970))
        AND NOT EXISTS (SELECT 1 FROM scan AS lost WHERE lost.sheet_id = job.sheet_id AND lost.missing = 1)
        AND NOT EXISTS (SELECT 1 FROM scan AS fresh WHERE fresh.sheet_id = job.sheet_id
            AND fresh.settles_at > \(now.timeIntervalSince1970))
        AND NOT EXISTS (SELECT 1 FROM sheet AS other JOIN job AS unread ON unread.sheet_id = other.id
            WHERE other.variant_of = job.sheet_id AND unread.stage = \(SheetJob.Stage.new))
        """
    }

    private static func isDue(_ now: Date) -> SQL {
        "(next_attempt IS NULL OR next_attempt <= \(now.timeIntervalSince1970))"
    }

    /// The jobs of a stage that are due; those taken up least often come first.
    ///
    /// - Parameter alone: only those that are, or are not, to be asked about by themselves.
    func due(
        _ stage: SheetJob.Stage, _ filter: JobFilter, alone: Bool? = nil, at now: Date, limit: Int
    ) throws -> [DueJob] {
        let ways: SQL = alone.map { "AND alone = \($0)" } ?? ""
        return try due(
            """
            job.stage = \(stage) \(ways) AND \(Self.isDue(now)) AND \(Self.isReady(now)) AND \(filter.condition)
            """, limit: limit)
    }

    /// The jobs with something to deliver where it can be delivered.
    func dueDeliveries(_ filter: JobFilter, _ open: OpenDeliveries, at now: Date, limit: Int) throws -> [DueJob] {
        let persons = [Publication.State.theirs, .deleted]
        let ofModels: SQL = """
            recorded = 0 AND NOT EXISTS (SELECT 1 FROM publication WHERE publication.job_id = job.id
                AND publication.state = \(Publication.State.theirs) AND is_result)
            """
        let publishing: SQL = open.publishing ? "published = 0" : "0"
        let recording: SQL = !open.recording ? "0" : open.fetching ? "recorded = 0" : ofModels
        // Recording waits for no upload that is put off, unless it is a person's result, which has to be fetched.
        let answered = try due(
            """
            job.stage = \(SheetJob.Stage.answered) AND \(filter.condition) AND (
                \(Self.isDue(now)) AND (\(publishing) OR \(recording) OR (published = 1 AND recorded = 1))
                OR \(recording) AND answer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM publication
                    WHERE publication.job_id = job.id AND publication.state IN \(persons)))
            """, limit: limit)
        guard open.recording, filter.below.isEmpty, answered.count < limit else { return answered }
        let withdrawn = try due(
            """
            job.stage = \(SheetJob.Stage.withdrawing) AND \(Self.isDue(now)) AND job.model IN \(filter.models)
            """, limit: limit - answered.count)
        return answered + withdrawn
    }

    private func due(_ condition: SQL, limit: Int) throws -> [DueJob] {
        try db.rows(
            "SELECT job.id, job.starts FROM job WHERE \(condition) ORDER BY job.turn, job.id LIMIT \(limit)"
        ).map { DueJob(id: $0[0], starts: $0[1]) }
    }

    /// The time at which the next retry is due, `nil` when none is pending.
    ///
    /// - Parameter holds: `true` where lone sides that wait for their other one count.
    func nextDue(after now: Date, holds: Bool) throws -> Date? {
        let now = now.timeIntervalSince1970
        // What a view lacked waits for the next view, not for its time.
        let retry: Double? = try db.value(
            """
            SELECT min(next_attempt) FROM job WHERE next_attempt > \(now) AND NOT EXISTS
            (SELECT 1 FROM scan AS lost WHERE lost.sheet_id = job.sheet_id AND lost.missing = 1)
            """)
        let hold: Double? = holds ? try db.value("SELECT min(hold_until) FROM sheet WHERE hold_until > \(now)") : nil
        let settled: Double? = try db.value(
            "SELECT min(settles_at) FROM scan WHERE settles_at IS NOT NULL AND settles_at > \(now)")
        return [retry, hold, settled].compactMap { $0 }.min().map(Date.init(timeIntervalSince1970:))
    }

    /// The places of all results.
    func places() throws -> [RemotePath] {
        try db.rows(
            "SELECT sheet.folder, job.model, sheet.result_stem FROM job JOIN sheet ON sheet.id = job.sheet_id"
        ).compactMap { row in
            ResultNames.result(
                folder: try row.known("folder"), model: row["model"], stem: Array(row["result_stem"] as Data))
        }
    }

    /// A finished job tells people something of its result.
    func note(_ id: Int64, _ reason: String) throws {
        try db.change("UPDATE job SET failure = \(reason) WHERE id = \(id) AND stage = \(SheetJob.Stage.done)")
    }

    /// New jobs, with the place of each one's result.
    func unsorted(_ filter: JobFilter, limit: Int) throws -> [UnsortedJob] {
        try db.rows(
            """
            SELECT job.id, job.model, job.sheet_id, sheet.folder, sheet.result_stem,
                EXISTS (SELECT 1 FROM publication WHERE job_id = job.id) AS is_known
            FROM job JOIN sheet ON sheet.id = job.sheet_id
            WHERE job.stage = \(SheetJob.Stage.new) AND \(filter.condition) LIMIT \(limit)
            """
        ).map { row in
            UnsortedJob(
                id: row["id"], sheet: row["sheet_id"],
                place: ResultNames.result(
                    folder: try row.known("folder"), model: row["model"], stem: Array(row["result_stem"] as Data)),
                isPublished: row["is_known"])
        }
    }

    /// Set where so many jobs, or more, are still to be asked about at a model.
    func waitForModel(_ model: String, atLeast count: Int) throws -> Bool {
        let found: Int? = try db.value(
            """
            SELECT count(*) FROM (SELECT 1 FROM job
                WHERE model = \(model) AND stage IN \([SheetJob.Stage.new, .asking]) LIMIT \(count))
            """)
        return (found ?? 0) >= count
    }
}
