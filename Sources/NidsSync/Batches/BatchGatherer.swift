import Foundation
import Logging
import Synchronization
import Transcriber

/// Gathers sheets into batches. What is gathered is written to a file; only a complete file is sent.
struct BatchGatherer: Sendable {
    /// A batch whose file is being written.
    private struct Gathering: Sendable {
        var id: Int64
        var file: GeminiBatchFile
        var begun: Date

        /// `true` where it was begun so many seconds ago, or later than now by a clock that was set back since.
        func isOlder(than age: TimeInterval, at now: Date) -> Bool {
            begun > now || now.timeIntervalSince(begun) >= age
        }
    }

    /// The batches that are being gathered, by model.
    private final class Gatherings: Sendable {
        let byModel = Mutex<[String: Gathering]>([:])
    }

    /// Bytes after which a batch is sent: what lies on this disk, and what one broken connection costs.
    static let fileLimit = 500_000_000

    /// With as many sheets before it a model that has read none yet reads one by itself first.
    private static let trialSize = 50

    let asker: Asker
    let sender: BatchSender
    let lost: LostStateBatches
    private let open = Gatherings()

    init(asker: Asker, sender: BatchSender, lost: LostStateBatches) {
        self.asker = asker
        self.sender = sender
        self.lost = lost
    }

    private var state: StateDatabase { sender.state }

    /// Puts a job's sheet into a batch, unless an answer for it is there already, or on its way.
    /// - Throws: `DatabaseError`, and what is no fault of the sheet.
    func gather(_ id: Int64) async throws -> WorkOutcome {
        try await asker.runner.run(id, at: [.asking], countsStart: true) { job in
            try await asker.ensureAnswer(job) { hashed, content, files in
                if let tried = try await tryOut(hashed, content, files) { return tried }
                let key = hashed.key(content)
                // What is being asked about at this moment is not asked about by batch too.
                return try await asker.answerGate.run(key) { try await add(hashed, key, files) }
            }
        }
    }

    /// Has a model read this sheet by itself where nothing tells that it reads at all: a batch is paid for as a whole,
    /// whatever comes back.
    ///
    /// - Returns: `nil` for a model that reads, and for so few sheets that little is at stake.
    private func tryOut(_ job: SheetJob, _ content: String, _ files: [SpooledPage]) async throws -> WorkOutcome? {
        guard try await isUntried(job.model) else { return nil }
        // One at a time: the next one goes into the batch when this one was read.
        return try await sender.turns.run(job.model) {
            guard try await isUntried(job.model) else { return nil }
            return try await asker.obtainAnswer(job, content: content, files: files)
        }
    }

    private func isUntried(_ model: String) async throws -> Bool {
        try await state.read { tables in
            if let isAnswered = try tables.requests.lastIsAnswered(model) { return !isAnswered }
            return try tables.jobs.waitForModel(model, atLeast: Self.trialSize)
        }
    }

    private func add(_ job: SheetJob, _ key: AnswerKey, _ files: [SpooledPage]) async throws -> WorkOutcome {
        if let settled = try await asker.settle(job, key) { return settled }
        guard let engine = asker.engines[job.model], let batching = engine.batching else {
            throw WorkFault.failed(reason: "the model \(job.model) is not configured")
        }
        try await asker.requireAskable(engine, job, key)
        try await asker.brake.learn(job.model, state)
        return try await asker.convert(files, for: engine, job, key) { pages in
            let request = TranscriptionRequest(
                pages: pages, promptKind: job.promptKind, mostTokens: asker.room(engine, job))
            do {
                return try await sender.turns.run(job.model) { try await place(request, job, key, engine, batching) }
            } catch let error as TranscriptionError {
                throw try await asker.fault(for: error, job, key)
            }
        }
    }

    /// In its model's turn, so that each knows of the others before it what they are and will cost.
    private func place(
        _ request: TranscriptionRequest, _ job: SheetJob, _ key: AnswerKey, _ engine: EngineSet.Member,
        _ batching: Batching
    ) async throws -> WorkOutcome {
        // Such a batch may turn out to be done, and to have brought this very answer.
        try await lost.requireNone(job.model, batching)
        if let settled = try await asker.settle(job, key) { return settled }
        try await asker.requireAskable(engine, job, key)
        var gathering = try await gathering(for: job.model, batching)
        var isIn = try await gathering.file.append(request, key: BatchLine.text(key))
        if !isIn, await gathering.file.count > 0 {
            try await close(gathering, of: job.model)
            if sender.faults.stuck.contains(job.model) {
                throw WorkFault.waiting(reason: "a batch before it cannot be sent")
            }
            gathering = try await self.gathering(for: job.model, batching)
            isIn = try await gathering.file.append(request, key: BatchLine.text(key))
        }
        guard isIn else {
            // More than a whole batch may be goes by itself, its pages uploaded one by one.
            try await state.write { try $0.jobs.askAlone(job) }
            return .goesOn(.asking(model: job.model))
        }
        let (batch, now) = (gathering.id, asker.timing.now())
        try await state.write { tables in
            try tables.requests.begin(key, inBatch: batch, at: now)
            try tables.jobs.awaitBatch(job, content: key.content)
        }
        sender.spending.reserveLine(job.model)
        if await gathering.file.size >= Self.fileLimit { try await close(gathering, of: job.model) }
        return .ended
    }

    private func gathering(for model: String, _ batching: Batching) async throws -> Gathering {
        if let gathering = open.byModel.withLock({ $0[model] }) { return gathering }
        let displayName = try await lost.displayNamePrefix(model) + UUID().uuidString.lowercased()
        let now = asker.timing.now()
        let id = try await state.write { try $0.batches.begin(model: model, displayName: displayName, at: now) }
        let gathering = Gathering(
            id: id, file: try GeminiBatchFile(path: sender.files.requests(id), options: batching.options), begun: now)
        open.byModel.withLock { $0[model] = gathering }
        return gathering
    }

    /// Sends what has been gathered, as far as it is that old, in seconds.
    /// - Throws: `CancellationError`, `DatabaseError`.
    func sendGathered(olderThan age: TimeInterval = 0) async throws {
        for (model, gathering) in open.byModel.withLock({ $0 }).sorted(by: { $0.key < $1.key })
        where gathering.isOlder(than: age, at: asker.timing.now()) {
            try await sender.turns.run(model) {
                guard open.byModel.withLock({ $0[model]?.id }) == gathering.id else { return }
                do { try await close(gathering, of: model) } catch let error as TranscriptionError {
                    // This disk's fault: its sheets are gathered anew.
                    sender.logger.error("batch not written", metadata: ["model": "\(model)", "reason": "\(error)"])
                    await sender.pauses.pause(
                        model, .model(label: model, "a batch cannot be written: \(error)"), for: nil)
                }
            }
        }
    }

    /// Completes a batch's file and sends it.
    private func close(_ gathering: Gathering, of model: String) async throws {
        open.byModel.withLock { $0[model] = nil }
        do {
            try await gathering.file.close()
        } catch {
            try await state.write { try $0.discardBatch(gathering.id) }
            unlink(gathering.file.path)
            throw error
        }
        try await state.write { try $0.batches.seal(gathering.id) }
        if let record = try await sender.open(gathering.id) { try await sender.send(record) }
    }
}
