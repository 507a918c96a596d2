import DAV
import Foundation
import GRDB

/// Which of the two deliveries can be made just now.
struct OpenDeliveries: Sendable, Equatable {
    var publishing: Bool
    var recording: Bool
    /// Whether results that people wrote can be fetched, to be recorded.
    var fetching: Bool
}

/// A job that is due.
struct DueJob: Sendable, Equatable {
    var id: Int64
    /// Starts that ended with the process's death.
    var starts: Int
}

extension StateStore {
    /// A lone side waits for its other one, and what a view lacked waits until the next one has confirmed it.
    private static let isReady = """
        NOT EXISTS (SELECT 1 FROM sheet WHERE sheet.id = job.sheet_id AND hold_until > :now)
        AND NOT EXISTS (SELECT 1 FROM scan AS lost WHERE lost.sheet_id = job.sheet_id AND lost.missing = 1)
        """

    /// The jobs of a stage that are due; those taken up least often come first.
    ///
    /// - Parameter alone: only those that are, or are not, to be asked about by themselves.
    func dueJobs(
        _ stage: SheetJob.Stage, _ filter: JobFilter, alone: Bool? = nil, at now: Date, limit: Int
    ) async throws -> [DueJob] {
        let ways = alone.map { " AND alone = \($0 ? 1 : 0)" } ?? ""
        return try await due(
            """
            job.stage = '\(stage.rawValue)'\(ways) AND (next_attempt IS NULL OR next_attempt <= :now)
            AND \(Self.isReady) AND \(filter.condition)
            """, filter, at: now, limit: limit)
    }

    /// The jobs with something to deliver where it can be delivered.
    func dueDeliveries(
        _ filter: JobFilter, _ open: OpenDeliveries, at now: Date, limit: Int
    ) async throws -> [DueJob] {
        let publishing = open.publishing ? "published = 0" : "0"
        let ofModels = """
            recorded = 0 AND NOT EXISTS (SELECT 1 FROM publication WHERE publication.job_id = job.id
                AND publication.state = 'theirs' AND is_result)
            """
        let recording = !open.recording ? "0" : open.fetching ? "recorded = 0" : ofModels
        // Recording waits for no upload that is put off, unless it is a person's result, which has to be fetched.
        let answered = try await due(
            """
            job.stage = 'answered' AND \(filter.condition) AND (
                (next_attempt IS NULL OR next_attempt <= :now)
                    AND (\(publishing) OR \(recording) OR (published = 1 AND recorded = 1))
                OR \(recording) AND answer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM publication
                    WHERE publication.job_id = job.id AND publication.state IN ('theirs', 'deleted')))
            """, filter, at: now, limit: limit)
        guard open.recording, filter.below.isEmpty, answered.count < limit else { return answered }
        return answered
            + (try await due(
                """
                job.stage = 'withdrawing' AND (next_attempt IS NULL OR next_attempt <= :now)
                AND job.model IN (\(filter.modelList))
                """, filter, at: now, limit: limit - answered.count))
    }

    private func due(_ condition: String, _ filter: JobFilter, at now: Date, limit: Int) async throws -> [DueJob] {
        try await database.read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT job.id, job.starts FROM job WHERE \(condition) ORDER BY job.turn, job.id LIMIT :limit")
            return try Row.fetchAll(
                statement, arguments: filter.arguments(["now": now.timeIntervalSince1970, "limit": limit])
            ).map { DueJob(id: $0[0], starts: $0[1]) }
        }
    }

    /// When the next retry is due, `nil` when none is pending.
    ///
    /// - Parameter holds: whether lone sides that wait for their other one count.
    func nextDue(after now: Date, holds: Bool) async throws -> Date? {
        let now = now.timeIntervalSince1970
        return try await database.read { db in
            let retry = try Double.fetchOne(
                db, sql: "SELECT min(next_attempt) FROM job WHERE next_attempt > ?", arguments: [now])
            guard holds else { return retry }
            let hold = try Double.fetchOne(
                db, sql: "SELECT min(hold_until) FROM sheet WHERE hold_until > ?", arguments: [now])
            return [retry, hold].compactMap { $0 }.min()
        }.map { Date(timeIntervalSince1970: $0) }
    }

    /// Says of new jobs what has to be done first: to look at what lies at the result's place, or to ask a model.
    ///
    /// - Returns: how many there were.
    func triage(_ filter: JobFilter, limit: Int) async throws -> Int {
        try await database.write { db in
            if try Int.fetchOne(db, sql: "SELECT 1 FROM result_file LIMIT 1") == nil {
                // Nothing can be adopted.
                try db.execute(sql: "UPDATE job SET stage = 'asking' WHERE stage = 'new'")
                return db.changesCount
            }
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT job.id, job.model, sheet.folder, sheet.result_stem,
                        EXISTS (SELECT 1 FROM publication WHERE job_id = job.id) AS is_known
                    FROM job JOIN sheet ON sheet.id = job.sheet_id
                    WHERE job.stage = 'new' AND \(filter.condition) LIMIT :limit
                    """, arguments: filter.arguments(["limit": limit]))
            for row in rows {
                let place = ResultNames.result(
                    folder: .stored(row["folder"]), model: row["model"], stem: Array(row["result_stem"] as Data))
                let isThere = try Bool.fetchOne(
                    db, sql: "SELECT EXISTS (SELECT 1 FROM result_file WHERE path = ?)", arguments: [place?.blob])
                let adopts = isThere == true && !(row["is_known"] as Bool)
                if adopts {
                    // What was read before waits for nothing.
                    try db.execute(
                        sql: "UPDATE sheet SET hold_until = NULL WHERE id = (SELECT sheet_id FROM job WHERE id = ?)",
                        arguments: [row["id"] as Int64])
                }
                try db.cachedStatement(sql: "UPDATE job SET stage = ? WHERE id = ?")
                    .execute(arguments: [adopts ? "adopting" : "asking", row["id"] as Int64])
            }
            return rows.count
        }
    }
}
