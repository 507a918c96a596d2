import DAV
import Foundation
import Synchronization
import Transcriber

extension SheetWorker {
    /// Requests whose answer never reached us, for one content: they may each have been billed.
    private static let lostRequestLimit = 3
    /// Answers that were no answer (cut off, empty, not JSON), for one sheet.
    private static let noAnswerLimit = 3

    /// Refusals for being too quick, for one sheet at a stretch: the gate lets the next begin when it may.
    private static let refusalLimit = 20

    /// Gives a job the answer for its content: the stored one, else a model's.
    func obtainAnswer(_ job: SheetJob, content: String, files: [SpooledPage]) async throws {
        let key = key(of: job, content)
        try await answerGate.run(key) {
            if try await isSettled(job, key) { return }
            guard let engine = engines[job.model] else {
                throw WorkInterruption.failed(reason: "the model \(job.model) is not configured")
            }
            try await requireAskable(engine, job, key)
            // Before its turn: what happens to the pictures on this machine holds up no other request, and is none.
            try await convert(files, for: engine, job, key) { pages in
                for _ in 0..<Self.refusalLimit {
                    let isAnswered = try await engine.gate.run { try await ask(engine, job, key, pages) }
                    if isAnswered { return }
                }
                throw WorkInterruption.later(
                    reason: "the model's requests per minute are used up", after: nil, counts: false, visible: false)
            }
        }
    }

    /// Gives the body the pages as the model takes them.
    func convert(
        _ files: [SpooledPage], for engine: EngineSet.Member, _ job: SheetJob, _ key: AnswerKey,
        _ body: ([TranscriptionRequest.Page]) async throws -> Void
    ) async throws {
        let pages = files.map(\.requestPage)
        guard let converter = engine.converter else { return try await body(pages) }
        let work: Result<Void, any Error>
        do {
            work = try await converter.convert(pages) { ready in
                do { return .success(try await body(ready)) } catch { return .failure(error) }
            }
        } catch {
            throw try await interruption(for: error, job, key)
        }
        try work.get()
    }

    /// Throws when a model is not to be asked for a content now, or never again.
    ///
    /// - Returns: what became of the requests for it so far.
    @discardableResult
    func requireAskable(
        _ engine: EngineSet.Member, _ job: SheetJob, _ key: AnswerKey
    ) async throws -> RequestHistory {
        try require(.model(job.model))
        if stop.isRequested { throw CancellationError() }
        try await refuseBeyondBudget(engine, job.model)
        let history = try await state.requestHistory(key)
        if !engine.isLocal { try refuseFutileRequest(history) }
        return history
    }

    /// - Returns: `false` when it has to be asked once more: it was too soon, or the answer needs more room.
    private func ask(
        _ engine: EngineSet.Member, _ job: SheetJob, _ key: AnswerKey, _ pages: [TranscriptionRequest.Page]
    ) async throws -> Bool {
        let history = try await requireAskable(engine, job, key)
        let asked = timing.now()
        let request = try await state.beginRequest(key, at: asked, endingStartOf: engine.isLocal ? nil : job.id)
        let billed = Mutex<TokenUsage?>(nil)
        do throws(TranscriptionError) {
            var answer = try await engine.engine.transcribe(
                TranscriptionRequest(
                    pages: pages, promptKind: job.promptKind, moreRoom: history.cutOff > 0,
                    onUsage: { usage in billed.withLock { $0 = usage } }))
            answer.usage = answer.usage ?? billed.withLock { $0 }
            // What is no answer is not stored as one, so that it is asked again.
            _ = try FicheRepair.repair(answer.text, promptKind: job.promptKind)
            try await store(answer, key, asked: asked, request: request, engine, job)
            return true
        } catch {
            let usage = billed.withLock { $0 }
            let cost = usage.flatMap { engine.price?.cost(of: $0) }
            try await state.endRequest(
                request, outcome: error.requestOutcome, usage: usage, cost: cost, at: timing.now())
            // What may have been billed is taken to have cost what others do.
            purse.pay(cost ?? (error.requestOutcome == "lost" ? usualCost(job.model) : nil))
            if case .rateLimited(let after) = error {
                engine.gate.rateLimited(retryAfter: after)
                return false
            }
            if case .cutOff = error, history.cutOff == 0 { return false }
            throw try await interruption(for: error, job, key)
        }
    }

