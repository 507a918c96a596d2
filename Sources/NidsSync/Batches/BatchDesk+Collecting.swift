import Foundation
import Logging
import Transcriber

extension BatchDesk {
    /// Takes in the results of a batch, line by line; what was taken in before is passed over.
    func collect(_ job: GeminiBatch.Job, of batch: BatchRecord, _ provider: GeminiBatch) async throws {
        let path = resultsPath(batch.id)
        defer { unlink(path) }
        var taken = 0
        let unreadable = try await provider.results(of: job, through: path) { line, result, usage in
            guard let key = Self.key(ofLine: line, model: batch.model) else { return }
            let checked = Self.checked(result, key)
            if let request = try await state.awaitedRequest(key, inBatch: batch.id) {
                try await take(checked, usage, key, request, batch)
                taken += 1
            } else if case .success(let answer) = checked, try await state.answer(key) == nil {
                try await keep(answer, key, batch)
                taken += 1
            }
        }
        // Done and paid for as a whole, perhaps, but not for us to see.
        let missing = try await state.finish(batch.id, outcome: "lost", alone: true, at: timing.now())
        logger.notice(
            "batch collected",
            metadata: [
                "model": "\(batch.model)", "sheets": "\(taken)", "without_result": "\(missing)",
                "unreadable_lines": "\(unreadable)",
            ])
        if taken > 0 { await worker.modelAnswered(batch.model) }
        announce()
    }

    /// What is no sheet is no answer.
    private static func checked(
        _ result: Result<EngineAnswer, TranscriptionError>, _ key: AnswerKey
    ) -> Result<EngineAnswer, TranscriptionError> {
        result.flatMap { answer in
            do throws(TranscriptionError) {
                _ = try FicheRepair.repair(answer.text, promptKind: key.promptKind)
                return .success(answer)
            } catch {
                return .failure(error)
            }
        }
    }

    private func take(
        _ result: Result<EngineAnswer, TranscriptionError>, _ usage: TokenUsage?, _ key: AnswerKey,
        _ request: AwaitedRequest, _ batch: BatchRecord
    ) async throws {
        let now = timing.now()
        let cost = usage.flatMap { worker.engines[batch.model]?.price?.cost(of: $0, inBatch: true) }
        switch result {
        case .success(let answer):
            let received = received(answer, key, batch, promptVersion: request.promptVersion, cost: cost)
            // In a task of its own: an answer that is here is stored, even when the work is being cancelled.
            let state = state
            try await Task { try await state.storeBatched(received, key, request: request.id) }.value
            worker.tally.update { $0.transcribed += 1 }
            worker.purse.pay(cost ?? worker.usualCost(batch.model, inBatch: true))
        case .failure(let error):
            if error == .cancelled { throw CancellationError() }
            let isFinal = error.blame == .sheet
            // A line that failed was not billed; only one that was answered may be no answer.
            let outcome = isFinal || error.blame == .answer ? error.requestOutcome : "unavailable"
            let reason = isFinal ? "the model declined to read this sheet: \(error.words)" : nil
            let jobs = try await state.endBatched(
                key, request: request.id, outcome: outcome, usage: usage, cost: cost, failure: reason, at: now)
            if let reason { for job in jobs { worker.reportFailure(job, reason) } }
            worker.purse.pay(cost)
        }
        worker.purse.release(worker.usualCost(batch.model, inBatch: true))
    }

    /// An answer that this state does not await: a lost one has sent the batch, or its line was written and the row for
    /// it was not. It has been paid for, and its sheet finds it when it is asked about.
    private func keep(_ answer: EngineAnswer, _ key: AnswerKey, _ batch: BatchRecord) async throws {
        let cost = answer.usage.flatMap { worker.engines[batch.model]?.price?.cost(of: $0, inBatch: true) }
        let received = received(answer, key, batch, promptVersion: nil, cost: cost)
        _ = try await state.storeAnswer(received, key, request: nil, job: nil)
        worker.purse.pay(cost)
    }

    private func received(
        _ answer: EngineAnswer, _ key: AnswerKey, _ batch: BatchRecord, promptVersion: Int?, cost: Double?
    ) -> ReceivedAnswer {
        ReceivedAnswer(
            answer: answer, promptVersion: promptVersion ?? Prompt.version(of: key.promptKind),
            askedAt: batch.sentAt ?? batch.madeAt, receivedAt: timing.now(), cost: cost, isOfBatch: true)
    }
}

extension TranscriptionError {
    fileprivate var words: String {
        switch self {
        case .unreadable(let reason), .refused(let reason): reason
        default: "\(self)"
        }
    }
}
