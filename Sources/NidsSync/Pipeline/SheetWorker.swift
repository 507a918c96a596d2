import DAV
import Foundation
import HTTP
import Logging
import Transcriber

/// Does the work of one job: from a scan in Nextcloud to a result there and rows in the database.
///
/// Each stage is stored before the next begins; killed at any instant, the next start goes on from there.
struct SheetWorker: Sendable {
    /// Starts in a row that ended with the process's death.
    private static let startLimit = 3

    let settings: Settings
    let state: StateStore
    let dav: DAVClient
    let engines: EngineSet
    let observations: any ObservationStore
    let spool: Spool
    let timing: Timing
    let tally: PassTally
    let stop: StopSignal
    let logger: Logger
    let downloads = Limiter(4)
    let uploads = Limiter(4)
    let answerGate = KeyedGate<AnswerKey>()
    let backoff = Backoff(base: .seconds(2), cap: .seconds(600))

    /// Works on a job until it is done, failed or has to wait; never throws for the sheet's own sake.
    func work(on id: Int64) async throws {
        guard var job = try await state.job(id), !job.pages.isEmpty else { return }
        guard job.starts < Self.startLimit else {
            try await fail(job, "the program died \(job.starts) times on this scan: it is set aside; look at the file")
            return
        }
        try await state.countStart(id)
        do {
            if job.stage == .new { job = try await read(job) }
            try await deliver(job)
        } catch  where Task.isCancelled || error is CancellationError {
            // In a task of its own: a cancelled one writes nothing, and the start would count as one that died.
            try await Task { try await state.postpone(id, until: nil, reason: nil, countsAsAttempt: false) }.value
        } catch let interruption as WorkInterruption {
            try await handle(interruption, job)
        } catch let error as DAVError {
            try await handle(interruption(for: error), job)
        }
    }

    /// Makes sure that the job has an answer, or adopts what is there.
    private func read(_ job: SheetJob) async throws -> SheetJob {
        if let place = job.resultPath, try await state.publication(place)?.state == .theirs {
            // Nothing of ours could take its place, so nothing is paid for.
            return job
        }
        if let adopted = try await adopt(job) { return adopted }
        let files = try await fetch(job)
        defer { for file in files { spool.remove(file.path) } }
        let hashed = try await reload(job)
        let content = ContentDigest.sheet(pages: files.map(\.sha256))
        if let adopted = try await adopt(hashed, content: content) { return adopted }
        let answer = try await obtainAnswer(hashed, content: content, files: files)
        try await state.link(hashed, content: content, answer: answer.id)
        return try await reload(job)
    }

    func reload(_ job: SheetJob) async throws -> SheetJob {
        guard let fresh = try await state.job(job.id) else {
            throw WorkInterruption.waiting(reason: "the scan is gone")
        }
        return fresh
    }

    private func handle(_ interruption: WorkInterruption, _ job: SheetJob) async throws {
        switch interruption {
        case .failed(let reason):
            try await fail(job, reason)
        case .waiting(let reason):
            try await state.postpone(job.id, until: nil, reason: reason, countsAsAttempt: false)
        case .later(let reason, let after, let counts, let visible):
            var generator = SystemRandomNumberGenerator()
            let delay = backoff.delay(attempt: job.attempts + 1, retryAfter: after, using: &generator)
            let next = timing.now().addingTimeInterval(delay.seconds)
            try await state.postpone(job.id, until: next, reason: reason, countsAsAttempt: counts)
            logger.warning(
                "sheet postponed",
                metadata: ["path": "\(job.path)", "model": "\(job.model)", "reason": "\(reason)"])
            if visible { note(failure: reason, job) }
        }
    }

    private func fail(_ job: SheetJob, _ reason: String) async throws {
        try await state.fail(job.id, reason: reason)
        logger.error(
            "sheet failed", metadata: ["path": "\(job.path)", "model": "\(job.model)", "reason": "\(reason)"])
        note(failure: reason, job)
    }

    private func note(failure reason: String, _ job: SheetJob) {
        let failure = PassSummary.Failure(path: job.path.description, model: job.model, reason: reason)
        tally.update { state in
            state.failed.removeAll { $0.path == failure.path && $0.model == failure.model }
            state.failed.append(failure)
        }
    }

    /// What a fault of the server means for the sheet that met it, and for the others.
    func interruption(for error: DAVError) -> WorkInterruption {
        switch error.kind {
        case .unauthorized:
            tally.note(.loginRefused(error.detail))
            return .waiting(reason: "Nextcloud refuses the login")
        case .insufficientStorage:
            tally.note(
                .uploads("the Nextcloud account's quota is used up: make room, and the results will be uploaded"))
            return .waiting(reason: "the quota in Nextcloud is used up")
        case .tooManyRequests:
            return .later(reason: error.detail, after: error.retryAfter, counts: true, visible: false)
        case .notFound:
            return .later(
                reason: "the scan is no longer there", after: .seconds(150), counts: false, visible: false)
        case .forbidden:
            return .later(
                reason: "Nextcloud does not let this account do that (\(error.detail)): give it the right to read "
                    + "the scans and to write in \(ResultNames.folderName)", after: .seconds(300), counts: true,
                visible: true)
        case .transport(.tooLarge(let limit)):
            return .failed(reason: "the scan is larger than \(limit) bytes (nextcloud.max_scan_size)")
        case .transport(.file(let path, let reason)):
            return .later(reason: "\(path): \(reason)", after: .seconds(60), counts: true, visible: true)
        default:
            if error.concernsServer {
                tally.note(.nextcloud(error.detail))
                return .waiting(reason: error.detail)
            }
            return .later(
                reason: error.detail, after: error.retryAfter, counts: true, visible: !error.isRetryable)
        }
    }
}
