import DAV
import Foundation

extension Pass {
    /// Notes shown at most; all of them are in the state.
    private static let noteLimit = 100
    /// Waiting sheets that `--json` names at most; `status --json` names all.
    private static let waitingLimit = 1000
    /// Scans that stand by which `--json` names at most; `status --json` names all.
    private static let variantLimit = 1000
    /// Scans left out for one reason that `--json` names at most; `status --json` names all.
    private static let leftOutLimit = 1000

    /// Adds up what the pass came to.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func conclude(_ summary: inout PassSummary, _ filter: JobFilter, _ run: PassRun) async throws {
        let tally = run.tally.current
        let now = timing.now()
        let (counts, notes, leftOut, batches, reasons, waiting) = try await state.read { tables in
            (
                try tables.counts.byStage(filter), try tables.scans.pairingNotes(limit: Self.noteLimit),
                try tables.scans.leftOutCounts(), try tables.batches.open(),
                try tables.counts.waitingReasons(filter, at: now),
                try tables.counts.waiting(filter, at: now, limit: Self.waitingLimit)
            )
        }
        summary.deleted = try await state.read { try $0.counts.deleted(filter) }
        summary.discovered = counts.values.reduce(0, +)
        summary.take(tally)
        summary.notes += notes.map { PassSummary.Failure(path: $0.path.description, model: "", reason: $0.note) }
        summary.waiting = SheetJob.Stage.pending.reduce(0) { $0 + (counts[$1] ?? 0) }
        summary.leftOut = leftOut
        summary.leftOutScans = try await state.read { try $0.scans.leftOut(limit: Self.leftOutLimit) }.map {
            PassSummary.Failure(path: $0.path.description, model: "", reason: $0.note)
        }
        try await tellVariants(&summary)
        summary.waitingSheets = waiting.map {
            PassSummary.WaitingSheet(
                path: $0.path.description, model: $0.model, reason: $0.reason, since: $0.since?.ISO8601Format())
        }
        summary.waitingFor = run.breaker.outages.map(\.explanation).sorted()
        for batch in batches where (batch.awaited > 0 || batch.isInherited) && batch.stage != .gathering {
            summary.waitingFor.append(Self.words(of: batch))
        }
        if summary.waiting > 0 {
            for (reason, count) in reasons where !summary.waitingFor.contains(reason) {
                summary.waitingFor.append("\(count) × \(reason)")
            }
        }
        summary.status = status(run)
        if summary.status != .success, summary.status != .sheetFailed {
            summary.problem = summary.waitingFor.first
        }
    }

    /// Names the scans that stand by, and before anything is paid for also the folders that may hold more of them.
    private func tellVariants(_ summary: inout PassSummary) async throws {
        summary.variants = try await state.read { try $0.variants.count() }
        summary.variantScans = try await state.read { try $0.variants.first(Self.variantLimit) }.map {
            PassSummary.Variant(path: $0.path.description, readPath: $0.readPath.description)
        }
        guard summary.isDryRun else { return }
        summary.notes += try await state.read { try SimilarFolders.find($0) }.map {
            PassSummary.Failure(path: $0.parent.description, model: "", reason: $0.words)
        }
    }

    private static func words(of batch: BatchRecord) -> String {
        let sheets = "\(batch.awaited) sheet\(batch.awaited == 1 ? "" : "s")"
        let note = batch.note.map { " (\($0))" } ?? ""
        guard let sent = batch.sentAt else {
            return "\(sheets) in a batch of \(batch.model) that is still to be sent\(note)"
        }
        return
            "\(sheets) in a batch of \(batch.model), sent \(sent.ISO8601Format())\(note): the answers come within a day"
    }

    private func status(_ run: PassRun) -> ExitStatus {
        let statuses = Set(run.breaker.outages.map(\.status))
        for status in [ExitStatus.refused, .configuration, .unavailable] where statuses.contains(status) {
            return status
        }
        return run.tally.current.failed.isEmpty ? .success : .sheetFailed
    }
}

extension PassSummary {
    /// Takes over what a pass has done.
    fileprivate mutating func take(_ tally: PassTally.State) {
        transcribed = tally.transcribed
        adopted = tally.adopted
        published = tally.published
        recorded = tally.recorded
        withdrawn = tally.withdrawn
        failures = tally.failed.sorted { ($0.path, $0.model) < ($1.path, $1.model) }
        notes += tally.notes.sorted { ($0.path, $0.model) < ($1.path, $1.model) }
    }
}