    private func store(
        _ answer: EngineAnswer, _ key: AnswerKey, asked: Date, request: Int64, _ engine: EngineSet.Member,
        _ job: SheetJob
    ) async throws(TranscriptionError) {
        let cost = answer.usage.flatMap { engine.price?.cost(of: $0) }
        let received = ReceivedAnswer(
            answer: answer, promptVersion: Prompt.version(of: job.promptKind), askedAt: asked,
            receivedAt: timing.now(), cost: cost)
        do {
            // In a task of its own: an answer that is here is stored, even when the work is being cancelled.
            _ = try await Task { try await state.storeAnswer(received, key, request: request, job: job) }.value
        } catch {
            throw .unavailable(
                reason: "the state cannot be written: \(error)", retryAfter: nil, mayHaveBeenBilled: true)
        }
        tally.update { $0.transcribed += 1 }
        purse.pay(cost ?? usualCost(job.model))
        engine.gate.succeeded()
        await modelAnswered(job.model)
    }

    /// What a model has said of this content before is not paid for again.
    private func refuseFutileRequest(_ history: RequestHistory) throws {
        if history.lost >= Self.lostRequestLimit {
            throw WorkInterruption.failed(
                reason: "\(Self.lostRequestLimit) requests for this sheet were sent without an answer coming back; "
                    + "they may have been billed, so it is not tried again by itself")
        }
        if history.declined > 0 {
            throw WorkInterruption.failed(reason: "the model has declined to read this very file before")
        }
        if let reason = Self.exhausted(history) { throw WorkInterruption.failed(reason: reason) }
    }

    /// Why a content is not asked about again after answers that were none, `nil` where it is.
    private static func exhausted(_ history: RequestHistory) -> String? {
        if history.cutOff > 1 { return "the model's answer broke off before its end, with more room for it too" }
        guard history.unusable >= noAnswerLimit else { return nil }
        return "the model has given no usable answer for this very file \(noAnswerLimit) times"
    }

    /// What an engine's refusal means for the sheet, and for the others.
    func interruption(
        for error: TranscriptionError, _ job: SheetJob, _ key: AnswerKey
    ) async throws -> any Error {
        switch error {
        case .unreadable(let reason):
            return WorkInterruption.failed(reason: reason)
        case .refused(let reason):
            return WorkInterruption.failed(reason: "the model declined to read this sheet: \(reason)")
        case .cutOff: return try await noAnswer("the model's answer broke off before its end", key)
        case .empty: return try await noAnswer("the model's answer was empty", key)
        case .notJSON(let excerpt):
            return try await noAnswer("the model did not answer with a sheet, but: \(excerpt.prefix(120))", key)
        case .rateLimited(let after):
            return WorkInterruption.later(
                reason: "the model's requests per minute are used up", after: after, counts: false, visible: false)
        case .unavailable(let reason, let after, _):
            availability.strike(.model(job.model), .model(label: job.model, reason), retryAfter: after)
            return WorkInterruption.later(reason: reason, after: after, counts: true, visible: false)
        case .modelPaused, .keyRefused, .toolMissing:
            return WorkInterruption.waiting(reason: await pause(job.model, for: error))
        case .cancelled:
            return CancellationError()
        }
    }

    private func noAnswer(_ reason: String, _ key: AnswerKey) async throws -> WorkInterruption {
        if let final = Self.exhausted(try await state.requestHistory(key)) {
            return .failed(reason: "\(reason): \(final)")
        }
        return .later(reason: reason, after: nil, counts: true, visible: false)
    }
}

extension SpooledPage {
    /// The page as an engine is given it.
    var requestPage: TranscriptionRequest.Page {
        TranscriptionRequest.Page(path: path, name: page.path.description, mediaType: mediaType)
    }
}

extension TranscriptionError {
    /// How the request is remembered; `lost` counts towards what may have been billed for nothing.
    var requestOutcome: String {
        switch self {
        case .unavailable(_, _, mayHaveBeenBilled: true), .cancelled: "lost"
        case .unavailable: "unavailable"
        case .unreadable: "unreadable"
        case .refused: "refused"
        case .cutOff: "cut off"
        case .empty: "empty"
        case .notJSON: "not json"
        case .rateLimited: "rate limited"
        case .modelPaused: "model paused"
        case .keyRefused: "key refused"
        case .toolMissing: "tool missing"
        }
    }
}
