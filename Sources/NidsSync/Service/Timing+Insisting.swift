import DAV

extension Timing {
    /// The pause before a login that was refused is tried once more.
    private static let pauseAfterRefusal = Duration.seconds(3)

    /// Does something that asks the root, and once more after a pause where the login is refused: a server that restarts,
    /// or has its users elsewhere, refuses good logins for a moment, and a refusal ends a daemon.
    /// - Throws: what the work throws; `DAVError` of the kind `unauthorized` only when it was refused twice.
    func insisting<Value: Sendable>(
        _ stop: StopSignal, _ work: () async throws -> Value
    ) async throws -> Value {
        do { return try await work() } catch let error as DAVError where error.kind == .unauthorized {
            await stop.sleep(Self.pauseAfterRefusal, using: sleep)
            if stop.isRequested || Task.isCancelled { throw error }
            return try await work()
        }
    }
}
