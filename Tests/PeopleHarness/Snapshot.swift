import DAV
import Foundation
import HarnessSupport

/// The folder as it is on the server at one moment.
struct Snapshot: Sendable {
    /// By the path below the root.
    var entries: [String: Resource] = [:]
    /// The files among the results.
    var results: [String: [UInt8]] = [:]

    /// Results that did not change since the snapshot before are not read again.
    static func taken(by visitor: Visitor, of root: String, since before: Snapshot) async throws -> Snapshot {
        var snapshot = Snapshot()
        let began = Date()
        snapshot.entries = try await visitor.list(root)
        for (path, entry) in snapshot.entries
        where !entry.isCollection && path.hasPrefix(Places.results + "/") {
            if let known = before.entries[path], let bytes = before.results[path], let etag = entry.etag,
                known.etag == etag, known.length == entry.length, known.fileID == entry.fileID,
                visitor.server.isNextcloud, entry.isOld(at: began)
            {
                snapshot.results[path] = bytes
            } else {
                snapshot.results[path] = try await visitor.get(root + "/" + path)
            }
        }
        return snapshot
    }
}

extension Resource {
    /// Our own results have times of long ago, what a person writes has the present one: two writes in one second.
    fileprivate func isOld(at now: Date) -> Bool { lastModified.map { now.timeIntervalSince($0) > 5 } ?? false }
}
