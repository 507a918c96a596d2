import DAV
import Foundation
import GRDB

/// A file of `transcription_results/` as the last listing showed it.
struct ListedResult: Sendable {
    var path: RemotePath
    var etag: String?
    /// In bytes.
    var length: Int?
    /// The digest of its content when it was last read after a change.
    var digest: String?
}

/// The part that those who read results ask for.
extension ResultFileTable {
    /// The file at a place as the last listing showed it; `nil` where it showed none.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func listed(_ path: RemotePath) throws -> ListedResult? {
        try db.row("SELECT path, etag, length, digest FROM result_file WHERE path = \(path)").map(Self.file)
    }

    /// A changed file was read.
    ///
    /// - Parameter again: by our clock, when it is to be read again, since another write within the second of its last
    ///   modification may leave the same ETag.
    func noteRead(_ path: RemotePath, digest: String?, again: Date?) throws {
        try db.change(
            """
            UPDATE result_file SET digest = \(digest), resized = 0, look_again = \(again?.timeIntervalSince1970)
            WHERE path = \(path)
            """)
    }

    /// Files that were read too soon after their last modification, and are due to be read again.
    func dueAgain(at now: Date) throws -> [RemotePath] {
        try db.paths("SELECT path FROM result_file WHERE look_again <= \(now.timeIntervalSince1970)")
    }

    /// Files that belong to no sheet and may be the one that lay at a publication's place: those of the same ETag, of the
    /// same name, and the one in the place where it should lie by now.
    func strays(for publication: Publication, place: RemotePath?, limit: Int) throws -> [ListedResult] {
        let name = Data(publication.path.name)
        return try db.rows(
            """
            SELECT r.path, r.etag, r.length, r.digest FROM result_file r LEFT JOIN publication p ON p.path = r.path
            WHERE p.path IS NULL AND (r.path = \(place) OR r.etag = \(publication.etag)
                OR substr(r.path, length(r.folder) + 2) = \(name))
            ORDER BY r.path = \(place) DESC, r.etag = \(publication.etag) DESC, r.path LIMIT \(limit)
            """
        ).map(Self.file)
    }

    /// Results, by their names, that belong to no sheet as far as is known.
    func unclaimedResults() throws -> [RemotePath] {
        let end = Data("_result.json".utf8)
        return try db.paths(
            """
            SELECT r.path FROM result_file r LEFT JOIN publication p ON p.path = r.path
            WHERE p.path IS NULL AND substr(r.path, -12) = \(end) ORDER BY r.path
            """)
    }

    private static func file(_ row: Row) throws -> ListedResult {
        ListedResult(path: try row.known("path"), etag: row["etag"], length: row["length"], digest: row["digest"])
    }
}
