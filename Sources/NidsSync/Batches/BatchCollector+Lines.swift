import Foundation
import Transcriber

extension BatchCollector {
    /// Takes in the result of a line that is awaited.
    func take(
        _ result: Result<EngineAnswer, TranscriptionError>, _ usage: TokenUsage?, _ key: AnswerKey,
        _ request: AwaitedRequest, _ batch: BatchRecord
    ) async throws {
        let cost = usage.flatMap { engines[batch.model]?.price?.cost(of: $0, inBatch: true) }
        switch result {
        case .success(let answer):
            let received = received(answer, key, batch, promptVersion: request.promptVersion, cost: cost)
            // In a task of its own: an answer that is here is stored, even when the work is being cancelled.
            let state = state
            try await Task {
                try await state.write { try $0.storeBatched(received, key, request: request.id) }
            }.value
            tally.update { $0.transcribed += 1 }
            spending.pay(cost ?? spending.usualCost(batch.model, inBatch: true))
        case .failure(let error):
            if error == .cancelled { throw CancellationError() }
            try await end(error, usage, cost, key, request)
            spending.pay(cost)
        }
        spending.releaseLines(batch.model)
    }

    /// A line brought no answer: its sheet is asked about by itself, or has failed.
    private func end(
        _ error: TranscriptionError, _ usage: TokenUsage?, _ cost: Double?, _ key: AnswerKey, _ request: AwaitedRequest
    ) async throws {
        let isFinal = error.blame == .sheet
        // A line that failed was not billed; only one that was answered may be no answer.
        let outcome: RequestOutcome = isFinal || error.blame == .answer ? error.requestOutcome : .unavailable
        let reason = isFinal ? "the model declined to read this sheet: \(error.reason ?? "\(error)")" : nil
        let now = timing.now()
        let jobs = try await state.write { tables in
            try tables.endBatched(key, request: request.id, outcome, usage: usage, cost: cost, failure: reason, at: now)
        }
        if let reason { for job in jobs { runner.reportFailure(job, reason) } }
    }

    /// Keeps an answer that this state does not await: a lost one has sent the batch, or its line was written and the
    /// row for it was not. It has been paid for, and its sheet finds it when it is asked about.
    func keep(_ answer: EngineAnswer, _ key: AnswerKey, _ batch: BatchRecord) async throws {
        let cost = answer.usage.flatMap { engines[batch.model]?.price?.cost(of: $0, inBatch: true) }
        let received = received(answer, key, batch, promptVersion: nil, cost: cost)
        _ = try await state.write { try $0.storeAnswer(received, key, request: nil) }
        spending.pay(cost)
    }

    private func received(
        _ answer: EngineAnswer, _ key: AnswerKey, _ batch: BatchRecord, promptVersion: Int?, cost: Double?
    ) -> ReceivedAnswer {
        ReceivedAnswer(
            answer: answer, promptVersion: promptVersion ?? Prompt.version(of: key.promptKind),
            askedAt: batch.sentAt ?? batch.madeAt, receivedAt: timing.now(), cost: cost, isOfBatch: true)
    }
}
