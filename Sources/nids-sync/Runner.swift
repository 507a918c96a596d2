import Foundation
import Logging
import NidsSync

/// Loads the settings, runs the service, and turns whatever happens into an exit status and words.
struct Runner {
    let reporter: Reporter
    var environment = ProcessInfo.processInfo.environment

    func run(_ options: PassOptions, configuration: String?, once: Bool) async -> ExitStatus {
        if let shortage = ProcessRoom.shortage() { return reporter.fail(shortage, .unavailable) }
        do {
            let settings = try SettingsLoader(path: configuration, environment: environment).load()
            return try await run(settings, options, once: once)
        } catch {
            return reporter.fail(error)
        }
    }

    func run(_ settings: Settings, _ options: PassOptions, once: Bool) async throws -> ExitStatus {
        let logger = Self.logger(level: settings.logLevel)
        let stop = StopSignal()
        let service = try Service(
            settings, isDryRun: options.isDryRun, logger: logger, stop: stop, report: reporter.progress)
        let reporter = reporter
        do {
            return try await Signals.guarding(stop, grace: settings.stopGrace, farewell: reporter.interrupted) {
                guard once else { return try await service.runUntilStopped(options) }
                let summary = try await service.runOnce(options)
                reporter.finish(summary)
                return summary.status
            }
        } catch is CancellationError where !once && stop.isRequested {
            // Asked to stop, a daemon that hands back what it could not finish has done as it was told.
            logger.notice("stopped: what was not finished goes on at the next start")
            return .success
        }
    }

    private static func logger(level: String) -> Logger {
        var logger = Logger(label: "nids-sync") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: level) ?? .info
        return logger
    }
}
