import Foundation

/// Pauses that grow with every failure in a row, up to a longest one.
struct BackoffSchedule: Sendable {
    /// The pause after the first failure, in seconds.
    var first: TimeInterval
    /// The factor from one pause to the next.
    var factor: Double
    /// The longest pause, in seconds.
    var longest: TimeInterval

    /// Nextcloud, uploads, and a database that refuses the login or has other tables.
    static let dependency = BackoffSchedule(first: 15, factor: 2, longest: 300)
    /// A database that is away: its rows are there within half a minute of its return, and a try is one connection.
    static let database = BackoffSchedule(first: 5, factor: 1.5, longest: 25)
    /// Rights to write and room on a disk, which a person gives back: what waits for them goes on within a minute.
    static let rights = BackoffSchedule(first: 15, factor: 2, longest: 40)
    /// Looks at a batch that is under way.
    static let batch = BackoffSchedule(first: 30, factor: 1.5, longest: 600)

    /// The pause after so many failures in a row, from 1, in seconds.
    func pause(after failures: Int) -> TimeInterval {
        min(longest, first * pow(factor, Double(min(max(failures, 1), 40) - 1)))
    }
}
