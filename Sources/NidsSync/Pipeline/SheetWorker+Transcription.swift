import DAV
import Foundation
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
            if let stored = try await state.answer(key) {
                return try await state.link(job, content: content, answer: stored.id)
            }
            guard let engine = engines[job.model] else {
                throw WorkInterruption.failed(reason: "the model \(job.model) is not configured")
            }
            for _ in 0..<Self.refusalLimit {
                let isAnswered = try await engine.gate.run { try await ask(engine, job, key, files) }
                if isAnswered { return }
            }
            throw WorkInterruption.later(
                reason: "the model's requests per minute are used up", after: nil, counts: false, visible: false)
        }
    }

    /// - Returns: `false` when the model was asked too soon.
    private func ask(
        _ engine: EngineSet.Member, _ job: SheetJob, _ key: AnswerKey, _ files: [SpooledPage]
    ) async throws -> Bool {
        try require(.model(job.model))
        if stop.isRequested { throw CancellationError() }
        try await refuseBeyondBudget(engine, job)
        if engine.isPaid, try await state.lostRequests(key) >= Self.lostRequestLimit {
            throw WorkInterruption.failed(
                reason: "\(Self.lostRequestLimit) requests for this sheet were sent without an answer coming back; "
                    + "they may have been billed, so it is not tried again by itself")
        }
        try await refuseFutileRequest(engine, key)
        let asked = timing.now()
        let request = try await state.beginRequest(key, at: asked, endingStartOf: engine.isPaid ? job.id : nil)
        let pages = files.map {
            TranscriptionRequest.Page(path: $0.path, name: $0.page.path.description, mediaType: $0.mediaType)
        }
        do throws(TranscriptionError) {
            let answer = try await engine.engine.transcribe(
                TranscriptionRequest(pages: pages, promptKind: job.promptKind))
            // What is no answer is not stored as one, so that it is asked again.
            _ = try FicheRepair.repair(answer.text, promptKind: job.promptKind)
            do {
                // In a task of its own: an answer that is here is stored, even when the work is being cancelled.
                let received = timing.now()
                _ = try await Task {
                    try await state.storeAnswer(
                        answer, key, promptVersion: Prompt.version(of: job.promptKind), askedAt: asked,
                        receivedAt: received, request: request, job: job)
                }.value
                tally.update { $0.transcribed += 1 }
                engine.gate.succeeded()
                availability.reopen(.model(job.model))
                return true
            } catch {
                throw TranscriptionError.unavailable(
                    reason: "the state cannot be written: \(error)", retryAfter: nil, mayHaveBeenBilled: true)
            }
        } catch {
            try await state.endRequest(request, outcome: error.requestOutcome, at: timing.now())
            if case .rateLimited(let after) = error {
                engine.gate.rateLimited(retryAfter: after)
                return false
            }
            throw try await interruption(for: error, job, key)
        }
    }

    private static let noAnswers = ["cut off", "empty", "not json"]

    /// What a model has said of this content before is not paid for again.
    private func refuseFutileRequest(_ engine: EngineSet.Member, _ key: AnswerKey) async throws {
        guard engine.isPaid else { return }
        if try await state.requests(key, endedWith: ["refused", "unreadable"]) > 0 {
            throw WorkInterruption.failed(reason: "the model has declined to read this very file before")
        }
        if try await state.requests(key, endedWith: Self.noAnswers) >= Self.noAnswerLimit {
            throw WorkInterruption.failed(
                reason: "the model has given no usable answer for this very file \(Self.noAnswerLimit) times")
        }
    }

    /// What was spent this month is known from the answers; what is in flight comes on top.
    private func refuseBeyondBudget(_ engine: EngineSet.Member, _ job: SheetJob) async throws {
        guard engine.isPaid, case .sum(let budget) = settings.transcription.monthlyBudget else { return }
        var reason: String?
        if engine.price == nil {
            reason =
                "the price of \(job.model) is not known, so transcription.monthly_budget cannot be kept: "
                + "set it to unlimited to go on"
        } else {
            let spent = engines.cost(of: try await state.tokens(since: Self.monthStart(timing.now())))
            if spent >= budget {
                reason = String(
                    format: "the monthly budget of %.2f is used up (%.2f): work goes on next month, or with a higher "
                        + "transcription.monthly_budget", budget, spent)
            }
        }
        guard let reason else { return }
        availability.close(
            .model(job.model), .modelPaused(label: job.model, reason), retryAfter: Self.budgetPause)
        throw WorkInterruption.waiting(reason: reason)
    }

    /// How often it is looked whether a new month has begun.
    private static let budgetPause = Duration.seconds(900)

    private static func monthStart(_ now: Date) -> Date {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.dateInterval(of: .month, for: now)?.start ?? now
    }

    /// What an engine's refusal means for the sheet, and for the others.
    private func interruption(
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
        case .modelPaused(let reason, _):
            availability.close(.model(job.model), .modelPaused(label: job.model, reason))
            return WorkInterruption.waiting(reason: reason)
        case .keyRefused(let reason):
            availability.refuse(.keyRefused(reason))
            return WorkInterruption.waiting(reason: reason)
        case .toolMissing(let name, let package):
            let reason = "the program \(name) is missing on this machine: apt-get install \(package)"
            availability.close(.model(job.model), .model(label: job.model, reason))
            return WorkInterruption.waiting(reason: reason)
        case .cancelled:
            return CancellationError()
        }
    }

    private func noAnswer(_ reason: String, _ key: AnswerKey) async throws -> WorkInterruption {
        try await state.requests(key, endedWith: Self.noAnswers) >= Self.noAnswerLimit
            ? .failed(reason: "\(reason) (\(Self.noAnswerLimit) times)")
            : .later(reason: reason, after: nil, counts: true, visible: false)
    }
}

extension TranscriptionError {
    /// How the request is remembered; `lost` counts towards what may have been billed for nothing.
    fileprivate var requestOutcome: String {
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
