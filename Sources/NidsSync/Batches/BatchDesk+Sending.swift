import Foundation
import Logging
import Transcriber

extension BatchDesk {
    /// How long after it was sent a batch is looked at first, and how long at most between two looks, in seconds.
    private static let looks: (first: TimeInterval, longest: TimeInterval) = (30, 600)
    /// When one whose sending was in doubt is looked for: by then the provider's list shows it, in seconds.
    private static let afterDoubt: TimeInterval = 60

    /// The note of a batch of which the provider said once that it knows nothing.
    private static let unknown = "the provider says that it does not know it"
    /// How long after that it is asked again, before it is believed, in seconds.
    private static let beforeBelief: TimeInterval = 600

    /// Sends batches that are ready, and looks at those that are under way.
    ///
    /// - Parameter onlyDue: whether only those whose time has come.
    func attend(onlyDue: Bool) async throws {
        for batch in try await ready(.sending, onlyDue: onlyDue) {
            if worker.stop.isRequested || Task.isCancelled { return }
            try await writing.run(batch.model) {
                // Somebody may have sent it while this one waited.
                guard let current = try await state.openBatches().first(where: { $0.id == batch.id }),
                    current.stage == .sending
                else { return }
                try await send(current)
            }
        }
        // Looking costs nothing, and what is done has been paid for, budget or not.
        for batch in try await ready(.sent, onlyDue: onlyDue) {
            if worker.stop.isRequested || Task.isCancelled { return }
            try await look(at: batch)
        }
    }

    func ready(_ stage: BatchRecord.Stage, onlyDue: Bool) async throws -> [BatchRecord] {
        let now = timing.now()
        return try await state.openBatches().filter { batch in
            batch.stage == stage && worker.engines[batch.model]?.batching != nil
                && (!onlyDue || batch.nextLook.map { $0 <= now } ?? true)
        }
    }

    /// Sends a batch, unless the provider has one of its name; in its model's turn.
    func send(_ batch: BatchRecord) async throws {
        guard let provider = worker.engines[batch.model]?.batching?.provider else { return }
        do {
            guard let job = try await find(batch, provider) else { return }
            let now = timing.now()
            try await state.markSent(
                batch.id, name: job.name, at: now, nextLook: now.addingTimeInterval(Self.looks.first))
            unlink(requestsPath(batch.id))
            setStuck(batch.model, false)
            await worker.modelAnswered(batch.model)
            logger.notice(
                "batch sent",
                metadata: ["model": "\(batch.model)", "sheets": "\(batch.awaited)", "name": "\(job.name)"])
        } catch let error as TranscriptionError {
            try await settle(error, batch)
        }
    }

    /// The batch at the provider's, made there if need be; `nil` where it is not to be made now.
    private func find(_ batch: BatchRecord, _ provider: GeminiBatch) async throws -> GeminiBatch.Job? {
        if let found = try await provider.jobs(displayName: batch.displayName).first { return found }
        // It may have been made a moment ago, and not be listed yet.
        if let next = batch.nextLook, next > timing.now() {
            setStuck(batch.model, true)
            return nil
        }
        guard isOpen, FileManager.default.fileExists(atPath: requestsPath(batch.id)) else {
            // It was never sent, and cannot be, or nobody wants batches any more.
            try await dissolve(batch, alone: false)
            return nil
        }
        let input = try await provider.upload(requestsPath(batch.id), displayName: batch.displayName)
        try await state.doubt(batch.id, until: timing.now().addingTimeInterval(Self.afterDoubt))
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
        let count = try await state.finish(batch.id, outcome: "unavailable", alone: alone, at: timing.now())
        worker.purse.release(worker.usualCost(batch.model, inBatch: true) * Double(count))
        unlink(requestsPath(batch.id))
        setStuck(batch.model, false)
        announce()
    }

