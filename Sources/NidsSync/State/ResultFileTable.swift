import DAV
import Foundation
import GRDB

/// The files that listings showed in `transcription_results/`, ours or not.
struct ResultFileTable {
    let db: Database

    /// Stores a file as a listing of that look names it.
    func store(_ file: Resource, look: Int) throws {
        try db.change(
            """
            INSERT INTO result_file (path, folder, etag, length, file_id, look)
            VALUES (\(file.path), \(file.path.parent ?? .root), \(file.etag?.value), \(file.length), \(file.fileID),
                \(look))
            ON CONFLICT (path) DO UPDATE SET etag = excluded.etag, length = excluded.length,
                file_id = excluded.file_id, look = excluded.look,
                resized = resized OR coalesce(etag = excluded.etag AND length <> excluded.length, 0)
            """)
    }

    /// `true` when the last listings showed no file at all.
    func isEmpty() throws -> Bool { try !db.exists("SELECT 1 FROM result_file") }

    /// `true` when the last listings showed a file at that place.
    func exists(_ path: RemotePath) throws -> Bool {
        try db.exists("SELECT 1 FROM result_file WHERE path = \(path)")
    }

    /// The ETag that the last listing showed, empty where it showed none; `nil` where there is no such file.
    func etag(of path: RemotePath) throws -> String? {
        try db.value("SELECT coalesce(etag, '') FROM result_file WHERE path = \(path)")
    }

    /// Nothing is known of a file just now: what was known stays.
    func touch(_ path: RemotePath, look: Int) throws {
        let (low, high) = path.descendants
        try db.change(
            "UPDATE result_file SET look = \(look) WHERE path = \(path) OR path >= \(low) AND path < \(high)")
    }

    func remove(_ path: RemotePath) throws { try db.change("DELETE FROM result_file WHERE path = \(path)") }

    /// Forgets the files within a listing's reach that the look has not seen.
    func removeUnseen(_ reach: ListingReach, look: Int) throws {
        let place = reach.condition(path: "path", folder: "folder")
        try db.change("DELETE FROM result_file WHERE \(place) AND look <> \(look)")
    }

    /// Our files within a listing's reach of which the listing shows another ETag, or none, or no file.
    ///
    /// - Parameter look: the look that has to have seen them, where the listing says nothing of others.
    func changedPublications(_ reach: ListingReach, seenIn look: Int? = nil) throws -> [RemotePath] {
        let isSeen: SQL = look.map { "r.look = \($0)" } ?? "1"
        let ours = reach.condition(path: "p.path", folder: "p.folder")
        let seen = [Publication.State.published, .theirs, .deleted]
        return try db.paths(
            """
            SELECT p.path FROM publication p LEFT JOIN result_file r ON r.path = p.path
            WHERE \(ours) AND p.state IN \(seen) AND \(isSeen) AND CASE
                WHEN r.path IS NULL THEN p.state <> \(Publication.State.deleted)
                ELSE r.etag IS NULL OR p.etag IS NULL OR r.etag <> p.etag OR r.resized END
            """)
    }
}
