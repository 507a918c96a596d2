import Foundation
import NidsSync
import UnixSignals

/// SIGTERM and SIGINT: the first asks to stop and gives what is in flight its time, the second ends at once.
enum Signals {
    static func guarding<Value: Sendable>(
        _ stop: StopSignal, grace: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                _ = await UnixSignalsSequence(trapping: .sigterm, .sigint).first { _ in true }
                stop.request()
                return nil
            }
            while let finished = try await group.next() {
                if let value = finished {
                    group.cancelAll()
                    return value
                }
                // Asked to stop: what is in flight has so long; then it is handed back.
                if stop.isRequested { addTimers(&group, grace: grace) }
            }
            throw CancellationError()
        }
    }

    private static func addTimers<Value: Sendable>(
        _ group: inout ThrowingTaskGroup<Value?, any Error>, grace: Duration
    ) {
        group.addTask {
            guard await UnixSignalsSequence(trapping: .sigterm, .sigint).first(where: { _ in true }) != nil else {
                return nil
            }
            _exit(130)
        }
        group.addTask {
            try await Task.sleep(for: grace)
            throw CancellationError()
        }
    }
}
