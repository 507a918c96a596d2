import DAV
import Foundation
import GRDB
import Transcriber

/// Which jobs a pass is about.
struct JobFilter: Sendable {
    /// Only below one of these, the spellings of one folder.
    var below: [RemotePath]
    /// Only of these models.
    var models: [String]

    /// - Parameter below: the folder as somebody typed it: servers and keyboards differ in the normal form.
    init(below: RemotePath? = nil, models: [String]) {
        let folder = below.flatMap { $0.isRoot ? nil : $0 }
        let spellings = folder.map { folder in
            let text = folder.description
            return [
                folder, RemotePath(text.precomposedStringWithCanonicalMapping),
                RemotePath(text.decomposedStringWithCanonicalMapping),
            ]
        }
        self.below = Array(Set((spellings ?? []).compactMap { $0 }))
        self.models = models
    }
}

extension StateStore {
    /// The pending jobs that are due, in order, after the job of that id.
    func dueJobs(_ filter: JobFilter, after id: Int64, at now: Date, limit: Int) async throws -> [Int64] {
        try await database.read { db in
            try Int64.fetchAll(
                db,
                sql: """
                    SELECT job.id FROM job WHERE job.id > :after
                    AND job.stage IN ('new', 'answered') AND (next_attempt IS NULL OR next_attempt <= :now)
                    AND \(Self.condition(filter)) ORDER BY job.id LIMIT :limit
                    """,
                arguments: Self.arguments(filter, ["after": id, "now": now.timeIntervalSince1970, "limit": limit]))
        }
    }

    /// When the next retry is due, `nil` when none is pending.
    func nextDue(_ filter: JobFilter) async throws -> Date? {
        try await database.read { db in
            try Double.fetchOne(
                db,
                sql: """
                    SELECT min(next_attempt) FROM job WHERE job.stage IN ('new', 'answered') AND \(Self.condition(filter))
                    """, arguments: Self.arguments(filter, [:]))
        }.map { Date(timeIntervalSince1970: $0) }
    }

    /// How many jobs are in each stage.
    func stageCounts(_ filter: JobFilter) async throws -> [SheetJob.Stage: Int] {
        try await database.read { db in
            var counts: [SheetJob.Stage: Int] = [:]
            let rows = try Row.fetchAll(
                db,
                sql:
                    "SELECT job.stage AS stage, count(*) AS n FROM job WHERE \(Self.condition(filter)) GROUP BY job.stage",
                arguments: Self.arguments(filter, [:]))
            for row in rows {
                if let stage = SheetJob.Stage(rawValue: row["stage"]) { counts[stage] = row["n"] }
            }
            return counts
        }
    }

    /// How many sheets would have to be asked of one model: not looked at yet, without an answer.
    func countToAsk(_ filter: JobFilter, model: String) async throws -> Int {
        var filter = filter
        filter.models = [model]
        return try await stageCounts(filter)[.new] ?? 0
    }

    private static func condition(_ filter: JobFilter) -> String {
        let models = filter.models.indices.map { ":model\($0)" }.joined(separator: ", ")
        let places = filter.below.indices.map { "scan.path >= :low\($0) AND scan.path < :high\($0)" }
        let place = places.isEmpty ? "" : " AND (\(places.joined(separator: " OR ")))"
        return """
            job.model IN (\(models)) AND EXISTS (SELECT 1 FROM scan WHERE scan.sheet_id = job.sheet_id
            AND scan.missing = 0 AND scan.left_out IS NULL\(place))
            """
    }

    private static func arguments(
        _ filter: JobFilter, _ others: [String: (any DatabaseValueConvertible)?]
    ) -> StatementArguments {
        var arguments = others
        for (index, model) in filter.models.enumerated() { arguments["model\(index)"] = model }
        for (index, folder) in filter.below.enumerated() {
            arguments["low\(index)"] = folder.blob + Data("/".utf8)
            arguments["high\(index)"] = folder.blob + Data("0".utf8)
        }
        return StatementArguments(arguments)
    }

