import Foundation
import Logging
import Transcriber

extension BatchDesk {
    /// Takes in the results of a batch, line by line; what was taken in before is passed over.
    func collect(_ job: GeminiBatch.Job, of batch: BatchRecord, _ provider: GeminiBatch) async throws {
        let path = resultsPath(batch.id)
        defer { unlink(path) }
        let unreadable = try await provider.results(of: job, through: path) { line, result in
            guard let key = Self.key(ofLine: line, model: batch.model),
                let request = try await state.awaitedRequest(key, inBatch: batch.id)
            else { return }
            try await take(Self.checked(result, key), key, request, batch)
        }
        // Done and paid for as a whole, perhaps, but not for us to see.
        let missing = try await state.finish(batch.id, outcome: "lost", alone: true, at: timing.now())
        worker.purse.release(worker.estimate(batch.model) * Double(missing))
        logger.notice(
            "batch collected",
            metadata: [
                "model": "\(batch.model)", "sheets": "\(batch.awaited)", "without_result": "\(missing)",
                "unreadable_lines": "\(unreadable)",
            ])
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
        _ result: Result<EngineAnswer, TranscriptionError>, _ key: AnswerKey, _ request: Int64, _ batch: BatchRecord
    ) async throws {
        let now = timing.now()
        worker.purse.release(worker.estimate(batch.model))
        switch result {
        case .success(let answer):
            let cost = answer.usage.flatMap { worker.engines[batch.model]?.price?.cost(of: $0, inBatch: true) }
            let received = ReceivedAnswer(
                answer: answer, promptVersion: Prompt.version(of: key.promptKind),
                askedAt: batch.sentAt ?? batch.madeAt, receivedAt: now, cost: cost, isOfBatch: true)
            // In a task of its own: an answer that is here is stored, even when the work is being cancelled.
            let state = state
            try await Task { try await state.storeBatched(received, key, request: request) }.value
            worker.purse.pay(cost)
            worker.tally.update { $0.transcribed += 1 }
        case .failure(let error):
            if error == .cancelled { throw CancellationError() }
            let isFinal = error.blame == .sheet
            // A line that failed was not billed; only one that was answered may be no answer.
            let outcome = isFinal || error.blame == .answer ? error.requestOutcome : "unavailable"
            let reason = isFinal ? "the model declined to read this sheet: \(error.words)" : nil
            let jobs = try await state.endBatched(key, request: request, outcome: outcome, failure: reason, at: now)
            if let reason { for job in jobs { worker.reportFailure(job, reason) } }
        }
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
