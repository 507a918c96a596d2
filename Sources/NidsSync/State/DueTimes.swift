import Foundation
import GRDB

/// Due times against a clock that was set back: one that is further away than the longest pause is due now.
struct DueTimes {
    /// The longest pauses, in seconds.
    private enum Longest {
        static let retry: TimeInterval = 3600
        static let settling: TimeInterval = 60
        static let batch: TimeInterval = 3600
        /// The quota of a day, and somewhat more.
        static let quota: TimeInterval = 25 * 3600
    }

    let db: Database

    /// Brings forward whatever would be due later than it can be.
    ///
    /// - Parameters:
    ///   - now: the clock as it is.
    ///   - hold: the longest time in seconds for which a sheet is held.
    ///   - wasSetBack: `true` where the clock is known to have been set back, so that no due time means anything.
    /// - Returns: `true` where there was something.
    /// - Throws: `DatabaseError`.
    @discardableResult
    func settle(at now: Date, hold: TimeInterval, wasSetBack: Bool) throws -> Bool {
        let now = now.timeIntervalSince1970
        func limit(_ longest: TimeInterval) -> TimeInterval { wasSetBack ? now : now + longest + 1 }
        let changes = [
            try db.change("UPDATE job SET next_attempt = \(now) WHERE next_attempt > \(limit(Longest.retry))"),
            try db.change("UPDATE scan SET settles_at = \(now) WHERE settles_at > \(limit(Longest.settling))"),
            try db.change("UPDATE result_file SET look_again = \(now) WHERE look_again > \(limit(Longest.settling))"),
            try db.change("UPDATE batch SET next_look = \(now) WHERE next_look > \(limit(Longest.batch))"),
            // These name a time that people and providers reckon with: only what cannot be is brought forward.
            try db.change("UPDATE sheet SET hold_until = \(now) WHERE hold_until > \(now + hold + 1)"),
            try db.change("UPDATE model_pause SET until = \(now) WHERE until > \(now + Longest.quota)"),
        ]
        return changes.contains { $0 > 0 }
    }
}
