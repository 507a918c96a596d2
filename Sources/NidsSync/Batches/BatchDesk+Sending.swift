import Foundation
import Logging
import Transcriber

extension BatchDesk {
    /// How long after it was sent a batch is looked at first, and how long at most between two looks, in seconds.
    private static let looks: (first: TimeInterval, longest: TimeInterval) = (30, 600)
    /// When one whose sending was in doubt is looked for: by then the provider's list shows it, in seconds.
    private static let afterDoubt: TimeInterval = 60

    /// Sends batches that are ready, and looks at those that are under way.
    ///
    /// - Parameter onlyDue: whether only those whose time has come.
    func attend(onlyDue: Bool) async throws {
        for batch in try await ready(.sending, onlyDue: onlyDue)
        where !worker.availability.isClosed(.model(batch.model)) {
            if worker.stop.isRequested || Task.isCancelled { return }
            try await send(batch)
        }
        // Looking costs nothing, and what is done has been paid for, budget or not.
        for batch in try await ready(.sent, onlyDue: onlyDue) {
            if worker.stop.isRequested || Task.isCancelled { return }
            try await look(at: batch)
        }
    }

    private func ready(_ stage: BatchRecord.Stage, onlyDue: Bool) async throws -> [BatchRecord] {
        let now = timing.now()
        return try await state.openBatches().filter { batch in
            batch.stage == stage && worker.engines[batch.model]?.batching != nil
                && (!onlyDue || batch.nextLook.map { $0 <= now } ?? true)
        }
    }

    /// Sends a batch, unless the provider has one of its name.
    func send(_ batch: BatchRecord) async throws {
        guard let provider = worker.engines[batch.model]?.batching?.provider else { return }
        do {
            let job: GeminiBatch.Job
            if let found = try await provider.jobs(displayName: batch.displayName).first {
                job = found
            } else if FileManager.default.fileExists(atPath: requestsPath(batch.id)) {
                job = try await create(batch, provider)
            } else {
                // Neither here nor there: it was never sent.
                _ = try await state.finish(batch.id, outcome: "unavailable", alone: false, at: timing.now())
                return announce()
            }
            let now = timing.now()
            try await state.markSent(
                batch.id, name: job.name, at: now, nextLook: now.addingTimeInterval(Self.looks.first))
            unlink(requestsPath(batch.id))
            logger.notice(
                "batch sent",
                metadata: ["model": "\(batch.model)", "sheets": "\(batch.awaited)", "name": "\(job.name)"])
        } catch let error as TranscriptionError {
            try await settle(error, batch)
        }
    }

    private func create(
        _ batch: BatchRecord, _ provider: GeminiBatch
    ) async throws(TranscriptionError) -> GeminiBatch.Job {
        let input = try await provider.upload(requestsPath(batch.id), displayName: batch.displayName)
        do {
            return try await provider.create(inputFile: input, displayName: batch.displayName)
        } catch {
            if !error.leavesDoubt { try? await provider.deleteFile(input) }
            throw error
        }
    }

    /// Looks how a batch is, and collects its results once it is done.
    func look(at batch: BatchRecord) async throws {
        guard let provider = worker.engines[batch.model]?.batching?.provider, let name = batch.name else { return }
        do {
            guard let job = try await provider.job(name) else {
                return try await abandon(batch, outcome: "lost", "the provider knows nothing of it any more")
            }
            guard job.state.isFinal else {
                return try await state.postpone(batch.id, until: next(after: batch), note: nil)
            }
            if let failure = job.failure {
                try await abandon(
                    batch, outcome: failure.leavesDoubt ? "lost" : "batch failed", "\(failure.reason ?? "")")
                if failure.blame == .model { _ = await worker.pause(batch.model, for: failure) }
            } else {
                try await collect(job, of: batch, provider)
            }
            try? await provider.deleteFiles(of: job)
        } catch let error as TranscriptionError {
            try await settle(error, batch)
        }
    }

    /// There are no results: its sheets are asked about again.
    private func abandon(_ batch: BatchRecord, outcome: String, _ reason: String) async throws {
        let count = try await state.finish(batch.id, outcome: outcome, alone: false, at: timing.now())
        worker.purse.release(worker.estimate(batch.model) * Double(count))
        logger.error(
            "batch without results", metadata: ["model": "\(batch.model)", "sheets": "\(count)", "reason": "\(reason)"])
        announce()
    }

    /// What an error of the provider's means for a batch: it is tried again later.
    private func settle(_ error: TranscriptionError, _ batch: BatchRecord) async throws {
        if error == .cancelled { throw CancellationError() }
        if error.blame == .model { _ = await worker.pause(batch.model, for: error) }
        if error.blame == .sheet {
            // The file as a whole is refused: each of its sheets by itself may be taken.
            let count = try await state.finish(batch.id, outcome: "unavailable", alone: true, at: timing.now())
            worker.purse.release(worker.estimate(batch.model) * Double(count))
            unlink(requestsPath(batch.id))
            return announce()
        }
        logger.warning(
            "batch not reached", metadata: ["model": "\(batch.model)", "reason": "\(error.reason ?? "\(error)")"])
        var next = next(after: batch)
        if error.leavesDoubt { next = max(next, timing.now().addingTimeInterval(Self.afterDoubt)) }
        if let after = error.retryAfter { next = max(next, timing.now().addingTimeInterval(after.seconds)) }
        try await state.postpone(batch.id, until: next, note: error.reason)
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
