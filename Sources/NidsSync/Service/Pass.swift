import DAV
import Foundation
import HTTP
import Logging
import Transcriber

/// A look for changes and the work on everything pending, once or side by side until somebody asks to stop.
public struct Pass: Sendable {
    let settings: Settings
    let state: StateDatabase
    let engines: EngineSet
    let observations: any ObservationStore
    /// The lists that names on sheets are looked up in.
    let names: NameReference
    let spool: Spool?
    let http: HTTPClient
    let timing: Timing
    let stop: StopSignal
    let claim: RootClaim
    let logger: Logger
    let report: (@Sendable (PassProgress) -> Void)?
    let once = OncePerProcess()

    /// Makes the pass.
    /// - Throws: `PassError`, `StateError`, `ConfigurationError` for what keeps it from doing anything.
    public func run(_ options: PassOptions) async throws -> PassSummary {
        let requestsBefore = http.requestCount
        let began = ContinuousClock.now
        let below = try options.path.map { text throws(PassError) in
            guard let path = RemotePath(PlaceSpelling.plain(text)) else { throw .invalidPath(text) }
            return path
        }
        let root = try await RememberedSettings(settings).check(against: state, acceptChange: options.acceptChange)
        if options.acceptChange {
            for key in [MemoryTable.Key.rootID, .mounts] { try await state.forget(key) }
        }
        var summary = PassSummary()
        summary.isDryRun = options.isDryRun
        let filter = JobFilter(below: below, models: settings.transcription.models)
        let run = PassRun(
            models: filter.models, limit: options.limit, isContinuous: options.isContinuous, timing: timing)
        let factory = factory(options, filter, run, root: root)
        if !options.isDryRun { try await prepare(run, factory) }
        do {
            let dav = try await reach(options)
            try await look(dav, options, filter, run, &summary)
            if let place = options.path, let remark = try await remark(onPlace: place, dav) {
                summary.notes.append(remark)
            }
            if !options.isDryRun { try await work(dav, options, run, factory) }
        } catch let error as DAVError {
            note(error, run.breaker)
            if !options.isDryRun { try await deliverStored(options, run, factory) }
            // No waiting helps: told once what is paid for is recorded.
            if error.kind == .wrongAddress { throw PassError.server(error, url: settings.nextcloud.url) }
        }
        try await conclude(&summary, filter, run)
        summary.httpRequests = http.requestCount - requestsBefore
        summary.duration = ContinuousClock.now - began
        return summary
    }

    /// A login that has never worked is told as wrong at once; one that has is tried once more.
    private func reach(_ options: PassOptions) async throws -> DAVClient {
        let isKnown = try await state.recall(.server) != nil
        return try await timing.insisting(stop, endures: isKnown) { try await connect(options) }
    }

    private func prepare(_ run: PassRun, _ factory: StationFactory) async throws {
        await prepareObservations(run.breaker)
        let now = timing.now()
        let hold = settings.nextcloud.longestHold
        try await state.write { [transcription = settings.transcription] tables in
            try tables.dueTimes.settle(at: now, hold: hold, wasSetBack: false)
            try tables.memory.rememberProviderModels(transcription, at: now)
        }
        once.stateVersion = try await state.version()
        try await factory.pauses.restore()
    }

    private func note(_ error: DAVError, _ breaker: CircuitBreaker) {
        let words = PassError.server(error, url: settings.nextcloud.url).description
        if error.kind == .unauthorized {
            breaker.refuse(.loginRefused(words))
        } else {
            breaker.open(.nextcloud, .nextcloud(words), retryAfter: error.retryAfter)
        }
    }

    /// The first look of a pass, which also says what was there before.
    private func look(
        _ dav: DAVClient, _ options: PassOptions, _ filter: JobFilter, _ run: PassRun, _ summary: inout PassSummary
    ) async throws {
        let outcome = try await watcher(dav, options, run).look()
        summary.notes = outcome.problems.map { PassSummary.Failure(path: $0.path, model: "", reason: $0.reason) }
        let (counts, deleted) = try await state.read { tables in
            (try tables.counts.byStage(filter), try tables.counts.deleted(filter))
        }
        summary.unchanged = (counts[.done] ?? 0) - deleted
        summary.failedBefore = counts[.failed] ?? 0
    }

    /// The database may be away: transcribing and publishing go on, and recording catches up.
    private func prepareObservations(_ breaker: CircuitBreaker) async {
        do throws(ObservationError) {
            try await observations.prepare()
        } catch {
            breaker.open(.observations, error.outage)
        }
    }
}
