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
    /// Paid models are asked by batch, where they offer it.
    public var usesBatch = false
    /// Wait for retries that are due within this time.
    public var patience: Duration = .seconds(120)
    /// Go on looking and working until somebody asks to stop.
    var isContinuous = false

    public init() {}

    /// Whether it is about a part of the sheets only, so that nothing is inferred from the others.
    var isPartial: Bool { path != nil || limit != nil }
}

/// A look for changes and the work on everything pending, once or side by side until somebody asks to stop.
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
        let filter = JobFilter(below: below, models: settings.transcription.models)
        let run = PassRun(
            models: filter.models, limit: options.limit, isContinuous: options.isContinuous, timing: timing)
        if !options.isDryRun {
            await prepareObservations(run.availability)
            try await state.rememberProviderModels(settings.transcription, at: timing.now())
            startup.stateVersion = try await state.version()
            try await restorePauses(run.availability)
        }
        do {
            let dav = try await connect(options)
            try await look(dav, options, filter, run, &summary)
            if !options.isDryRun { try await work(dav, options, filter, run) }
        } catch let error as DAVError {
            note(error, run.availability)
            if !options.isDryRun { try await deliverStored(filter, options, run) }
        }
        // A database that did not take something is looked at afresh by the next pass.
        if run.availability.isClosed(.observations) { startup.observationsArePrepared = false }
        try await conclude(&summary, filter, run)
        summary.httpRequests = http.requestCount - requestsBefore
        summary.duration = ContinuousClock.now - began
        return summary
    }

    private func note(_ error: DAVError, _ availability: Availability) {
        let words = PassError.server(error, url: settings.nextcloud.url).description
        if error.kind == .unauthorized {
            availability.refuse(.loginRefused(words))
        } else {
            availability.close(.nextcloud, .nextcloud(words), retryAfter: error.retryAfter)
        }
    }

    /// The first look of a pass, which also says what was there before.
    private func look(
        _ dav: DAVClient, _ options: PassOptions, _ filter: JobFilter, _ run: PassRun, _ summary: inout PassSummary
    ) async throws {
        let scout = scout(dav, options, run)
        let outcome = try await scout.look()
        summary.notes = outcome.problems.map { PassSummary.Failure(path: $0.path, model: "", reason: $0.reason) }
        let counts = try await state.stageCounts(filter)
        summary.unchanged = counts[.done] ?? 0
        summary.failedBefore = counts[.failed] ?? 0
    }

    private func scout(_ dav: DAVClient, _ options: PassOptions, _ run: PassRun) -> Scout {
        Scout(
            discovery: Discovery(
                state: state, dav: dav, rules: ScanRules(settings.nextcloud), models: settings.transcription.models,
                pairWait: settings.nextcloud.pairWait, ownUploads: run.ownUploads,
                verificationInterval: settings.nextcloud.walkInterval, logger: logger, now: timing.now),
            settings: settings, installation: installation, startup: startup, timing: timing, stop: stop,
            isDryRun: options.isDryRun, isPartial: options.isPartial, logger: logger)
    }

    private func work(_ dav: DAVClient, _ options: PassOptions, _ filter: JobFilter, _ run: PassRun) async throws {
        guard let dispatcher = dispatcher(dav, options, filter, run) else { return }
        let scout = scout(dav, options, run)
        let desk = dispatcher.desk
        try await desk.prepare()
        guard options.isContinuous else {
            try await desk.attend(onlyDue: false)
            try await dispatcher.run(until: .whenDrained(patience: timing.now() + options.patience.seconds))
            if !stop.isRequested { try await desk.sendGathered() }
            return await scout.settle(run)
        }
        // Whoever ends first ends the others; what a model is being asked is waited for.
        async let watching: Void = watch(scout, run)
        async let batches: Void = attend(desk, run)
        do { try await dispatcher.run(until: .onStop) } catch {
            run.end()
            throw error
        }
        run.end()
        try await watching
        try await batches
        await scout.settle(run)
    }

    private func attend(_ desk: BatchDesk, _ run: PassRun) async throws {
        do { try await desk.run(during: run) } catch {
            run.end()
            throw error
        }
    }

    private func watch(_ scout: Scout, _ run: PassRun) async throws {
        defer { run.end() }
        try await scout.watch(run)
    }

    private func dispatcher(
        _ dav: DAVClient, _ options: PassOptions, _ filter: JobFilter, _ run: PassRun
    ) -> Dispatcher? {
        guard let spool else { return nil }
        let worker = SheetWorker(
            settings: settings, state: state, dav: dav, engines: engines, observations: observations, spool: spool,
            timing: timing, tally: run.tally, availability: run.availability, ownUploads: run.ownUploads, stop: stop,
            logger: logger)
        let desk = BatchDesk(
            worker: worker, isOpen: options.usesBatch || settings.transcription.usesBatch,
            directory: settings.stateDirectory, announce: run.announceWork)
        return Dispatcher(
            worker: worker, desk: desk, filter: filter, limit: options.limit, board: run.board, pulse: run.pulse,
            report: report)
    }

    /// The database may be away: transcribing and publishing go on, and recording catches up.
    private func prepareObservations(_ availability: Availability) async {
        guard !startup.observationsArePrepared else { return }
        do throws(ObservationError) {
            try await observations.prepare()
            if let primary = settings.transcription.models.first { try await observations.setPrimary(model: primary) }
            startup.observationsArePrepared = true
        } catch {
            switch error {
            case .unreachable: availability.close(.observations, .observations("\(error)"))
            case .refused: availability.close(.observations, .observationsRefused("\(error)"))
            case .misconfigured, .rejected:
                availability.close(.observations, .observationsMisconfigured("\(error)"))
            }
        }
    }

    /// Nextcloud is out of reach: what is stored and only has to be recorded is recorded all the same.
    private func deliverStored(_ filter: JobFilter, _ options: PassOptions, _ run: PassRun) async throws {
        guard let placeholder = CollectionURL("http://localhost/") else { return }
        let dav = DAVClient(collection: placeholder, credentials: nil, isNextcloud: false, http: http)
        guard let dispatcher = dispatcher(dav, options, filter, run) else { return }
        // What a provider has done is kept for some time only.
        try await dispatcher.desk.prepare()
        try await dispatcher.desk.attend(onlyDue: options.isContinuous)
        try await dispatcher.run(until: .whenDrained(patience: timing.now()))
    }
}
