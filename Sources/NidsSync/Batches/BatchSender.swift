import Foundation
import Logging
import Transcriber

/// Sends complete batches, each under a name of ours that is stored before. Killed at any instant, the next start looks
/// for that name before it sends anything.
struct BatchSender: Sendable {
    let state: StateDatabase
    let engines: EngineSet
    let spending: MonthlySpending
    let pauses: ModelPauses
    let faults: BatchFaults
    let files: BatchFiles
    /// Set where new sheets go by batch.
    let isOpen: Bool
    /// Is called when there is new work for the pipeline.
    let announce: @Sendable () -> Void
    let timing: Timing
    let logger: Logger
    /// Writing and sending, one at a time for each model.
    let turns = KeyedGate<String>()

    /// Set where sheets for that model are gathered.
    func takes(_ model: String) -> Bool { isOpen && engines[model]?.batching != nil }

    /// Sends those of the ready batches whose time has come, or all of them.
    /// - Throws: `CancellationError`, `DatabaseError`.
    func sendReady(onlyDue: Bool, _ stop: StopSignal) async throws {
        for batch in try await ready(.sending, onlyDue: onlyDue) {
            if stop.isRequested || Task.isCancelled { return }
            try await turns.run(batch.model) {
                // Somebody may have sent it while this one waited.
                guard let current = try await open(batch.id), current.stage == .sending else { return }
                try await send(current)
            }
        }
    }

    /// The batches of a stage, of models that are asked by batch.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func ready(_ stage: BatchRecord.Stage, onlyDue: Bool) async throws -> [BatchRecord] {
        let now = timing.now()
        return try await state.read { try $0.batches.open() }.filter { batch in
            batch.stage == stage && engines[batch.model]?.batching != nil
                && (!onlyDue || batch.nextLook.map { $0 <= now } ?? true)
        }
    }

    /// The batch of that id, while it is not done.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func open(_ batch: Int64) async throws -> BatchRecord? {
        try await state.read { try $0.batches.open() }.first { $0.id == batch }
    }

    /// Sends a batch, unless the provider has one of its name; in its model's turn.
    /// - Throws: `CancellationError`, `DatabaseError`.
    func send(_ batch: BatchRecord) async throws {
        guard let provider = engines[batch.model]?.batching?.provider else { return }
        do {
            guard let job = try await find(batch, provider) else { return }
            let now = timing.now()
            let next = now.addingTimeInterval(BackoffSchedule.batch.first)
            try await state.write { try $0.batches.markSent(batch.id, name: job.name, at: now, nextLook: next) }
            files.removeRequests(batch.id)
            faults.stuck.mark(batch.model, isStuck: false)
            await pauses.recordAnswer(batch.model)
            logger.notice(
                "batch sent",
                metadata: ["model": "\(batch.model)", "sheets": "\(batch.awaited)", "name": "\(job.name)"])
        } catch let error as TranscriptionError {
            // The file as a whole is refused: each of its sheets by itself may be taken.
            if error.blame == .sheet { return try await dissolve(batch, alone: true) }
            try await faults.postpone(batch, after: error)
        }
    }

    /// The batch at the provider's, made there if need be; `nil` where it is not to be made now.
    private func find(_ batch: BatchRecord, _ provider: GeminiBatch) async throws -> GeminiBatch.Job? {
        if let found = try await provider.jobs(displayName: batch.displayName).first { return found }
        // It may have been made a moment ago, and not be listed yet.
        if let next = batch.nextLook, next > timing.now() {
            faults.stuck.mark(batch.model, isStuck: true)
            return nil
        }
        guard isOpen, files.hasRequests(batch.id) else {
            // It was never sent, and cannot be, or nobody wants batches any more.
            try await dissolve(batch, alone: false)
            return nil
        }
        let input = try await provider.upload(files.requests(batch.id), displayName: batch.displayName)
        let doubtful = timing.now().addingTimeInterval(BatchFaults.afterDoubt)
        try await state.write { try $0.batches.doubt(batch.id, until: doubtful) }
        return try await create(batch, input, provider)
    }

    private func create(
        _ batch: BatchRecord, _ input: String, _ provider: GeminiBatch
    ) async throws(TranscriptionError) -> GeminiBatch.Job {
        do {
            return try await provider.create(inputFile: input, displayName: batch.displayName)
        } catch {
            if !error.leavesDoubt { try? await provider.deleteFile(input) }
            throw error
        }
    }

    /// It has not been sent: its sheets are asked about in another way.
    private func dissolve(_ batch: BatchRecord, alone: Bool) async throws {
        let now = timing.now()
        let count = try await state.write { try $0.finishBatch(batch.id, .unavailable, alone: alone, at: now) }
        spending.releaseLines(batch.model, count: count)
        files.removeRequests(batch.id)
        faults.stuck.mark(batch.model, isStuck: false)
        announce()
    }
}
