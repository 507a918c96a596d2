import DAV
import Foundation

/// How far a pass is, for people who watch.
public struct PassProgress: Sendable {
    /// Sheets finished in this pass, whatever came of them.
    public var finished: Int
    /// Sheets that this pass is about, as far as is known.
    public var total: Int
    /// Of the finished ones, those that failed.
    public var failed: Int
}

extension Pass {
    /// A model whose provider said when to come back is left alone until then, by a new start too.
    func restorePauses(_ availability: Availability) async throws {
        let now = timing.now()
        try await state.forgetOldPauses(at: now)
        for pause in try await state.pauses() {
            guard let until = pause.until else { continue }
            availability.close(
                .model(pause.model), .modelPaused(label: pause.model, pause.reason),
                retryAfter: .seconds(until.timeIntervalSince(now)))
        }
    }

    /// Notes shown at most; all of them are in the state.
    private static let noteLimit = 100

    /// Adds up what the pass came to.
    func conclude(_ summary: inout PassSummary, _ filter: JobFilter, _ run: PassRun) async throws {
        let tally = run.tally.current
        let counts = try await state.stageCounts(filter)
        summary.discovered = counts.values.reduce(0, +)
        summary.transcribed = tally.transcribed
        summary.adopted = tally.adopted
        summary.published = tally.published
        summary.recorded = tally.recorded
        summary.withdrawn = tally.withdrawn
        summary.failures = tally.failed.sorted { ($0.path, $0.model) < ($1.path, $1.model) }
        summary.notes += tally.notes.sorted { ($0.path, $0.model) < ($1.path, $1.model) }
        for (path, note) in try await state.pairingNotes(limit: Self.noteLimit) {
            summary.notes.append(PassSummary.Failure(path: path.description, model: "", reason: note))
        }
        summary.waiting = SheetJob.Stage.pending.reduce(0) { $0 + (counts[$1] ?? 0) }
        summary.leftOut = try await state.leftOutCounts()
        summary.waitingFor = run.availability.outages.map(\.explanation).sorted()
        for batch in try await state.openBatches()
        where (batch.awaited > 0 || batch.isInherited) && batch.stage != .gathering {
            summary.waitingFor.append(Self.words(of: batch))
        }
        if summary.waiting > 0 {
            for (reason, count) in try await state.waitingReasons(filter, at: timing.now())
            where !summary.waitingFor.contains(reason) {
                summary.waitingFor.append("\(count) × \(reason)")
            }
        }
        summary.status = status(run)
        if summary.status != .success, summary.status != .sheetFailed {
            summary.problem = summary.waitingFor.first
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
        let statuses = Set(run.availability.outages.map(\.status))
        for status in [ExitStatus.refused, .configuration, .unavailable] where statuses.contains(status) {
            return status
        }
        return run.tally.current.failed.isEmpty ? .success : .sheetFailed
    }
}