    /// Looks how a batch is, and collects its results once it is done.
    func look(at batch: BatchRecord) async throws {
        guard let provider = worker.engines[batch.model]?.batching?.provider, let name = batch.name else { return }
        do {
            guard let job = try await provider.job(name) else { return try await doubtExistence(of: batch) }
            guard job.state.isFinal else {
                return try await state.postpone(batch.id, until: next(after: batch), note: nil)
            }
            if let failure = job.failure {
                try await abandon(
                    batch, outcome: failure.leavesDoubt ? "lost" : "batch failed", failure.reason ?? "\(failure)")
                if case .keyRefused = failure { _ = await worker.pause(batch.model, for: failure) }
            } else {
                try await collect(job, of: batch, provider)
            }
            try? await provider.deleteFiles(of: job)
        } catch is GeminiBatch.ResultsGone {
            try await abandon(batch, outcome: "lost", "its results are not kept any more")
        } catch let error as TranscriptionError {
            try await settle(error, batch)
        }
    }

    /// A key of another project does not know it either: it is believed when it is said again later.
    private func doubtExistence(of batch: BatchRecord) async throws {
        let now = timing.now()
        if batch.note == Self.unknown, let next = batch.nextLook, next <= now {
            return try await abandon(batch, outcome: "lost", Self.unknown)
        }
        guard batch.note != Self.unknown else { return }
        try await state.postpone(batch.id, until: now.addingTimeInterval(Self.beforeBelief), note: Self.unknown)
    }

    /// There are no results: its sheets are asked about again.
    private func abandon(_ batch: BatchRecord, outcome: String, _ reason: String) async throws {
        let count = try await state.finish(batch.id, outcome: outcome, alone: false, at: timing.now())
        if outcome != "lost" { worker.purse.release(worker.usualCost(batch.model, inBatch: true) * Double(count)) }
        logger.error(
            "batch without results", metadata: ["model": "\(batch.model)", "sheets": "\(count)", "reason": "\(reason)"])
        announce()
    }

    /// What an error of the provider's means for a batch: it is tried again later, and costs the model nothing that it
    /// does otherwise, a refused key and a provider out of reach apart.
    private func settle(_ error: TranscriptionError, _ batch: BatchRecord) async throws {
        let reason = error.reason ?? "\(error)"
        switch error {
        case .cancelled: throw CancellationError()
        case .keyRefused: _ = await worker.pause(batch.model, for: error)
        case .unavailable(_, let after, _):
            await worker.rest(batch.model, .model(label: batch.model, reason), for: after)
        // The file as a whole is refused: each of its sheets by itself may be taken.
        case _ where error.blame == .sheet && batch.stage == .sending: return try await dissolve(batch, alone: true)
        default: break
        }
        logger.warning("batch put off", metadata: ["model": "\(batch.model)", "reason": "\(reason)"])
        if batch.stage == .sending { setStuck(batch.model, true) }
        var next = next(after: batch)
        if error.leavesDoubt { next = max(next, timing.now().addingTimeInterval(Self.afterDoubt)) }
        if let after = error.retryAfter { next = max(next, timing.now().addingTimeInterval(after.seconds)) }
        try await state.postpone(batch.id, until: next, note: reason)
    }

    private func next(after batch: BatchRecord) -> Date {
        let pause = min(Self.looks.longest, Self.looks.first * pow(1.5, Double(min(batch.looks, 20))))
        return timing.now().addingTimeInterval(pause)
    }
}

extension TranscriptionError {
    /// Whether what was asked may have been done all the same.
    fileprivate var leavesDoubt: Bool {
        if case .unavailable(_, _, mayHaveBeenBilled: true) = self { true } else { false }
    }

    /// The provider's words, where there are any.
    fileprivate var reason: String? {
        switch self {
        case .unreadable(let reason), .refused(let reason), .unavailable(let reason, _, _),
            .modelPaused(let reason, _), .keyRefused(let reason):
            reason
        case .rateLimited: "too many requests in this minute"
        default: nil
        }
    }
}
