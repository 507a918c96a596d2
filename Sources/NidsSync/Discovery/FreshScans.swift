import DAV
import Foundation

/// The scans of a listing whose ETags may not be final. Memory grows with what was written while it was made.
struct FreshScans {
    /// The time, by our clock, after which such a scan may be read.
    static let settling: TimeInterval = 2

    private let learned: Date?
    private(set) var paths: [RemotePath] = []

    /// - Parameter learned: the server's clock when it answered; where it names none, nothing tells.
    init(learned: Date?) { self.learned = learned }

    mutating func note(_ scan: FoundScan) {
        guard let learned, scan.leftOut == nil, let time = scan.resource.lastModified,
            !ETag.isFinal(learned: learned, lastModified: time)
        else { return }
        paths.append(scan.resource.path)
    }
}
