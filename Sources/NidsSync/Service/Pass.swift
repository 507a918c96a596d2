import DAV
import Foundation
import HTTP
import Logging
import Transcriber

/// What one pass is asked to do.
public struct PassOptions: Sendable {
    /// Only below this folder.
    public var path: String?
    /// At most so many sheets.
    public var limit: Int?
    /// Write nothing anywhere, the state included.
    public var isDryRun = false
    public var acceptChange = false
    public var takeOver = false
    /// Wait for retries that are due within this time.
    public var patience: Duration = .seconds(120)

    public init() {}
}

/// One look for changes and the work on everything pending.
public struct Pass: Sendable {
    let settings: Settings
    let state: StateStore
    let engines: EngineSet
    let observations: any ObservationStore
    let spool: Spool?
    let http: HTTPClient
    let timing: Timing
    let stop: StopSignal
    let installation: Installation
    let logger: Logger
    let report: (@Sendable (PassProgress) -> Void)?
    let startup = StartupWork()

    /// Does it.
    /// - Throws: `PassError`, `StateError`, `ConfigurationError` for what keeps it from doing anything.
    public func run(_ options: PassOptions) async throws -> PassSummary {
        let requestsBefore = http.requestCount
        let began = ContinuousClock.now
        let below = try options.path.map { text throws(PassError) in
            guard let path = RemotePath(text) else { throw .invalidPath(text) }
            return path
        }
        try await Identity(settings).check(against: state, acceptChange: options.acceptChange)
        var summary = PassSummary()
        summary.isDryRun = options.isDryRun
        let tally = PassTally()
        let filter = JobFilter(below: below, models: settings.transcription.models)
        if !options.isDryRun { try await prepareObservations(tally) }
        do {
            let dav = try await connect(options)
            try await discover(dav, options, filter, tally, &summary)
            if options.isDryRun {
                summary.waiting = try await pending(filter)
            } else {
                let worker = worker(dav, tally)
                try await refuseUnbudgetedWork(filter, limit: options.limit, tally)
                try await work(worker, filter, options, tally)
                try await settle(dav, tally)
            }
        } catch let error as DAVError {
            tally.note(error.kind == .unauthorized ? .loginRefused(explain(error)) : .nextcloud(explain(error)))
            try await recordOnly(filter, options, tally)
        }
        // A database that did not take something is looked at afresh by the next pass.
        if tally.observationsHalted != nil { startup.observationsArePrepared = false }
        try await conclude(&summary, filter, tally)
        summary.httpRequests = http.requestCount - requestsBefore
        summary.duration = ContinuousClock.now - began
        return summary
    }

    private func explain(_ error: DAVError) -> String {
        PassError.server(error, url: settings.nextcloud.url).description
    }

    private func discover(
        _ dav: DAVClient, _ options: PassOptions, _ filter: JobFilter, _ tally: PassTally, _ summary: inout PassSummary
    ) async throws {
        let discovery = self.discovery(dav)
        let isFull = try await isFullCheckDue()
        let began = ContinuousClock.now
        let outcome = try await look(discovery, full: isFull)
        if outcome.hasWalked { summary.walk = ContinuousClock.now - began }
        summary.pollsTags = dav.isNextcloud
        summary.notes = outcome.problems.map { PassSummary.Failure(path: $0.path, model: "", reason: $0.reason) }
        if isFull, outcome.isComplete {
            try await state.remember(.fullCheck, String(timing.now().timeIntervalSince1970))
        }
        if outcome.hasWalked || !startup.jobsAreComplete {
            try await state.makeMissingJobs(models: settings.transcription.models)
            startup.jobsAreComplete = true
        }
        if outcome.hasWalked { try await ContestedNames(state: state, dav: dav).settle() }
        summary.unchanged = try await state.stageCounts(filter)[.done] ?? 0
        summary.failedBefore = try await state.stageCounts(filter)[.failed] ?? 0
        guard !options.isDryRun else { return }
        let watch = ResultWatch(state: state, dav: dav, logger: logger)
        try await watch.look(at: outcome.changedResults)
        if outcome.hasWalked { try await installation.recheck(dav, state: state) }
    }

    private func look(_ discovery: Discovery, full: Bool) async throws -> Discovery.Outcome {
        do {
            return try await discovery.look(full: full)
        } catch let error as DAVError where error.kind == .notFound {
            // A folder below that vanishes costs that folder alone: it is the root itself.
            throw PassError.missingRoot(settings.nextcloud.root, user: settings.nextcloud.user)
        }
    }

    private func discovery(_ dav: DAVClient) -> Discovery {
        Discovery(
            state: state, dav: dav, rules: ScanRules(settings.nextcloud), models: settings.transcription.models,
            logger: logger, now: timing.now)
    }

    /// The database may be away: transcribing and publishing go on, and recording catches up.
    private func prepareObservations(_ tally: PassTally) async throws {
        guard !startup.observationsArePrepared else { return }
        do throws(ObservationError) {
            try await observations.prepare()
            if let primary = settings.transcription.models.first { try await observations.setPrimary(model: primary) }
            startup.observationsArePrepared = true
        } catch {
            switch error {
            case .unreachable: tally.note(.observations("\(error)"))
            case .refused: tally.note(.observationsRefused("\(error)"))
            case .misconfigured, .rejected: tally.note(.observationsMisconfigured("\(error)"))
            }
        }
    }

    private func isFullCheckDue() async throws -> Bool {
        guard let last = try await state.recall(.fullCheck).flatMap(Double.init) else { return true }
        let passed = timing.now().timeIntervalSince1970 - last
        // A clock that was set back is no reason to put it off.
        return passed < 0 || passed >= settings.nextcloud.fullCheckInterval.seconds
    }

    private func worker(_ dav: DAVClient, _ tally: PassTally) -> SheetWorker? {
        guard let spool else { return nil }
        return SheetWorker(
            settings: settings, state: state, dav: dav, engines: engines, observations: observations, spool: spool,
            timing: timing, tally: tally, stop: stop, logger: logger)
    }

    private func settle(_ dav: DAVClient, _ tally: PassTally) async throws {
        guard tally.current.uploads > 0, !tally.isHalted else { return }
        do { try await discovery(dav).settleRoot() } catch let error as DAVError {
            // The next look lists what changed: more requests, nothing lost.
            logger.info("root not settled", metadata: ["reason": "\(error.detail)"])
        }
    }

    /// Nextcloud is out of reach: what is stored and only has to be recorded is recorded all the same.
    private func recordOnly(_ filter: JobFilter, _ options: PassOptions, _ tally: PassTally) async throws {
        guard !options.isDryRun, let spool, let placeholder = CollectionURL("http://localhost/") else { return }
        let dav = DAVClient(collection: placeholder, credentials: nil, isNextcloud: false, http: http)
        let worker = SheetWorker(
            settings: settings, state: state, dav: dav, engines: engines, observations: observations, spool: spool,
            timing: timing, tally: tally, stop: stop, logger: logger)
        for id in try await state.unrecordedAnswers(filter) {
            guard let job = try await state.job(id) else { continue }
            do { try await worker.record(job) } catch is WorkInterruption { continue }
        }
    }
}
