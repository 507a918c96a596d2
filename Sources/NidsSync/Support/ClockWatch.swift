import Foundation
import Synchronization

/// Notices that the clock was set back.
final class ClockWatch: Sendable {
    /// The seconds that a clock is corrected by now and then, which nobody has to notice.
    private static let tolerance: TimeInterval = 1

    private let latest = Mutex(Date.distantPast)

    /// `true` where the clock shows an earlier time than it did before.
    func wasSetBack(to now: Date) -> Bool {
        latest.withLock { latest in
            defer { latest = now }
            return latest.timeIntervalSince(now) > Self.tolerance
        }
    }
}
