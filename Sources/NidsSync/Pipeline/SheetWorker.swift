import DAV
import Foundation
import HTTP
import Logging
import Transcriber

/// Does the work of one job: from a scan in Nextcloud to a result there and rows in the database.
///
/// Each stage is stored before the next begins; killed at any instant, the next start goes on from there.
struct SheetWorker: Sendable {
    /// Starts in a row that ended with the process's death while a scan was read on this machine.
    static let startLimit = 3
    /// The same for a scan that a provider reads: here it is only downloaded, and a death more likely chance.
    private static let remoteStartLimit = 10

    let settings: Settings
    let state: StateStore
    let dav: DAVClient
    let engines: EngineSet
    let observations: any ObservationStore
    let spool: Spool
    let timing: Timing
    let tally: PassTally
    let availability: Availability
    let ownUploads: OwnUploads
    let stop: StopSignal
    let logger: Logger
    let downloads = Limiter(8)
    let uploads = Limiter(8)
    let answerGate = KeyedGate<AnswerKey>()
    let purse = Purse()
    let backoff = Backoff(base: .seconds(2), cap: .seconds(600))

    /// Takes over what lies at a result's place, or finds that a model has to be asked.
    func adopt(_ id: Int64) async throws -> WorkOutcome {
        guard let job = try await state.takeUp(id, at: [.adopting], countsStart: false) else { return .returned }
        return try await perform(job) {
            if try await adopt(job, content: nil) != nil { return .goesOn(.delivering) }
            try await state.ask(job)
            return .goesOn(.asking(model: job.model))
        }
    }

    /// Sees to it that a job has an answer.
    func ask(_ id: Int64) async throws -> WorkOutcome {
        guard let job = try await state.takeUp(id, at: [.asking], countsStart: true), !job.pages.isEmpty else {
            return .returned
        }
        return try await perform(job) {
            try setAside(job)
            try await read(job) { hashed, content, files in
                try await obtainAnswer(hashed, content: content, files: files)
            }
            return .goesOn(.delivering)
        }
    }

    /// A scan on which the program has died several times is not tried again.
    func setAside(_ job: SheetJob) throws {
        let limit = engines[job.model]?.isLocal == false ? Self.remoteStartLimit : Self.startLimit
        guard job.starts > limit else { return }
        throw WorkInterruption.failed(
            reason: "the program died \(limit) times on this scan: it is set aside; look at the file")
    }

    /// Delivers a job's answer to Nextcloud and to the database, or withdraws its rows.
    func deliver(_ id: Int64) async throws -> WorkOutcome {
        guard let job = try await state.takeUp(id, at: [.answered, .withdrawing], countsStart: false) else {
            return .returned
        }
        let outcome = try await perform(job) {
            if job.stage == .withdrawing {
                try await withdraw(job)
                return .ended
            }
            if let next = job.nextAttempt, next > timing.now() {
                try await record(job)
                return .postponed
            }
            return try await deliver(job)
        }
        // The primary has become due with this job's answer: what is due has to be looked up again.
        return outcome == .ended ? try await state.isConsensusDue(beside: job) ? .postponed : .ended : outcome
    }

    /// Does a part of the work; never throws for the sheet's own sake.
    func perform(_ job: SheetJob, _ work: () async throws -> WorkOutcome) async throws -> WorkOutcome {
        do {
            return try await work()
        } catch  where Task.isCancelled || error is CancellationError {
            // In a task of its own: a cancelled one writes nothing, and the start would count as one that died.
            try await Task { try await state.release(job, reason: nil) }.value
            return .returned
        } catch let interruption as WorkInterruption {
            return try await handle(interruption, job)
        } catch let error as DAVError {
            return try await handle(interruption(for: error), job)
        }
    }

    /// Makes sure that the job has an answer, or adopts what is there.
    ///
    /// - Parameter obtain: sees to it that a model answers for a content that has no answer yet.
    func read(
        _ job: SheetJob, obtaining obtain: (SheetJob, String, [SpooledPage]) async throws -> Void
    ) async throws {
        if try await state.publications(of: job.id).contains(where: { $0.isResult && $0.state == .theirs }) {
            // Nothing of ours could take its place, so nothing is paid for.
            return try await state.acceptTheirs(job)
        }
        if let content = job.knownContent, try await isSettled(job, key(of: job, content)) { return }
        try await fetch(job) { files in
            let hashed = try await reload(job)
            let content = ContentDigest.sheet(pages: files.map(\.sha256))
            if try await adopt(hashed, content: content) != nil { return }
            try await obtain(hashed, content, files)
        }
    }

    /// Whether there is an answer for that content, which the job has now.
    /// - Throws: `WorkInterruption.awaited` where a batch will bring it.
    func isSettled(_ job: SheetJob, _ key: AnswerKey) async throws -> Bool {
        switch try await state.settle(job, key) {
        case .answered: return true
        case .awaited: throw WorkInterruption.awaited
        case nil: return false
        }
    }

    func key(of job: SheetJob, _ content: String) -> AnswerKey {
        AnswerKey(content: content, model: job.model, promptKind: job.promptKind)
    }

    /// The job as it is stored now.
    /// - Throws: `WorkInterruption.superseded` when something happened to its sheet.
    func reload(_ job: SheetJob) async throws -> SheetJob {
        guard let fresh = try await state.job(job.id), fresh.revision == job.revision else {
            throw WorkInterruption.superseded
        }
        return fresh
    }

    private func handle(_ interruption: WorkInterruption, _ job: SheetJob) async throws -> WorkOutcome {
        switch interruption {
        case .failed(let reason):
            try await fail(job, reason)
            return .ended
        case .waiting(let reason):
            try await state.release(job, reason: reason)
            return .returned
        case .later(let reason, let after, let counts, let visible):
            var generator = SystemRandomNumberGenerator()
            let delay = backoff.delay(attempt: job.attempts + 1, retryAfter: after, using: &generator)
            let next = timing.now().addingTimeInterval(delay.seconds)
            try await state.postpone(job, until: next, reason: reason, countsAsAttempt: counts)
            logger.warning(
                "sheet postponed",
                metadata: ["path": "\(job.path)", "model": "\(job.model)", "reason": "\(reason)"])
            if visible { note(failure: reason, job) }
            return .postponed
        case .superseded:
            try await state.release(job, reason: nil)
            return .returned
        case .awaited: return .ended
        case .goesOn(let lane): return .goesOn(lane)
        }
    }

    private func fail(_ job: SheetJob, _ reason: String) async throws {
        try await state.fail(job, reason: reason)
        reportFailure(job, reason)
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