    /// A job with its sheet and pages, `nil` when it is gone.
    func job(_ id: Int64) async throws -> SheetJob? {
        try await database.read { db in
            guard
                let row = try Row.fetchOne(
                    db,
                    sql: """
                        SELECT job.*, sheet.folder, sheet.result_stem FROM job
                        JOIN sheet ON sheet.id = job.sheet_id WHERE job.id = ?
                        """, arguments: [id])
            else { return nil }
            let pages = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, path, file_id, etag, length, sha256, hashed_etag FROM scan
                    WHERE sheet_id = ? AND missing = 0 AND left_out IS NULL ORDER BY path
                    """, arguments: [row["sheet_id"] as Int64]
            ).map { page in
                let etag: String? = page["etag"]
                let isCurrent = etag != nil && etag == page["hashed_etag"] as String?
                return SheetJob.Page(
                    scanID: page["id"], path: .stored(page["path"]), fileID: page["file_id"], etag: etag,
                    length: page["length"], sha256: isCurrent ? page["sha256"] : nil)
            }
            let stem: Data = row["result_stem"]
            return SheetJob(
                id: id, model: row["model"], stage: SheetJob.Stage(rawValue: row["stage"]) ?? .new,
                content: row["content"], promptKind: PromptKind(rawValue: row["prompt_kind"]) ?? .standard,
                answerID: row["answer_id"], isRecorded: row["recorded"], starts: row["starts"],
                attempts: row["attempts"], folder: .stored(row["folder"]), resultStem: Array(stem), pages: pages)
        }
    }

    /// Counts a start, before anything is done that could take the process down.
    func countStart(_ job: Int64) async throws {
        try await database.write { db in
            try db.execute(sql: "UPDATE job SET starts = starts + 1 WHERE id = ?", arguments: [job])
        }
    }

    /// Work on the job ended in an orderly way and goes on at `next`, or at once.
    func postpone(_ job: Int64, until next: Date?, reason: String?, countsAsAttempt: Bool) async throws {
        try await database.write { db in
            try db.execute(
                sql: "UPDATE job SET starts = 0, attempts = attempts + ?, next_attempt = ?, failure = ? WHERE id = ?",
                arguments: [countsAsAttempt ? 1 : 0, next?.timeIntervalSince1970, reason, job])
        }
    }

    /// The job failed for good.
    func fail(_ job: Int64, reason: String) async throws {
        try await database.write { db in
            try db.execute(
                sql: "UPDATE job SET stage = 'failed', starts = 0, next_attempt = NULL, failure = ? WHERE id = ?",
                arguments: [reason, job])
        }
    }

    /// Stores a page's content digest, with the tag under which it was taken.
    func storeDigest(_ page: SheetJob.Page, sha256: String) async throws {
        try await database.write { db in
            try db.execute(
                sql: "UPDATE scan SET sha256 = ?, hashed_etag = ? WHERE id = ?",
                arguments: [sha256, page.etag, page.scanID])
        }
    }

    /// The job has an answer for this content; what it delivered for other content must be delivered anew.
    func link(_ job: SheetJob, content: String, answer: Int64) async throws {
        try await database.write { db in
            let changed = job.content != content || job.answerID != answer
            try db.execute(
                sql: """
                    UPDATE job SET stage = 'answered', content = ?, answer_id = ?, attempts = 0, next_attempt = NULL,
                    failure = NULL, recorded = CASE WHEN ? THEN 0 ELSE recorded END WHERE id = ?
                    """, arguments: [content, answer, changed, job.id])
            if changed {
                try db.execute(
                    sql: "UPDATE publication SET state = 'pending' WHERE job_id = ? AND state = 'published'",
                    arguments: [job.id])
                try db.execute(
                    sql: """
                        UPDATE publication SET state = 'pending', etag = NULL, published = NULL
                        WHERE job_id = ? AND state = 'deleted'
                        """, arguments: [job.id])
            }
        }
    }

    /// The model's reading is in the database of observations; it does not count where a person's stands by now.
    func markRecorded(_ job: Int64) async throws {
        try await database.write { db in
            try db.execute(
                sql: """
                    UPDATE job SET recorded = 1 WHERE id = ? AND NOT EXISTS
                    (SELECT 1 FROM publication WHERE job_id = job.id AND state IN ('theirs', 'deleted') AND is_result)
                    """, arguments: [job])
        }
    }

    /// What a person did with the result is in the database of observations.
    func markPersonsRecorded(_ job: Int64) async throws {
        try await database.write { db in
            try db.execute(sql: "UPDATE job SET recorded = 1 WHERE id = ?", arguments: [job])
        }
    }

    /// Everything is delivered. `note` tells people why something was left as it is.
    func complete(_ job: Int64, note: String?) async throws {
        try await database.write { db in
            try db.execute(
                sql: """
                    UPDATE job SET stage = 'done', starts = 0, attempts = 0, next_attempt = NULL, failure = ?
                    WHERE id = ? AND stage IN ('new', 'answered')
                    """,
                arguments: [note, job])
        }
    }
}

extension StateStore {
    /// How many pending jobs are due.
    func dueCount(_ filter: JobFilter, at now: Date) async throws -> Int {
        try await database.read { db in
            try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM job WHERE job.stage IN ('new', 'answered')
                    AND (next_attempt IS NULL OR next_attempt <= :now) AND \(Self.condition(filter))
                    """, arguments: Self.arguments(filter, ["now": now.timeIntervalSince1970])) ?? 0
        }
    }

    /// Why pending sheets wait, the ten most frequent reasons.
    func waitingReasons(_ filter: JobFilter) async throws -> [(reason: String, count: Int)] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT job.failure AS reason, count(*) AS n FROM job WHERE job.stage IN ('new', 'answered')
                    AND job.failure IS NOT NULL AND \(Self.condition(filter))
                    GROUP BY job.failure ORDER BY n DESC, reason LIMIT 10
                    """, arguments: Self.arguments(filter, [:])
            ).map { ($0["reason"], $0["n"]) }
        }
    }

    /// Jobs whose stored answer is not recorded yet and needs nothing from Nextcloud to be.
    func unrecordedAnswers(_ filter: JobFilter) async throws -> [Int64] {
        try await database.read { db in
            try Int64.fetchAll(
                db,
                sql: """
                    SELECT job.id FROM job WHERE job.stage = 'answered' AND recorded = 0 AND answer_id IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM publication WHERE publication.job_id = job.id
                        AND publication.state IN ('theirs', 'deleted'))
                    AND \(Self.condition(filter)) ORDER BY job.id
                    """, arguments: Self.arguments(filter, [:]))
        }
    }
}
