import DAV
import Foundation

/// The scans of a listing that were modified last: their ETags may not be final.
struct FreshScans {
    /// The time, by our clock, after which such a scan may be read.
    static let settling: TimeInterval = 2
    /// No listing takes longer.
    private static let window: TimeInterval = 600

    private var times: [RemotePath: Date] = [:]
    private var latest = Date.distantPast

    /// Takes a scan in; memory grows with those modified within minutes of the last one.
    mutating func note(_ scan: FoundScan) {
        guard scan.leftOut == nil, let time = scan.resource.lastModified,
            time > latest.addingTimeInterval(-Self.window)
        else { return }
        times[scan.resource.path] = time
        guard time > latest else { return }
        latest = time
        if times.count > 1000 { times = times.filter { $0.value > time.addingTimeInterval(-Self.window) } }
    }

    /// Those whose ETags are not final.
    ///
    /// - Parameter date: the server's clock when it answered; where it names none, nothing tells.
    func paths(learned date: Date?) -> [RemotePath] {
        guard let date else { return [] }
        return times.filter { !ETag.isFinal(learned: date, lastModified: $0.value) }.map(\.key)
    }
}
