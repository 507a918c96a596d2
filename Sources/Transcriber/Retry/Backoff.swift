/// The wait before trying again: exponential, with full jitter, so that many who failed together do not all
/// come back together.
public struct Backoff: Sendable, Hashable {
    /// The longest wait before the first retry.
    public var base: Duration
    /// The longest wait before any retry.
    public var cap: Duration

    public init(base: Duration, cap: Duration) {
        self.base = base
        self.cap = cap
    }

    /// A wait between nothing and `base` doubled with every attempt, `cap` at most, but never less than what the
    /// server asked for.
    ///
    /// - Parameters:
    ///   - attempt: How many tries have failed, from 1.
    ///   - retryAfter: What the server asked for; it may be longer than `cap`.
    public func delay(
        attempt: Int, retryAfter: Duration? = nil, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        var limit = min(base, cap)
        var doublings = max(1, attempt) - 1
        while doublings > 0, limit > .zero, limit != cap {
            // Doubling only what fits below the cap cannot overflow.
            let room = cap - limit
            limit = room > limit ? limit + limit : cap
            doublings -= 1
        }
        let jittered = max(.zero, limit) * Double.random(in: 0...1, using: &generator)
        return max(jittered, retryAfter ?? .zero)
    }
}
