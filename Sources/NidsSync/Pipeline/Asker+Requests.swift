import Foundation
import Synchronization
import Transcriber

/// Requests to a model, one by one.
extension Asker {
    /// Refusals for being too quick, for one sheet at a stretch: the gate lets the next begin when it may.
    private static let refusalLimit = 20
    /// Refusals in a row, each with a longer pause behind it, after which it is not the pace that is wrong.
    private static let refusedRounds = 8

    /// Gives a job the answer for its content: the stored one, else a model's.
    func obtainAnswer(_ job: SheetJob, content: String, files: [SpooledPage]) async throws -> WorkOutcome {
        let key = job.key(content)
        return try await answerGate.run(key) {
            if let settled = try await settle(job, key) { return settled }
            guard let engine = engines[job.model] else {
                throw WorkFault.failed(reason: "the model \(job.model) is not configured")
            }
            try await requireAskable(engine, job, key)
            // Before its turn: what happens to the pictures on this machine holds up no other request, and is none.
            return try await convert(files, for: engine, job, key) { pages in
                for _ in 0..<Self.refusalLimit {
                    let isAnswered = try await inTurn(engine, job) { try await request(engine, job, key, pages) }
                    if isAnswered { return .goesOn(.delivering) }
                }
                throw WorkFault.later(
                    reason: "the model's requests per minute are used up", after: nil, counts: false, visible: false)
            }
        }
    }

    /// - Returns: `false` when it has to be asked once more: it was too soon, or the answer needs more room.
    private func request(
        _ engine: EngineSet.Member, _ job: SheetJob, _ key: AnswerKey, _ pages: [TranscriptionRequest.Page]
    ) async throws -> Bool {
        let history = try await requireAskable(engine, job, key)
        if pages.count > 1 { try requireSeveralPages(job.model) }
        try requireRoom()
        defer { state.room?.giveBack() }
        let asked = timing.now()
        let request = try await state.write { tables in
            // What is another machine's work from here on is no start of ours.
            if !engine.runsHere { try tables.jobs.endStart(job.id) }
            return try tables.requests.begin(key, at: asked)
        }
        let billed = Mutex<TokenUsage?>(nil)
        do throws(TranscriptionError) {
            var answer = try await engine.engine.transcribe(
                TranscriptionRequest(
                    pages: pages, promptKind: job.promptKind, moreRoom: history.cutOff > 0,
                    mostTokens: room(engine, job),
                    onUsage: { usage in billed.withLock { $0 = usage } }))
            answer.usage = answer.usage ?? billed.withLock { $0 }
            // What is no answer is not stored as one, so that it is asked again.
            let read = try FicheRepair.repair(answer.text, promptKind: job.promptKind)
            try await store(answer, key, asked: asked, request: request, engine, job)
            await noteAnswer(engine, job, key, answer, read.fiche)
            if pages.count > 1 { breaker.recordSuccess(.severalPages(job.model)) }
            return true
        } catch {
            let usage = billed.withLock { $0 }
            try await end(request, error, usage: usage, engine, job)
            await noteNone(error, usage, engine, job, key)
            if case .rateLimited(let after) = error {
                engine.gate.rateLimited(retryAfter: after)
                guard engine.gate.refusalsInRow < Self.refusedRounds else { throw await restAfterRefusals(job) }
                return false
            }
            let hasRoom = history.cutOff == 0 && RequestOutcome.outOfRoom.contains(error.requestOutcome)
            if hasRoom, asksForMoreRoom(engine, job, key) { return false }
            throw try await fault(for: error, job, key)
        }
    }

    /// Has the room for an answer before it is asked for, and the state in its place.
    /// - Throws: `WorkFault.waiting`, `StateError.removed`.
    private func requireRoom() throws {
        try state.presence?.verify()
        do throws(StateError) {
            try state.room?.claim()
            breaker.recordSuccess(.machine)
        } catch {
            breaker.open(.machine, .machine(error.description))
            throw WorkFault.waiting(reason: error.description)
        }
    }

    private func restAfterRefusals(_ job: SheetJob) async -> WorkFault {
        let reason =
            "the provider has refused \(Self.refusedRounds) requests in a row as too many, however long the pauses "
            + "between them: it is left alone for a while"
        await pauses.pause(job.model, .model(label: job.model, reason), for: .seconds(300), isNamed: true)
        return .waiting(reason: reason)
    }

    /// Records that a request brought no answer; what may have been billed is taken to have cost what others do.
    private func end(
        _ request: Int64, _ error: TranscriptionError, usage: TokenUsage?, _ engine: EngineSet.Member, _ job: SheetJob
    ) async throws {
        let cost = usage.flatMap { engine.price?.cost(of: $0) }
        let outcome = error.requestOutcome
        let now = timing.now()
        try await state.write { try $0.requests.end(request, outcome, usage: usage, cost: cost, at: now) }
        spending.pay(cost ?? (outcome == .lost ? spending.usualCost(job.model) : nil))
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
            try await Task {
                try await state.write(keeps: true) { tables in
                    let stored = try tables.storeAnswer(received, key, request: request)
                    try tables.link(job, content: key.content, answer: stored.id)
                }
            }.value
        } catch {
            throw .unavailable(
                reason: "the state cannot be written: \(error)", retryAfter: nil, mayHaveBeenBilled: true)
        }
        tally.update { $0.transcribed += 1 }
        spending.pay(cost ?? spending.usualCost(job.model))
        engine.gate.succeeded()
        await pauses.recordAnswer(job.model)
    }
}
