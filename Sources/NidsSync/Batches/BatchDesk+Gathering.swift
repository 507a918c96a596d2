import Foundation
import Logging
import Synchronization
import Transcriber

extension BatchDesk {
    /// Puts a job's sheet into a batch, unless an answer for it is there already, or on its way.
    func gather(_ id: Int64) async throws -> WorkOutcome {
        guard let job = try await state.takeUp(id, at: [.asking], countsStart: true), !job.pages.isEmpty else {
            return .returned
        }
        return try await worker.perform(job) {
            try worker.setAside(job)
            try await worker.read(job) { hashed, content, files in
                let key = worker.key(of: hashed, content)
                // What is being asked about at this moment is not asked about by batch too.
                try await worker.answerGate.run(key) { try await add(hashed, key, files) }
            }
            return .goesOn(.delivering)
        }
    }

    /// - Throws: `WorkInterruption.awaited` once the job waits for its answer; returns where there was one.
    private func add(_ job: SheetJob, _ key: AnswerKey, _ files: [SpooledPage]) async throws {
        if try await worker.isSettled(job, key) { return }
        guard let engine = worker.engines[job.model], let batching = engine.batching else {
            throw WorkInterruption.failed(reason: "the model \(job.model) is not configured")
        }
        try await worker.requireAskable(engine, job, key)
        try await worker.convert(files, for: engine, job, key) { pages in
            let request = TranscriptionRequest(pages: pages, promptKind: job.promptKind)
            do {
                try await writing.run(job.model) { try await place(request, job, key, engine, batching) }
            } catch let error as TranscriptionError {
                throw try await worker.interruption(for: error, job, key)
            }
        }
    }

    /// In its model's turn, so that each knows of the others before it what they are and will cost.
    private func place(
        _ request: TranscriptionRequest, _ job: SheetJob, _ key: AnswerKey, _ engine: EngineSet.Member,
        _ batching: Batching
    ) async throws {
        // Such a batch may turn out to be done, and to have brought this very answer.
        try await refuseBeforeInherited(job.model, batching)
        if try await worker.isSettled(job, key) { return }
        try await worker.requireAskable(engine, job, key)
        var gathering = try await gathering(for: job.model, batching)
        var isIn = try await gathering.file.append(request, key: Self.line(key))
        if !isIn, await gathering.file.count > 0 {
            try await close(gathering, of: job.model)
            if isStuck(job.model) { throw WorkInterruption.waiting(reason: "a batch before it cannot be sent") }
            gathering = try await self.gathering(for: job.model, batching)
            isIn = try await gathering.file.append(request, key: Self.line(key))
        }
        guard isIn else {
            // More than a whole batch may be goes by itself, its pages uploaded one by one.
            try await state.askAlone(job)
            throw WorkInterruption.goesOn(.asking(model: job.model))
        }
        try await state.place(job, key, inBatch: gathering.id, at: timing.now())
        worker.purse.reserve(worker.usualCost(job.model, inBatch: true))
        if await gathering.file.size >= Self.fileLimit { try await close(gathering, of: job.model) }
        throw WorkInterruption.awaited
    }

    private func gathering(for model: String, _ batching: Batching) async throws -> Gathering {
        if let open = gatherings.withLock({ $0[model] }) { return open }
        let displayName = try await displayNamePrefix(model) + UUID().uuidString.lowercased()
        let now = timing.now()
        let id = try await state.beginBatch(model: model, displayName: displayName, at: now)
        let gathering = Gathering(
            id: id, file: try GeminiBatchFile(path: requestsPath(id), options: batching.options), begun: now)
        gatherings.withLock { $0[model] = gathering }
        return gathering
    }

    /// Sends what has been gathered, as far as it is that old.
    func sendGathered(olderThan age: TimeInterval = 0) async throws {
        for (model, gathering) in gatherings.withLock({ $0 }).sorted(by: { $0.key < $1.key })
        where timing.now().timeIntervalSince(gathering.begun) >= age {
            try await writing.run(model) {
                guard gatherings.withLock({ $0[model]?.id }) == gathering.id else { return }
                do { try await close(gathering, of: model) } catch let error as TranscriptionError {
                    // This disk's fault: its sheets are gathered anew.
                    logger.error("batch not written", metadata: ["model": "\(model)", "reason": "\(error)"])
                    await worker.rest(model, .model(label: model, "a batch cannot be written: \(error)"), for: nil)
                }
            }
        }
    }

    /// Completes a batch's file and sends it.
    private func close(_ gathering: Gathering, of model: String) async throws {
        gatherings.withLock { $0[model] = nil }
        do {
            try await gathering.file.close()
        } catch {
            try await state.discard(gathering.id)
            unlink(gathering.file.path)
            throw error
        }
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
