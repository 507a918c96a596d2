import DAV
import Foundation

/// The scans of a listing whose ETags may not be final. Memory grows with what was written while it was made.
struct FreshScans {
    /// A scan that may be read some seconds after the listing.
    struct Fresh: Sendable, Equatable {
        var path: RemotePath
        var wait: TimeInterval
    }

    /// The longest such time, in seconds.
    static let settling: TimeInterval = 2

    private let learned: Date?
    private(set) var scans: [Fresh] = []

    /// - Parameter learned: the server's clock when it answered; where it names none, nothing tells.
    init(learned: Date?) { self.learned = learned }

    /// Takes in one of the listing's scans. Both times are whole seconds of the server's clock, rounded down: what is left
    /// of the two seconds is never too short.
    mutating func note(_ scan: FoundScan) {
        guard let learned, scan.leftOut == nil, let time = scan.resource.lastModified,
            !ETag.isFinal(learned: learned, lastModified: time)
        else { return }
        let left = time.addingTimeInterval(Self.settling).timeIntervalSince(learned)
        scans.append(Fresh(path: scan.resource.path, wait: min(left, Self.settling)))
    }
}
