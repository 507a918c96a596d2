import DAV
public import Foundation
import GRDB

extension StatusReport {
    /// How things stand with the state in a folder, `nil` where there is none. Nothing is written, and nobody who
    /// works with it is held up: it is read from a copy.
    /// - Throws: `StateError.unreadable`.
    public static func gather(_ settings: StateSettings, now: Date = Date()) async throws -> StatusReport? {
        guard try StateStore.exists(in: settings.directory) else { return nil }
        let holder = StateLock.holder(of: settings.directory)
        let state = try StateStore(copyOf: settings.directory)
        let running = holder.map { Running(process: $0.process, since: $0.since) }
        var report = try await gather(state, directory: settings.directory, running: running, now: now)
        report.budget = settings.monthlyBudget
        return report
    }

    static func gather(
        _ state: StateStore, directory: String, running: Running? = nil, now: Date
    ) async throws -> StatusReport {
        let identity = try await state.identity()
        let filter = JobFilter(models: try await state.configuredModels())
        return StatusReport(
            now: now, directory: directory, url: identity?.url, root: identity?.root,
            lastFullLook: try await state.recall(.fullCheck).flatMap(Double.init).map(
                Date.init(timeIntervalSince1970:)),
            running: running, sheets: try await sheets(state, filter, now),
            models: try await models(state, filter, running, now))
    }

    private static func sheets(_ state: StateStore, _ filter: JobFilter, _ now: Date) async throws -> Sheets {
        var sheets = Sheets()
        sheets.done = try await state.stageCounts(filter)[.done] ?? 0
        let reasons = try await state.allWaitingReasons(filter, at: now)
        sheets.waiting = reasons.reduce(0) { $0 + $1.count }
        sheets.waitingReasons = reasons.prefix(10).map { Reason(reason: $0.reason, count: $0.count) }
        sheets.nextRetry = try await state.nextDue(after: now, holds: true)
        sheets.failed = try await state.failedSheets(filter)
        sheets.leftOut = try await state.leftOutCounts().map { Reason(reason: $0.reason, count: $0.count) }
        sheets.notes = try await state.pairingNotes(limit: .max).map {
            Note(path: $0.path.description, model: "", reason: $0.note)
        }
        return sheets
    }

    private static func models(
        _ state: StateStore, _ filter: JobFilter, _ running: Running?, _ now: Date
    ) async throws -> [Model] {
        let total = try await state.spending(since: .distantPast, runningSince: running?.since)
        let month = try await state.spending(since: Purse.month(of: now).start, runningSince: running?.since)
        let pauses = try await state.pauses()
        let batches = try await state.batchesUnderWay()
        let read = try await state.sheetsRead()
        let others = Set(total.keys).union(read.keys).union(pauses.map(\.model)).subtracting(filter.models)
        var models: [Model] = []
        for label in filter.models + others.sorted() {
            let isConfigured = filter.models.contains(label)
            let spending = total[label] ?? Spending()
            models.append(
                Model(
                    label: label, isConfigured: isConfigured, isFree: spending.isFree(label: label),
                    sheetsRead: read[label] ?? 0,
                    toAsk: isConfigured ? try await state.countToAsk(filter, model: label) : 0, total: spending,
                    thisMonth: month[label] ?? Spending(), batches: batches[label] ?? [],
                    pause: pauses.first { $0.model == label }.map {
                        Pause(reason: $0.reason, since: $0.since, until: $0.until)
                    }))
        }
        return models.filter(\.isWorthTelling)
    }
}

extension StateStore {
    /// Why sheets wait, each sheet under one reason, the most frequent first.
    func allWaitingReasons(_ filter: JobFilter, at now: Date) async throws -> [(reason: String, count: Int)] {
        let stages = SheetJob.Stage.pending.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT CASE
                        WHEN job.stage = 'batched' THEN 'in a batch'
                        WHEN job.failure IS NOT NULL THEN job.failure
                        WHEN sheet.hold_until > :now THEN 'waits for the other side of the sheet'
                        WHEN job.stage = 'answered' THEN 'to be published or recorded'
                        WHEN job.stage = 'withdrawing' THEN 'the scan is gone: rows to be withdrawn'
                        WHEN job.stage = 'asking' THEN 'to be read'
                        ELSE 'to be looked at' END AS reason, count(*) AS n
                    FROM job JOIN sheet ON sheet.id = job.sheet_id WHERE job.stage IN (\(stages))
                    AND (\(filter.condition) OR job.stage = 'withdrawing' AND job.model IN (\(filter.modelList)))
                    GROUP BY 1 ORDER BY n DESC, reason
                    """, arguments: filter.arguments(["now": now.timeIntervalSince1970])
            ).map { ($0["reason"], $0["n"]) }
        }
    }

    /// The sheets that failed, by path.
    func failedSheets(_ filter: JobFilter) async throws -> [StatusReport.Note] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT (SELECT path FROM scan WHERE scan.sheet_id = job.sheet_id AND missing < 2
                        AND left_out IS NULL ORDER BY side, path LIMIT 1) AS path, job.model, job.failure
                    FROM job WHERE job.stage = 'failed' AND \(filter.condition) ORDER BY path, job.model
                    """, arguments: filter.arguments()
            ).map {
                StatusReport.Note(
                    path: RemotePath.stored($0["path"]).description, model: $0["model"],
                    reason: $0["failure"] ?? "for a reason that is not known")
            }
        }
    }

    /// How many sheets have the reading of each model, delivered or not.
    func sheetsRead() async throws -> [String: Int] {
        try await database.read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT model, count(*) AS n FROM job WHERE answer_id IS NOT NULL GROUP BY model")
            return Dictionary(rows.map { ($0["model"], $0["n"]) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// The batches that are not done, by model.
    func batchesUnderWay() async throws -> [String: [StatusReport.Batch]] {
        try await database.read { db in
            var batches: [String: [StatusReport.Batch]] = [:]
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT model, stage, note, coalesce(sent_at, made_at) AS since, (SELECT count(*) FROM model_request
                        WHERE batch_id = batch.id AND ended_at IS NULL) AS awaited
                    FROM batch WHERE stage <> 'done' ORDER BY batch.id
                    """)
            for row in rows {
                batches[row["model"], default: []].append(
                    StatusReport.Batch(
                        stage: row["stage"], awaited: row["awaited"],
                        since: Date(timeIntervalSince1970: row["since"]), note: row["note"]))
            }
            return batches
        }
    }
}
