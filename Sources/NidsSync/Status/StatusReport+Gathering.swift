import DAV
public import Foundation

extension StatusReport {
    /// Gathers how things stand with the state in a folder, `nil` where there is none. Nothing is written, and nobody
    /// who works with it is held up: it is read from a copy.
    /// - Throws: `StateError`, `DatabaseError`.
    public static func gather(_ settings: StateSettings, now: Date = Date()) async throws -> StatusReport? {
        guard try StateDatabase.exists(in: settings.directory) else { return nil }
        let holder = StateLock.holder(of: settings.directory)
        let state = try StateDatabase(copyOf: settings.directory)
        let running = holder.map { Running(process: $0.process, since: $0.since) }
        var report = try await gather(state, directory: settings.directory, running: running, now: now)
        report.budget = settings.monthlyBudget
        return report
    }

    static func gather(
        _ state: StateDatabase, directory: String, running: Running? = nil, now: Date
    ) async throws -> StatusReport {
        try await state.read { tables in
            let settings = try tables.rememberedSettings()
            let filter = JobFilter(models: try tables.configuredModels())
            let lastFullLook = try tables.memory.recall(.fullCheck).flatMap(Double.init)
            return StatusReport(
                now: now, directory: directory, url: settings?.url, root: settings?.root,
                lastFullLook: lastFullLook.map(Date.init(timeIntervalSince1970:)), running: running,
                sheets: try sheets(tables, filter, now), models: try models(tables, filter, running, now))
        }
    }

    private static func sheets(_ tables: StateTables, _ filter: JobFilter, _ now: Date) throws -> Sheets {
        var sheets = Sheets()
        sheets.deleted = try tables.counts.deleted(filter)
        sheets.done = (try tables.counts.byStage(filter)[.done] ?? 0) - sheets.deleted
        sheets.waitingSheets = try tables.counts.waiting(filter, at: now, limit: .max).map {
            Waiting(path: $0.path.description, model: $0.model, reason: $0.reason, since: $0.since)
        }
        let reasons = try tables.counts.allWaitingReasons(filter, at: now)
        sheets.waiting = reasons.reduce(0) { $0 + $1.count }
        sheets.waitingReasons = reasons.prefix(10).map { Reason(reason: $0.reason, count: $0.count) }
        sheets.nextRetry = try tables.jobs.nextDue(after: now, holds: true)
        sheets.failed = try tables.counts.failed(filter).map {
            Note(path: $0.path.description, model: $0.model, reason: $0.reason ?? "for a reason that is not known")
        }
        sheets.leftOut = try tables.scans.leftOutCounts().map { Reason(reason: $0.reason, count: $0.count) }
        sheets.leftOutScans = try tables.scans.leftOut(limit: .max).map {
            Note(path: $0.path.description, model: "", reason: $0.reason)
        }
        sheets.notes = try tables.scans.pairingNotes(limit: .max).map {
            Note(path: $0.path.description, model: "", reason: $0.note)
        }
        return sheets
    }

    private static func models(
        _ tables: StateTables, _ filter: JobFilter, _ running: Running?, _ now: Date
    ) throws -> [Model] {
        let total = try tables.requests.spending(since: .distantPast, runningSince: running?.since)
        let month = try tables.requests.spending(
            since: MonthlySpending.month(of: now).start, runningSince: running?.since)
        let pauses = try tables.pauses.all()
        let batches = Dictionary(grouping: try tables.batches.open(), by: \.model)
        let read = try tables.counts.read()
        let others = Set(total.keys).union(read.keys).union(pauses.map(\.model)).subtracting(filter.models)
        var models: [Model] = []
        for label in filter.models + others.sorted() {
            let isConfigured = filter.models.contains(label)
            let spending = total[label] ?? Spending()
            models.append(
                Model(
                    label: label, isConfigured: isConfigured, isFree: spending.isFree(label: label),
                    sheetsRead: read[label] ?? 0,
                    toAsk: isConfigured ? try tables.counts.toAsk(filter, model: label) : 0, total: spending,
                    thisMonth: month[label] ?? Spending(), batches: (batches[label] ?? []).map(Batch.init),
                    pause: pauses.first { $0.model == label }.map {
                        Pause(reason: $0.reason, since: $0.since, until: $0.until)
                    }))
        }
        return models.filter(\.isWorthTelling)
    }
}

extension StatusReport.Batch {
    fileprivate init(_ batch: BatchRecord) {
        self.init(
            stage: batch.stage.rawValue, awaited: batch.awaited, since: batch.sentAt ?? batch.madeAt, note: batch.note)
    }
}
