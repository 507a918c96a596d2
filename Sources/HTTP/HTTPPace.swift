/// The pace that an exchange has to keep: a limit in time for the whole, proportional to what was moved.
///
/// An exchange ends at the latest when, since its connection was there, `HTTPTimeouts.firstByte` and `grace` have
/// passed, and one second more for every `bytesPerSecond` bytes moved in either direction. Time in which our own reader
/// made the transfer wait does not count.
public struct HTTPPace: Sendable, Hashable {
    /// The time that any exchange may take, however small, beside the wait for its first byte.
    public var grace: Duration
    /// The slowest average that is borne beyond that, in bytes a second; at least 1 counts.
    public var bytesPerSecond: Int

    /// A pace; the default bears a modem's.
    public init(grace: Duration = .seconds(120), bytesPerSecond: Int = 1024) {
        self.grace = grace
        self.bytesPerSecond = bytesPerSecond
    }

    /// The time that an exchange that has moved so many bytes may have lasted.
    func limit(firstByte: Duration, moved: Int) -> Duration {
        // A year is as good as for ever, and keeps the sum of instants far from its bounds.
        let seconds = min(max(0, moved) / max(1, bytesPerSecond), 31_536_000)
        return firstByte + grace + .seconds(seconds)
    }
}
