import DAV
public import Foundation

extension StatusReport {
    /// Gathers how things stand with the state in a folder, `nil` where there is none. Nothing is written, and nobody
    /// who works with it is held up. Of the lists there is as much as the text shows.
    /// - Throws: `StateError`, `DatabaseError`.
    public static func gather(_ settings: StateSettings, now: Date = Date()) async throws -> StatusReport? {
        guard try StateDatabase.exists(in: settings.directory) else { return nil }
        let running = running(in: settings.directory)
        var report = try await StateDatabase.reading(settings.directory, isHeld: running != nil) { tables in
            try gather(tables, directory: settings.directory, running: running, listLimit: listLimit, now: now)
        }
        report.budget = settings.monthlyBudget
        return report
    }

    /// The process that works with the state in a folder.
    static func running(in directory: String) -> Running? {
        StateLock.holder(of: directory).map { Running(process: $0.process, since: $0.since) }
    }

    static func gather(
        _ state: StateDatabase, directory: String, running: Running? = nil, now: Date
    ) async throws -> StatusReport {
        try await state.read { tables in
            try gather(tables, directory: directory, running: running, listLimit: .max, now: now)
        }
    }

    static func gather(
        _ tables: StateTables, directory: String, running: Running?, listLimit: Int, now: Date
    ) throws -> StatusReport {
        let settings = try tables.rememberedSettings()
        let filter = JobFilter(models: try tables.configuredModels())
        let lastFullLook = try tables.memory.recall(.fullCheck).flatMap(Double.init)
        let counts = try tables.counts.byModel(filter.models)
        return StatusReport(
            now: now, directory: directory, url: settings?.url, root: settings?.root,
            lastFullLook: lastFullLook.map(Date.init(timeIntervalSince1970:)), running: running,
            sheets: try sheets(tables, filter, counts, listLimit, now),
            models: try models(tables, filter, counts, running, now))
    }

    private static func sheets(
        _ tables: StateTables, _ filter: JobFilter, _ counts: JobCounts.ByModel, _ listLimit: Int, _ now: Date
    ) throws -> Sheets {
        var sheets = Sheets()
        sheets.deleted = try tables.counts.deleted(filter)
        sheets.done = counts.values.reduce(0) { $0 + ($1[.done] ?? 0) } - sheets.deleted
        sheets.failedCount = counts.values.reduce(0) { $0 + ($1[.failed] ?? 0) }
        sheets.waitingSheets = try tables.counts.waiting(filter, at: now, limit: listLimit).map(Waiting.init)
        sheets.listedWaiting =
            listLimit == 0 || sheets.waitingSheets.count < listLimit
            ? sheets.waitingSheets.count : try tables.counts.waitingCount(filter, at: now)
        let reasons = try tables.counts.allWaitingReasons(filter, at: now)
        sheets.waiting = reasons.reduce(0) { $0 + $1.count }
        sheets.waitingReasons = reasons.prefix(10).map { Reason(reason: $0.reason, count: $0.count) }
        sheets.nextRetry = try tables.jobs.nextDue(after: now, holds: true)
        sheets.failed = try tables.counts.failed(filter, limit: listLimit).map(Note.init)
        sheets.leftOut = try tables.scans.leftOutCounts().map { Reason(reason: $0.reason, count: $0.count) }
        sheets.leftOutScans = try tables.scans.leftOut(limit: listLimit).map(Note.init)
        sheets.notes = try tables.scans.pairingNotes(limit: listLimit).map(Note.init)
        sheets.noteCount =
            listLimit == 0 || sheets.notes.count < listLimit ? sheets.notes.count : try tables.scans.pairingNoteCount()
        sheets.variants = try tables.variants.first(listLimit).map(Variant.init)
        sheets.variantCount = try tables.variants.count()
        sheets.similarFolders = try SimilarFolders.find(tables).map {
            Note(path: $0.parent.description, model: "", reason: $0.words)
        }
        return sheets
    }

    private static func models(
        _ tables: StateTables, _ filter: JobFilter, _ counts: JobCounts.ByModel, _ running: Running?, _ now: Date
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
                    toAsk: isConfigured ? JobCounts.toAsk(counts[label]) : 0, total: spending,
                    thisMonth: month[label] ?? Spending(), batches: (batches[label] ?? []).map(Batch.init),
                    pause: pauses.first { $0.model == label }.map {
                        Pause(reason: $0.reason, since: $0.since, until: $0.until)
                    }))
        }
        return models.filter(\.isWorthTelling)
    }
}

extension StatusReport.Waiting {
    init(_ sheet: JobCounts.WaitingSheet) {
        self.init(path: sheet.path.description, model: sheet.model, reason: sheet.reason, since: sheet.since)
    }
}

extension StatusReport.Variant {
    init(_ variant: VariantTable.Variant) {
        self.init(path: variant.path.description, readPath: variant.readPath.description)
    }
}

extension StatusReport.Note {
    init(_ sheet: JobCounts.FailedSheet) {
        self.init(
            path: sheet.path.description, model: sheet.model, reason: sheet.reason ?? "for a reason that is not known")
    }

    init(_ note: ScanTable.PairingNote) { self.init(path: note.path.description, model: "", reason: note.note) }
}

extension StatusReport.Batch {
    fileprivate init(_ batch: BatchRecord) {
        self.init(
            stage: batch.stage.rawValue, awaited: batch.awaited, since: batch.sentAt ?? batch.madeAt, note: batch.note)
    }
}
