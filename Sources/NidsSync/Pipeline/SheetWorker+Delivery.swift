import DAV
import Foundation
import Transcriber

extension SheetWorker {
    /// Publishes to Nextcloud and records in the database, independently: when one is down the other goes on.
    func deliver(_ job: SheetJob) async throws -> WorkOutcome {
        async let publishing = attempt { job.isPublished ? .settled : try await publish(job) }
        async let recording = attempt { try await recordUnlessTheirs(job) }
        let published = await publishing
        let recorded = await recording
        let outcome = try published.get()
        if case .failure(let error) = recorded {
            _ = try await complete(job, outcome)
            throw error
        }
        // A person's doing that publishing came upon counts, not what was recorded beside it.
        let fresh = try await reload(job)
        if !fresh.isRecorded {
            do { try await record(fresh) } catch {
                _ = try await complete(job, outcome)
                throw error
            }
        }
        return try await complete(job, outcome)
    }

    private func complete(_ job: SheetJob, _ outcome: Publishing) async throws -> WorkOutcome {
        var note: String?
        if case .left(let reason) = outcome {
            tally.note(left: PassSummary.Failure(path: job.path.description, model: job.model, reason: reason))
            note = reason
        }
        return try await state.complete(job, note: note) ? .ended : .postponed
    }

    private func attempt<Value: Sendable>(
        _ work: @Sendable () async throws -> Value
    ) async -> Result<Value, any Error> {
        do { return .success(try await work()) } catch { return .failure(error) }
    }

    private func recordUnlessTheirs(_ job: SheetJob) async throws {
        guard !job.isRecorded else { return }
        let results = try await state.publications(of: job.id).filter(\.isResult)
        if results.contains(where: { [.theirs, .deleted].contains($0.state) }) { return }
        // A result of before may have been edited meanwhile, which publishing will see.
        try await record(job)
    }

    /// The stored answer of a job as a sheet, and the file that it becomes.
    func result(of job: SheetJob) async throws -> (
        reading: RepairedFiche, document: ResultDocument, answer: StoredAnswer
    )? {
        guard let id = job.answerID, let answer = try await state.answer(id: id) else { return nil }
        do {
            let reading = try FicheRepair.repair(answer.text, promptKind: job.promptKind)
            return (reading, ResultDocument(reading, job: job, answer: answer), answer)
        } catch {
            throw WorkInterruption.failed(reason: "the stored answer is not a sheet")
        }
    }
}
