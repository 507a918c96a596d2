import Foundation
import Transcriber

extension Asker {
    /// The meaning of an engine's refusal for the sheet, and for the others.
    /// - Throws: `DatabaseError`.
    func fault(for error: TranscriptionError, _ job: SheetJob, _ key: AnswerKey) async throws -> any Error {
        switch error {
        case .unreadable(let reason):
            return WorkFault.failed(reason: reason)
        case .refused, .cutOff, .repeated, .thoughtsOnly, .empty, .notJSON, .rejected:
            return try await noAnswer(error.words(of: job.model), key)
        case .severalPagesRefused(let reason):
            breaker.open(.severalPages(job.model), .modelPaused(label: job.model, reason))
            return waitForSeveralPages(job.model, reason)
        case .rateLimited(let after):
            return WorkFault.later(
                reason: "the model's requests per minute are used up", after: after, counts: false, visible: false)
        case .unavailable(let reason, let after, _):
            if let others = try await state.read({ try $0.requests.readBeside(failing: key) }) {
                return WorkFault.failed(
                    reason: "the model's server fails over this very file again and again, while it has read \(others) "
                        + "others: \(reason)")
            }
            breaker.recordFailure(.model(job.model), .model(label: job.model, reason), retryAfter: after)
            return WorkFault.later(reason: reason, after: after, counts: true, visible: false)
        case .toolFailed(let reason):
            guard job.starts >= Self.startLimit else { return WorkFault.deadly(reason: reason) }
            return WorkFault.failed(reason: "\(reason) (\(Self.startLimit) times: it is set aside)")
        case .modelPaused, .keyRefused, .toolMissing, .machineFault:
            return WorkFault.waiting(reason: await pauses.pause(job.model, for: error))
        case .cancelled:
            return CancellationError()
        }
    }

    private func noAnswer(_ reason: String, _ key: AnswerKey) async throws -> WorkFault {
        if let final = try await state.read({ try $0.requests.history(key) }).exhaustion {
            return .failed(reason: "\(reason): \(final)")
        }
        return .later(reason: reason, after: nil, counts: true, visible: false)
    }

    /// Sheets of several pages wait while the server takes none.
    /// - Throws: `WorkFault.later`.
    func requireSeveralPages(_ model: String) throws(WorkFault) {
        guard let reason = breaker.reason(.severalPages(model)) else { return }
        throw waitForSeveralPages(model, reason)
    }

    private func waitForSeveralPages(_ model: String, _ reason: String) -> WorkFault {
        let until = breaker.openUntil(.severalPages(model)).map { $0.timeIntervalSince(timing.now()) } ?? 900
        return .later(reason: reason, after: .seconds(max(60, until)), counts: false, visible: false)
    }
}

extension TranscriptionError {
    /// The reason why an answer of that model is none.
    func words(of model: String) -> String {
        switch self {
        case .refused(let reason):
            reason.hasPrefix("the model declined") ? reason : "the model declined to read this sheet: \(reason)"
        case .cutOff: "the model's answer broke off before its end"
        case .repeated(let excerpt): "the model repeated itself without end (\"\(excerpt)\")"
        case .thoughtsOnly:
            "all of the model's answer was thinking: give it less of it (transcription.engines.\(model).thinking), or "
                + "more room (max_output_tokens)"
        case .empty: "the model's answer was empty"
        case .notJSON(let excerpt): "the model did not answer with a sheet, but: \(excerpt.prefix(120))"
        case .rejected(let reason): "the model's provider refuses the request: \(reason)"
        default: "\(self)"
        }
    }
}

extension RequestHistory {
    /// Requests whose answer never reached us, for one content: they may each have been billed.
    private static let lostLimit = 3
    /// Answers that were no answer (cut off, empty, not JSON), for one content.
    private static let unusableLimit = 3
    /// Refusals of one content.
    private static let refusalLimit = 3
    /// Answers about one content that used up their room by a repetition.
    private static let repetitionLimit = 2

    /// The reason why a model is not paid for this content again, `nil` where it may be asked.
    var futility: String? {
        if lost >= Self.lostLimit {
            return "\(Self.lostLimit) requests for this sheet were sent without an answer coming back; "
                + "they may have been billed, so it is not tried again by itself"
        }
        if unreadable > 0 { return "the model has declined to read this very file before" }
        return exhaustion
    }

    /// The reason why a content is not asked about again after answers that were none, `nil` where it is.
    var exhaustion: String? {
        if cutOff > 1 { return "the model's answer broke off before its end, with more room for it too" }
        if refused >= Self.refusalLimit { return "the model has declined to read it \(refused) times" }
        if repeated >= Self.repetitionLimit {
            return "the model has repeated itself without end over it \(repeated) times"
        }
        guard unusable >= Self.unusableLimit else { return nil }
        return "the model has given no usable answer for this very file \(Self.unusableLimit) times"
    }
}
