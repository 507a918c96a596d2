import Foundation
import Synchronization
import Transcriber

extension BatchDesk {
    /// Puts a job's sheet into a batch, unless an answer for it is there already.
    func gather(_ id: Int64) async throws -> WorkOutcome {
        guard let job = try await state.takeUp(id, at: [.asking], countsStart: true), !job.pages.isEmpty else {
            return .returned
        }
        return try await worker.perform(job) {
            try worker.setAside(job)
            if let content = job.knownContent, try await joins(job, content) { return .ended }
            var isAwaited = false
            try await worker.read(job) { hashed, content, files in
                isAwaited = try await add(hashed, worker.key(of: hashed, content), files)
            }
            return isAwaited ? .ended : .goesOn(.delivering)
        }
    }

    /// Whether a batch will bring this content's answer anyway: then the job waits for it too.
    private func joins(_ job: SheetJob, _ content: String) async throws -> Bool {
        let key = worker.key(of: job, content)
        guard try await state.isAwaited(key) else { return false }
        try await state.join(job, key)
        return true
    }

    /// - Returns: whether the job waits for its answer now; else there was one.
    private func add(_ job: SheetJob, _ key: AnswerKey, _ files: [SpooledPage]) async throws -> Bool {
        if let stored = try await state.answer(key) {
            try await state.link(job, content: key.content, answer: stored.id)
            return false
        }
        if try await joins(job, key.content) { return true }
        guard let engine = worker.engines[job.model], let batch = engine.batching else {
            throw WorkInterruption.failed(reason: "the model \(job.model) is not configured")
        }
        try worker.require(.model(job.model))
        if worker.stop.isRequested { throw CancellationError() }
        try worker.refuseFutileRequest(try await state.requestHistory(key))
        let placing: Result<Void, any Error>
        do {
            placing = try await batch.converter.convert(files.map(\.requestPage)) { pages in
                await place(TranscriptionRequest(pages: pages, promptKind: job.promptKind), job, key, batch)
            }
            try placing.get()
        } catch let error as TranscriptionError {
            throw try await worker.interruption(for: error, job, key)
        }
        return true
    }

    private func place(
        _ request: TranscriptionRequest, _ job: SheetJob, _ key: AnswerKey, _ batch: Batching
    ) async -> Result<Void, any Error> {
        do {
            return .success(
                try await writing.run(job.model) { try await placeInTurn(request, job, key, batch) })
        } catch {
            return .failure(error)
        }
    }

    private func placeInTurn(
        _ request: TranscriptionRequest, _ job: SheetJob, _ key: AnswerKey, _ batch: Batching
    ) async throws {
        if try await joins(job, key.content) { return }
        // In turn, so that each knows what the others before it will cost.
        if let engine = worker.engines[job.model] { try await worker.refuseBeyondBudget(engine, job.model) }
        var gathering = try await gathering(for: job.model, batch)
        var isIn = try await gathering.file.append(request, key: Self.line(key))
        if !isIn, await gathering.file.count > 0 {
            try await close(gathering, of: job.model)
            gathering = try await self.gathering(for: job.model, batch)
            isIn = try await gathering.file.append(request, key: Self.line(key))
        }
        // More than a whole batch may be goes by itself, its pages uploaded one by one.
        guard isIn else { return try await state.askAlone(job) }
        try await state.place(job, key, inBatch: gathering.id, at: timing.now())
        worker.purse.reserve(worker.estimate(job.model))
        if await gathering.file.size >= Self.fileLimit { try await close(gathering, of: job.model) }
    }

    private func gathering(for model: String, _ batch: Batching) async throws -> Gathering {
        if let open = gatherings.withLock({ $0[model] }) { return open }
        let displayName = "nids-sync \(model) \(UUID().uuidString.lowercased())"
        let now = timing.now()
        let id = try await state.beginBatch(model: model, displayName: displayName, at: now)
        let gathering = Gathering(
            id: id, displayName: displayName,
            file: try GeminiBatchFile(path: requestsPath(id), options: batch.options), begun: now)
        gatherings.withLock { $0[model] = gathering }
        return gathering
    }

    /// Sends what has been gathered, as far as it is that old.
    func sendGathered(olderThan age: TimeInterval = 0) async throws {
        for (model, gathering) in gatherings.withLock({ $0 }).sorted(by: { $0.key < $1.key })
        where timing.now().timeIntervalSince(gathering.begun) >= age {
            try await writing.run(model) {
                guard gatherings.withLock({ $0[model]?.id }) == gathering.id else { return }
                try await close(gathering, of: model)
            }
        }
    }

    /// Completes a batch's file and sends it.
    private func close(_ gathering: Gathering, of model: String) async throws {
        gatherings.withLock { $0[model] = nil }
        try await gathering.file.close()
        try await state.seal(gathering.id)
        if let record = try await state.openBatches().first(where: { $0.id == gathering.id }) {
            try await send(record)
        }
    }

    /// The key of a content's line in a batch.
    static func line(_ key: AnswerKey) -> String { "\(key.promptKind.rawValue):\(key.content)" }

    /// The content that a line's key means, `nil` for a key that is none of ours.
    static func key(ofLine line: String, model: String) -> AnswerKey? {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let kind = PromptKind(rawValue: String(parts[0])) else { return nil }
        return AnswerKey(content: String(parts[1]), model: model, promptKind: kind)
    }
}
