import DAV
import Foundation
import Transcriber

extension SheetWorker {
    /// Requests whose answer never reached us, for one content: they may each have been billed.
    private static let lostRequestLimit = 3
    /// Answers that were no answer (cut off, empty, not JSON), for one sheet.
    private static let noAnswerLimit = 3

    /// The answer for a content: the stored one, else a model's.
    func obtainAnswer(_ job: SheetJob, content: String, files: [SpooledPage]) async throws -> StoredAnswer {
        let key = AnswerKey(content: content, model: job.model, promptKind: job.promptKind)
        return try await answerGate.run(key) {
            if let stored = try await state.answer(key) { return stored }
            guard let engine = engines[job.model] else {
                throw WorkInterruption.waiting(reason: "the model \(job.model) is not configured")
            }
            return try await engine.limiter.run { try await ask(engine, job, key, files) }
        }
    }

    private func ask(
        _ engine: EngineSet.Member, _ job: SheetJob, _ key: AnswerKey, _ files: [SpooledPage]
    ) async throws -> StoredAnswer {
        if let reason = tally.modelHalted(job.model) { throw WorkInterruption.waiting(reason: reason) }
        if tally.isHalted || stop.isRequested { throw WorkInterruption.waiting(reason: "the pass is ending") }
        if let reason = tally.current.unbudgeted[job.model] {
            tally.note(.modelPaused(label: job.model, reason))
            throw WorkInterruption.waiting(reason: reason)
        }
        try await refuseBeyondBudget(engine, job)
        if engine.isPaid, try await state.lostRequests(key) >= Self.lostRequestLimit {
            throw WorkInterruption.failed(
                reason: "\(Self.lostRequestLimit) requests for this sheet were sent without an answer coming back; "
                    + "they may have been billed, so it is not tried again by itself")
        }
        let asked = timing.now()
        let request = try await state.beginRequest(key, at: asked)
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
                let stored = try await Task {
                    try await state.storeAnswer(
                        answer, key, promptVersion: Prompt.version(of: job.promptKind), askedAt: asked,
                        receivedAt: received, request: request)
                }.value
                tally.update { $0.transcribed += 1 }
                return stored
            } catch {
                throw TranscriptionError.unavailable(
                    reason: "the state cannot be written: \(error)", retryAfter: nil, mayHaveBeenBilled: true)
            }
        } catch {
            try await state.endRequest(request, outcome: error.requestOutcome, at: timing.now())
            throw interruption(for: error, job)
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
        tally.note(.modelPaused(label: job.model, reason))
        throw WorkInterruption.waiting(reason: reason)
    }

    private static func monthStart(_ now: Date) -> Date {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.dateInterval(of: .month, for: now)?.start ?? now
    }

    /// What an engine's refusal means for the sheet, and for the others.
    private func interruption(for error: TranscriptionError, _ job: SheetJob) -> any Error {
        switch error {
        case .unreadable(let reason):
            return WorkInterruption.failed(reason: reason)
        case .refused(let reason):
            return WorkInterruption.failed(reason: "the model declined to read this sheet: \(reason)")
        case .cutOff: return noAnswer("the model's answer broke off before its end", job)
        case .empty: return noAnswer("the model's answer was empty", job)
        case .notJSON(let excerpt):
            return noAnswer("the model did not answer with a sheet, but: \(excerpt.prefix(120))", job)
        case .rateLimited(let after):
            return WorkInterruption.later(
                reason: "the model's requests per minute are used up", after: after ?? .seconds(20), counts: true,
                visible: false)
        case .unavailable(let reason, let after, _):
            return WorkInterruption.later(reason: reason, after: after, counts: true, visible: false)
        case .modelPaused(let reason, _):
            tally.note(.modelPaused(label: job.model, reason))
            return WorkInterruption.waiting(reason: reason)
        case .keyRefused(let reason):
            tally.note(.keyRefused(reason))
            return WorkInterruption.waiting(reason: reason)
        case .toolMissing(let name, let package):
            let reason = "the program \(name) is missing on this machine: apt-get install \(package)"
            tally.note(.model(label: job.model, reason))
            return WorkInterruption.waiting(reason: reason)
        case .cancelled:
            return CancellationError()
        }
    }

    private func noAnswer(_ reason: String, _ job: SheetJob) -> WorkInterruption {
        job.attempts + 1 >= Self.noAnswerLimit
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
