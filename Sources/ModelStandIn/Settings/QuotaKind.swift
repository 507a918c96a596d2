/// The ways in which the requests of a minute are granted.
public enum QuotaKind: Sendable, Hashable {
    /// So many in any 60 seconds; the delay named is rounded up to a second.
    case slidingWindow
    /// One every 60/rate seconds, `burst` at once at most; the delay named is exact. With a burst of 1, what one
    /// late request loses is lost for good: where time is real, 2 and more measure the client, not the timers.
    case even(burst: Int)
}
