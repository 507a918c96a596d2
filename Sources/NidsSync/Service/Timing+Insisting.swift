import DAV

extension Timing {
    /// The pause before a login that was refused is tried once more.
    private static let pauseAfterRefusal = Duration.seconds(3)

    /// The longest pause that a server may ask for and that is waited for here, and all such pauses together.
    private static let longestPause = Duration.seconds(60)
    private static let allPauses = Duration.seconds(120)
    /// Our own pause before a server is asked once more, which it may lengthen and never shorten; it doubles.
    private static let firstPause = Duration.seconds(2)

    /// Does something that asks the root, and once more after a pause where the login is refused: a server that restarts,
    /// or has its users elsewhere, refuses good logins for a moment, and a refusal ends a daemon. Where the server asks
    /// for a short pause (`Retry-After`), that is waited for.
    ///
    /// - Parameter endures: set where a refusal may be of the moment.
    /// - Throws: what the work throws; `DAVError` of the kind `unauthorized` only when it was refused twice.
    func insisting<Value: Sendable>(
        _ stop: StopSignal, endures: Bool = true, _ work: () async throws -> Value
    ) async throws -> Value {
        var (mayBeRefused, step, left) = (endures, Self.firstPause, Self.allPauses)
        while true {
            let pause: Duration
            do { return try await work() } catch let error as DAVError {
                if error.kind == .unauthorized, mayBeRefused {
                    mayBeRefused = false
                    pause = Self.pauseAfterRefusal
                } else if let asked = error.retryAfter, asked <= Self.longestPause, max(asked, step) <= left {
                    pause = max(asked, step)
                    step *= 2
                    left -= pause
                } else {
                    throw error
                }
                await stop.sleep(pause, using: sleep)
                if stop.isRequested || Task.isCancelled { throw error }
            }
        }
    }
}
