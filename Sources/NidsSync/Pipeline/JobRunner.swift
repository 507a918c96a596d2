import DAV
import Foundation
import Logging
import Transcriber

/// Takes up a job, has a station do its work, and stores what became of it. A sheet's own fault ends that work alone.
struct JobRunner: Sendable {
    /// The time in seconds after which a file that somebody has open needs a person.
    private static let longestWait: TimeInterval = 3600

    let state: StateDatabase
    let faults: DAVFaults
    let tally: PassTally
    let timing: Timing
    let logger: Logger
    let login: LoginCheck
    private let backoff = Backoff(base: .seconds(2), cap: .seconds(600))

    init(state: StateDatabase, faults: DAVFaults, tally: PassTally, timing: Timing, logger: Logger) {
        self.state = state
        self.faults = faults
        self.tally = tally
        self.timing = timing
        self.logger = logger
        login = LoginCheck(timing: timing)
    }

    /// Works on a job, where it is still at one of these stages.
    ///
    /// - Parameter countsStart: `true` where local work on the scan begins, which may take the process down.
    /// - Throws: `DatabaseError`, and what is no fault of the sheet.
    func run(
        _ id: Int64, at stages: [SheetJob.Stage], countsStart: Bool = false,
        _ work: (SheetJob) async throws -> WorkOutcome
    ) async throws -> WorkOutcome {
        let taken = try await state.write { try $0.jobs.take(id, at: stages, countsStart: countsStart) }
        guard let job = taken else { return .returned }
        do {
            return try await work(job)
        } catch  where Task.isCancelled || error is CancellationError {
            // In a task of its own: a cancelled one writes nothing, and the start would count as one that died.
            try await Task { try await release(job, nil) }.value
            return .returned
        } catch let fault as WorkFault {
            return try await settle(fault, job)
        } catch let error as DAVError {
            return try await settle(await fault(for: error), job)
        }
    }

    private func fault(for error: DAVError) async -> WorkFault {
        guard error.kind == .unauthorized else { return faults.fault(for: error) }
        // Servers throttle those who insist: until it is known what it means, nothing is asked.
        let outage = Outage.nextcloud("\(error.path) refuses the login: the root is asked whether it does, too")
        let isNews = faults.breaker.open(.nextcloud, outage)
        switch await login.verdict(on: error) {
        case .refused(let refusal): return faults.refuse(refusal)
        case .unknown(let doubt): return faults.fault(for: doubt)
        case .accepted:
            if isNews { faults.breaker.close(.nextcloud) }
            return faults.faultOfOneFile(for: error)
        }
    }

    private func settle(_ fault: WorkFault, _ job: SheetJob) async throws -> WorkOutcome {
        switch fault {
        case .failed(let reason):
            try await state.write { try $0.jobs.fail(job, reason: reason) }
            reportFailure(job, reason)
            return .ended
        case .waiting(let reason):
            try await release(job, reason)
            return .returned
        case .later(let reason, let after, let counts, let isVisible):
            try await postpone(job, reason, after: after, counts: counts, keepsStarts: false)
            if isVisible { note(failure: reason, job) }
            return .postponed
        case .occupied(let reason, let first):
            // Asked again soon at first, and less often the longer it lasts.
            let began = try await state.read { try $0.jobs.since(job.id) }
            let lasted = began.map { timing.now().timeIntervalSince($0) } ?? 0
            let after = max(first, min(.seconds(max(0, lasted)), DAVFaults.pause))
            let since = try await postpone(job, reason, after: after, counts: false, keepsStarts: false)
            if timing.now().timeIntervalSince(since) >= Self.longestWait {
                note(
                    failure: "\(reason); for more than an hour by now: close it, or let its owner free it in Nextcloud",
                    job)
            }
            return .postponed
        case .deadly(let reason):
            try await postpone(job, reason, after: nil, counts: true, keepsStarts: true)
            return .postponed
        case .superseded:
            try await release(job, nil)
            return .returned
        }
    }

    /// - Returns: the time since which it has had a reason to wait.
    @discardableResult
    private func postpone(
        _ job: SheetJob, _ reason: String, after: Duration?, counts: Bool, keepsStarts: Bool
    ) async throws -> Date {
        var generator = SystemRandomNumberGenerator()
        // A server that says "at once" is not asked sooner than our own first pause would have it.
        let wished = after.map { max($0, backoff.base) }
        let delay = backoff.delay(attempt: job.attempts + 1, retryAfter: wished, using: &generator)
        let next = timing.now().addingTimeInterval(delay.seconds)
        let now = timing.now()
        let since = try await state.write { tables in
            let since = try tables.jobs.since(job.id)
            try tables.jobs.postpone(
                job, until: next, reason: reason, countsAsAttempt: counts, keepsStarts: keepsStarts)
            if since == nil { try tables.jobs.setSince(job.id, now) }
            return since ?? now
        }
        logger.warning(
            "sheet postponed", metadata: ["path": "\(job.path)", "model": "\(job.model)", "reason": "\(reason)"])
        return since
    }

    private func release(_ job: SheetJob, _ reason: String?) async throws {
        try await state.write { try $0.jobs.release(job, reason: reason) }
    }

    /// The job as it is stored now.
    /// - Throws: `WorkFault.superseded` when something happened to its sheet, `DatabaseError`.
    func reload(_ job: SheetJob) async throws -> SheetJob {
        guard let fresh = try await state.read({ try $0.jobs.job(job.id) }), fresh.revision == job.revision else {
            throw WorkFault.superseded
        }
        return fresh
    }

    /// Tells of a sheet that has failed.
    func reportFailure(_ job: SheetJob, _ reason: String) {
        logger.error(
            "sheet failed", metadata: ["path": "\(job.path)", "model": "\(job.model)", "reason": "\(reason)"])
        note(failure: reason, job)
    }

    private func note(failure reason: String, _ job: SheetJob) {
        tally.note(failure: PassSummary.Failure(path: job.path.description, model: job.model, reason: reason))
    }
}
