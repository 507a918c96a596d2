import DAV
import Foundation
import GRDB

extension JobCounts {
    /// A sheet that waits.
    struct WaitingSheet: Sendable {
        var path: RemotePath
        var model: String
        var reason: String
        /// Since when it has a reason to wait, where that is known.
        var since: Date?
    }

    /// The sheets that wait for something other than their turn, each with the reason, those that wait longest first.
    func waiting(_ filter: JobFilter, at now: Date, limit: Int) throws -> [WaitingSheet] {
        var sheets: [WaitingSheet] = []
        try forEachWaiting(filter, at: now, limit: limit) { sheets.append($0) }
        return sheets
    }

    /// Hands them out one by one.
    func forEachWaiting(
        _ filter: JobFilter, at now: Date, limit: Int = .max, _ body: (WaitingSheet) throws -> Void
    ) throws {
        let now = now.timeIntervalSince1970
        try db.forEach(
            """
            SELECT min(scan.path) AS path, job.model, min(coalesce(job.since, scan.first_seen)) AS since,
                coalesce(job.failure, CASE WHEN sheet.hold_until > \(now) THEN 'waits for the other side of the sheet'
                ELSE 'a listing lacked the scan: the next look shows whether it is gone' END) AS reason
            \(Self.waitingJobs(filter, now)) GROUP BY job.id ORDER BY since, path LIMIT \(limit)
            """
        ) {
            try body(
                WaitingSheet(
                    path: try $0.known("path"), model: $0["model"], reason: $0["reason"],
                    since: $0.dateIfPresent("since")))
        }
    }

    /// The number of all of them.
    func waitingCount(_ filter: JobFilter, at now: Date) throws -> Int {
        try db.value("SELECT count(DISTINCT job.id) \(Self.waitingJobs(filter, now.timeIntervalSince1970))") ?? 0
    }

    private static func waitingJobs(_ filter: JobFilter, _ now: TimeInterval) -> SQL {
        """
        FROM job JOIN sheet ON sheet.id = job.sheet_id
        JOIN scan ON scan.sheet_id = job.sheet_id AND scan.missing < 2 AND scan.left_out IS NULL
        WHERE job.stage IN \(SheetJob.Stage.pending) AND \(filter.condition)
        AND (job.failure IS NOT NULL OR sheet.hold_until > \(now) OR scan.missing = 1)
        """
    }

    /// The sheets whose result a person deleted. The state stands there as a word: an index for it alone serves no
    /// argument.
    func deleted(_ filter: JobFilter) throws -> Int {
        try db.value(
            """
            SELECT count(*) FROM job WHERE job.id IN (SELECT job_id FROM publication
                WHERE publication.is_result AND publication.state = 'deleted')
            AND job.stage = \(SheetJob.Stage.done) AND \(filter.condition)
            """) ?? 0
    }
}
