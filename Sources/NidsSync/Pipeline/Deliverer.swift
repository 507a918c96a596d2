import DAV
import Foundation

/// Delivers answers to Nextcloud and to the database, independently: when one is down the other goes on.
struct Deliverer: Sendable {
    let state: StateDatabase
    /// `nil` while Nextcloud is out of reach.
    let publisher: Publisher?
    let recorder: Recorder
    let runner: JobRunner
    let tally: PassTally
    let timing: Timing

    /// Delivers a job's answer, or withdraws its rows.
    /// - Throws: `DatabaseError`, and what is no fault of the sheet.
    func deliver(_ id: Int64) async throws -> WorkOutcome {
        let delivered = try await runner.run(id, at: [.answered, .withdrawing]) { job in
            if job.stage == .withdrawing {
                try await recorder.withdraw(job)
                return .ended
            }
            if let next = job.nextAttempt, next > timing.now() {
                // It may have been handed out for its record, and have got it with a try to publish meanwhile.
                if !job.isRecorded { try await recorder.record(job) }
                return .postponed
            }
            return try await deliver(job)
        }
        guard delivered == .ended, state.models.count > 1 else { return delivered }
        // The primary may have become due with this job's answer: what is due has to be looked up again.
        let isDue = try await state.read { tables in
            guard let job = try tables.jobs.job(id) else { return false }
            return try tables.isConsensusDue(beside: job)
        }
        return isDue ? .postponed : .ended
    }

    private func deliver(_ job: SheetJob) async throws -> WorkOutcome {
        // Made once for both.
        let result = await attempt { try await JobResult(of: job, state, recorder.names) }
        async let publishing = attempt { try await publish(job, result) }
        async let recording = attempt { try await recorder.recordUnlessTheirs(job, result) }
        let published = await publishing
        let recorded = await recording
        let outcome = try published.get()
        if case .failure(let error) = recorded {
            _ = try await complete(job, outcome)
            throw error
        }
        // A person's doing that publishing came upon counts, not what was recorded beside it.
        let fresh = try await runner.reload(job)
        if !fresh.isRecorded {
            do { try await recorder.record(fresh) } catch {
                _ = try await complete(job, outcome)
                throw error
            }
        }
        return try await complete(job, outcome)
    }

    private func publish(_ job: SheetJob, _ result: Result<JobResult?, any Error>) async throws -> Publisher.Outcome {
        if job.isPublished { return .settled }
        guard let publisher else { throw WorkFault.waiting(reason: "Nextcloud is out of reach") }
        return try await publisher.publish(job, result)
    }

    private func complete(_ job: SheetJob, _ outcome: Publisher.Outcome) async throws -> WorkOutcome {
        var note: String?
        if case .left(let reason) = outcome {
            tally.note(left: PassSummary.Failure(path: job.path.description, model: job.model, reason: reason))
            note = reason
        }
        let told = note
        return try await state.write { try $0.jobs.complete(job, note: told) } ? .ended : .postponed
    }

    private func attempt<Value: Sendable>(
        _ work: @Sendable () async throws -> Value
    ) async -> Result<Value, any Error> {
        do { return .success(try await work()) } catch { return .failure(error) }
    }
}
