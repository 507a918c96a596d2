import Foundation
import Logging
import Transcriber

/// Looks at batches that are under way, and takes in what came of them.
struct BatchCollector: Sendable {
    /// The note of a batch of which the provider said once that it knows nothing.
    private static let unknown = "the provider says that it does not know it"
    /// The time after that until it is asked again, before it is believed, in seconds.
    private static let beforeBelief: TimeInterval = 600

    let state: StateDatabase
    let engines: EngineSet
    let spending: MonthlySpending
    let pauses: ModelPauses
    let faults: BatchFaults
    let files: BatchFiles
    let runner: JobRunner
    let tally: PassTally
    /// Is called when there is new work for the pipeline.
    let announce: @Sendable () -> Void
    let timing: Timing
    let logger: Logger

    /// Looks how a batch is, and collects its results once it is done.
    /// - Throws: `CancellationError`, `DatabaseError`.
    func look(at batch: BatchRecord) async throws {
        guard let provider = engines[batch.model]?.batching?.provider, let name = batch.name else { return }
        do {
            guard let job = try await provider.job(name) else { return try await doubtExistence(of: batch) }
            guard job.state.isFinal else {
                let next = faults.next(after: batch)
                return try await state.write { try $0.batches.postpone(batch.id, until: next, note: nil) }
            }
            if let failure = job.failure {
                try await abandon(batch, failure.leavesDoubt ? .lost : .batchFailed, failure.reason ?? "\(failure)")
                if case .keyRefused = failure { _ = await pauses.pause(batch.model, for: failure) }
            } else {
                try await collect(job, of: batch, provider)
            }
            try? await provider.deleteFiles(of: job)
        } catch is GeminiBatch.ResultsGone {
            try await abandon(batch, .lost, "its results are not kept any more")
        } catch let error as TranscriptionError {
            try await faults.postpone(batch, after: error)
        }
    }

    /// A key of another project does not know it either: it is believed when it is said again later.
    private func doubtExistence(of batch: BatchRecord) async throws {
        let now = timing.now()
        if batch.note == Self.unknown, let next = batch.nextLook, next <= now {
            return try await abandon(batch, .lost, Self.unknown)
        }
        guard batch.note != Self.unknown else { return }
        let next = now.addingTimeInterval(Self.beforeBelief)
        try await state.write { try $0.batches.postpone(batch.id, until: next, note: Self.unknown) }
    }

    /// There are no results: its sheets are asked about again.
    private func abandon(_ batch: BatchRecord, _ outcome: RequestOutcome, _ reason: String) async throws {
        let now = timing.now()
        let count = try await state.write { try $0.finishBatch(batch.id, outcome, alone: false, at: now) }
        if outcome != .lost { spending.releaseLines(batch.model, count: count) }
        logger.error(
            "batch without results", metadata: ["model": "\(batch.model)", "sheets": "\(count)", "reason": "\(reason)"])
        announce()
    }

    /// Takes in the results of a batch, line by line; what was taken in before is passed over.
    private func collect(_ job: GeminiBatch.Job, of batch: BatchRecord, _ provider: GeminiBatch) async throws {
        defer { files.removeResults(batch.id) }
        var taken = 0
        let path = files.results(batch.id)
        let unreadable = try await provider.results(of: job, through: path) { line, result, usage in
            guard let key = BatchLine.key(line, model: batch.model) else { return }
            let checked = Self.checked(result, key)
            let (request, isStored) = try await state.read { tables in
                (try tables.requests.awaited(key, inBatch: batch.id), try tables.answers.answer(key) != nil)
            }
            if let request {
                try await take(checked, usage, key, request, batch)
                taken += 1
            } else if case .success(let answer) = checked, !isStored {
                try await keep(answer, key, batch)
                taken += 1
            }
        }
        // Done and paid for as a whole, perhaps, but not for us to see.
        let now = timing.now()
        let missing = try await state.write { try $0.finishBatch(batch.id, .lost, alone: true, at: now) }
        logger.notice(
            "batch collected",
            metadata: [
                "model": "\(batch.model)", "sheets": "\(taken)", "without_result": "\(missing)",
                "unreadable_lines": "\(unreadable)",
            ])
        if taken > 0 { await pauses.recordAnswer(batch.model) }
        announce()
    }

    /// Tells answers from what is no sheet.
    private static func checked(
        _ result: Result<EngineAnswer, TranscriptionError>, _ key: AnswerKey
    ) -> Result<EngineAnswer, TranscriptionError> {
        result.flatMap { answer in
            do throws(TranscriptionError) {
                _ = try FicheRepair.repair(answer.text, promptKind: key.promptKind)
                return .success(answer)
            } catch {
                return .failure(error)
            }
        }
    }
}
