import DAV
import Foundation
import Transcriber

extension SheetWorker {
    /// Publishes to Nextcloud and records in the database, independently: when one is down the other goes on.
    func deliver(_ job: SheetJob) async throws {
        async let publishing = attempt { try await publish(job) }
        async let recording = attempt { try await recordUnlessTheirs(job) }
        let published = await publishing
        let recorded = await recording
        let outcome = try published.get()
        try recorded.get()
        let fresh = try await reload(job)
        // A person's doing that publishing came upon counts, not what was recorded beside it.
        if !fresh.isRecorded { try await record(fresh) }
        var note: String?
        if case .left(let reason) = outcome {
            note = reason
            tally.update {
                $0.notes.append(PassSummary.Failure(path: job.path.description, model: job.model, reason: reason))
            }
        }
        try await state.complete(job.id, note: note)
    }

    private func attempt<Value: Sendable>(
        _ work: @Sendable () async throws -> Value
    ) async -> Result<Value, any Error> {
        do { return .success(try await work()) } catch { return .failure(error) }
    }

    private func recordUnlessTheirs(_ job: SheetJob) async throws {
        guard !job.isRecorded, let place = job.resultPath else { return }
        if let publication = try await state.publication(place), [.theirs, .deleted].contains(publication.state) {
            return
        }
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
