import DAV
import Foundation
import GRDB

extension StateStore {
    /// How many jobs are in each stage.
    func stageCounts(_ filter: JobFilter) async throws -> [SheetJob.Stage: Int] {
        try await database.read { db in
            var counts: [SheetJob.Stage: Int] = [:]
            let rows = try Row.fetchAll(
                db, sql: "SELECT job.stage, count(*) FROM job WHERE \(filter.condition) GROUP BY job.stage",
                arguments: filter.arguments())
            for row in rows {
                if let stage = SheetJob.Stage(rawValue: row[0]) { counts[stage] = row[1] }
            }
            return counts
        }
    }

    /// How many sheets would have to be asked of one model, as far as is known.
    func countToAsk(_ filter: JobFilter, model: String) async throws -> Int {
        let counts = try await stageCounts(filter.only(model))
        return SheetJob.Stage.unanswered.reduce(0) { $0 + (counts[$1] ?? 0) }
    }

    /// Whether jobs have still to be adopted or told from those to ask, so that it is not known how many to ask.
    func hasUnsorted(_ filter: JobFilter, at now: Date) async throws -> Bool {
        try await database.read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM job WHERE stage IN ('new', 'adopting')
                    AND (next_attempt IS NULL OR next_attempt <= :now) AND \(filter.condition))
                    """, arguments: filter.arguments(["now": now.timeIntervalSince1970])) ?? false
        }
    }

    /// How many jobs have something to do.
    func pendingCount(_ filter: JobFilter) async throws -> Int {
        let counts = try await stageCounts(filter)
        return SheetJob.Stage.pending.reduce(0) { $0 + (counts[$1] ?? 0) }
    }

    /// Why pending sheets wait, the ten most frequent reasons.
    func waitingReasons(_ filter: JobFilter, at now: Date) async throws -> [(reason: String, count: Int)] {
        try await database.read { db in
            let stages = SheetJob.Stage.pending.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT coalesce(job.failure, 'waits for the other side of the sheet') AS reason, count(*) AS n
                    FROM job JOIN sheet ON sheet.id = job.sheet_id WHERE job.stage IN (\(stages))
                    AND (job.failure IS NOT NULL OR hold_until > :now) AND \(filter.condition)
                    GROUP BY 1 ORDER BY n DESC, reason LIMIT 10
                    """, arguments: filter.arguments(["now": now.timeIntervalSince1970])
            ).map { ($0["reason"], $0["n"]) }
        }
    }
}
