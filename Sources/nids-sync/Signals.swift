import Foundation
import NidsSync
import UnixSignals

/// The signals: TERM, INT, QUIT and HUP ask to stop and give what is in flight its time, a second one ends at once.
enum Signals {
    /// The exit status of a process that was ended at once.
    static let interrupted = ExitStatus.interrupted

    /// A log that nobody reads any more, a file that may grow no further, and what others use as messages, are no
    /// reason to end. The programs that are started have their own dispositions.
    static func ignoreHarmless() {
        for number in [SIGPIPE, SIGXFSZ, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO] {
            signal(number, SIG_IGN)
        }
    }

    /// Does the work beside a watch for signals.
    ///
    /// - Parameters:
    ///   - grace: the time that what is in flight has after the first signal.
    ///   - farewell: is called before a second signal ends the process.
    static func guarding<Value: Sendable>(
        _ stop: StopSignal, grace: Duration, farewell: @escaping @Sendable () -> Void = {},
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                await first(of: requests)
                stop.request()
                return nil
            }
            while let finished = try await group.next() {
                if let value = finished {
                    group.cancelAll()
                    return value
                }
                // Asked to stop: what is in flight has so long; then it is handed back.
                if stop.isRequested { addTimers(&group, grace: grace, farewell) }
            }
            throw CancellationError()
        }
    }

    private static func addTimers<Value: Sendable>(
        _ group: inout ThrowingTaskGroup<Value?, any Error>, grace: Duration, _ farewell: @escaping @Sendable () -> Void
    ) {
        group.addTask {
            // A terminal that closes says so more than once, and systemd may say it after TERM: that is no insistence.
            guard await first(of: [.sigterm, .sigint, .sigquit]) else { return nil }
            farewell()
            _exit(interrupted.rawValue)
        }
        group.addTask {
            try await Task.sleep(for: grace)
            throw CancellationError()
        }
    }

    /// `nohup` has HUP ignored, and means it.
    private static let requests: [UnixSignal] = [.sigterm, .sigint, .sigquit] + (isIgnored(SIGHUP) ? [] : [.sighup])

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// - Returns: `false` when the task was cancelled before one came.
    @discardableResult
    private static func first(of signals: [UnixSignal]) async -> Bool {
        await UnixSignalsSequence(trapping: signals).first { _ in true } != nil
    }
}
