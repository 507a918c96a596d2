import DAV
import Foundation
import HTTP
public import Logging
import Transcriber

/// The program, put together from its settings.
public struct Service: Sendable {
    private let pass: Pass
    private let settings: Settings
    private let stop: StopSignal
    private let timing: Timing
    private let logger: Logger
    private let state: StateDatabase

    /// Opens the state and prepares everything; takes the lock unless nothing is to be written.
    ///
    /// - Parameters:
    ///   - isDryRun: `true` to work on a copy of the state and write nothing.
    ///   - report: is told how far a pass is.
    /// - Throws: `StateError`, `ConfigurationError`.
    public init(
        _ settings: Settings, isDryRun: Bool = false, logger: Logger, stop: StopSignal = StopSignal(),
        timing: Timing = .system, report: (@Sendable (PassProgress) -> Void)? = nil
    ) throws {
        try self.init(
            settings, isDryRun: isDryRun, logger: logger, stop: stop, timing: timing,
            claim: .current(stateDirectory: settings.stateDirectory), report: report)
    }

    init(
        _ settings: Settings, isDryRun: Bool, logger: Logger, stop: StopSignal, timing: Timing,
        claim: RootClaim, engines: EngineSet? = nil, observations: (any ObservationStore)? = nil,
        report: (@Sendable (PassProgress) -> Void)? = nil
    ) throws {
        self.settings = settings
        self.stop = stop
        self.timing = timing
        self.logger = logger
        let names = try NameReference(settings.reference)
        let directory = settings.stateDirectory
        let engines =
            try engines
            ?? EngineSet(
                settings.transcription, http: HTTPClient(), workFolder: WorkPlace.path(stateDirectory: directory))
        // Before the database is opened: that may bring it to another form, under the hands of another process.
        let lock = isDryRun ? nil : try Self.lock(directory)
        var state = isDryRun ? try StateDatabase(copyOf: directory) : try StateDatabase(directory: directory)
        state.models = settings.transcription.models
        if let lock {
            state.presence = StatePresence(directory: directory, lock: lock)
            state.room = StateRoom(
                directory: directory, stop: stop, grace: settings.stopGrace, timing: timing, logger: logger)
            try WorkPlace.prepare(stateDirectory: directory)
        }
        self.state = state
        pass = Pass(
            settings: settings, state: state, engines: engines,
            observations: PreparedObservationStore(
                observations ?? Self.observations(settings, directory: directory, names),
                primary: settings.transcription.models.first),
            names: names,
            spool: isDryRun ? nil : try Spool(stateDirectory: directory),
            http: HTTPClient(.init(connectionsPerHost: 8, caFile: settings.nextcloud.caFile)), timing: timing,
            stop: stop, claim: claim, logger: logger, report: report)
    }

    private static func lock(_ directory: String) throws(StateError) -> StateLock {
        try StateDatabase.makeFolder(directory)
        return try StateLock(directory: directory)
    }

    private static func observations(
        _ settings: Settings, directory: String, _ names: NameReference
    ) -> any ObservationStore {
        settings.observations.makeStore(
            stateDirectory: directory, names: names, takesDjangoLists: settings.reference.takesDjangoLists)
    }

    /// One pass over everything that is pending.
    /// - Throws: `PassError`, `StateError`, `ConfigurationError`: what keeps it from doing anything.
    public func runOnce(_ options: PassOptions = PassOptions()) async throws -> PassSummary {
        try await pass.run(options)
    }

    /// Looks for changes and works on them until asked to stop.
    ///
    /// - Returns: how the program should end: a refused login ends it, since a server throttles those who insist.
    /// - Throws: `PassError` and `ConfigurationError` of the first pass: a wrong configuration is told at once;
    ///   `PassError` of any pass where another installation has this root; `StateError.removed`.
    public func runUntilStopped(_ options: PassOptions = PassOptions()) async throws -> ExitStatus {
        var options = options
        options.isContinuous = true
        var hasRun = false
        state.room?.waitForEver()
        while !stop.isRequested {
            try state.presence?.verify()
            do {
                let summary = try await pass.run(options)
                log(summary)
                // Asked to stop, it ends as it was told, whatever key was refused meanwhile.
                if summary.status == .refused, !stop.isRequested { return .refused }
            } catch let error as PassError where error.mayPass || hasRun && !error.endsDaemon {
                logger.error("pass not possible", metadata: ["reason": "\(error)"])
            } catch let error as StateError where error.status == .unavailable && !stop.isRequested {
                logger.error("pass not possible", metadata: ["reason": "\(error)"])
            }
            hasRun = true
            options.acceptChange = false
            await stop.sleep(max(settings.nextcloud.pollInterval, Self.pauseAfterFault), using: timing.sleep)
        }
        return .success
    }

    /// The pause of a daemon that could not go on.
    private static let pauseAfterFault = Duration.seconds(30)

    private func log(_ summary: PassSummary) {
        let done = summary.transcribed + summary.adopted + summary.published + summary.recorded + summary.failures.count
        guard done > 0 || summary.problem != nil else {
            logger.debug("nothing new", metadata: ["http_requests": "\(summary.httpRequests)"])
            return
        }
        logger.log(
            level: summary.problem == nil ? .info : .error, "pass",
            metadata: [
                "transcribed": "\(summary.transcribed)", "adopted": "\(summary.adopted)",
                "published": "\(summary.published)", "recorded": "\(summary.recorded)",
                "failed": "\(summary.failures.count)", "waiting": "\(summary.waiting)",
                "http_requests": "\(summary.httpRequests)", "problem": "\(summary.problem ?? "none")",
            ])
    }
}
