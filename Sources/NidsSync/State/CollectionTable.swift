import DAV
import Foundation
import GRDB

/// The collections below the root. A collection's ETag is stored only once everything below it has been stored.
struct CollectionTable {
    let db: Database

    /// The stored ETag, `nil` when it is not known or something below is not stored yet.
    func etag(of path: RemotePath) throws -> String? {
        try db.value("SELECT etag FROM collection WHERE path = \(path)")
    }

    /// The stored ETags of the collections directly inside one.
    func children(of path: RemotePath) throws -> [RemotePath: String?] {
        var children: [RemotePath: String?] = [:]
        for row in try db.rows("SELECT path, etag FROM collection WHERE parent = \(path) AND path <> parent") {
            children[try row.known("path")] = .some(row["etag"] as String?)
        }
        return children
    }

    func isKnown(_ path: RemotePath) throws -> Bool {
        try db.exists("SELECT 1 FROM collection WHERE path = \(path)")
    }

    func store(_ collection: FoundCollection) throws {
        try db.change(
            """
            INSERT INTO collection (path, parent, etag, file_id) VALUES (\(collection.path),
                \(collection.path.parent ?? .root), \(collection.etag), \(collection.fileID))
            ON CONFLICT (path) DO UPDATE SET etag = excluded.etag, file_id = excluded.file_id
            """)
    }

    /// Stores the ETag of a collection of which everything below is stored.
    func store(_ path: RemotePath, etag: ETag?, fileID: String?) throws {
        try store(FoundCollection(path: path, etag: etag?.value, fileID: fileID))
    }

    /// Stores the collections of a complete view of everything; others are gone.
    func replace(with collections: [FoundCollection]) throws {
        try db.change("DELETE FROM collection")
        for collection in collections { try store(collection) }
    }

    /// Forgets a collection that is gone, and all below it.
    func remove(_ path: RemotePath) throws {
        let (low, high) = path.descendants
        try db.change("DELETE FROM collection WHERE path = \(path)")
        try db.change("DELETE FROM collection WHERE path >= \(low) AND path < \(high)")
    }

    /// Makes the collections above a file known, so that it shows when one of them is gone.
    func noteAncestors(of path: RemotePath) throws {
        var current = path.parent
        while let path = current, let parent = path.parent {
            let added = try db.change("INSERT OR IGNORE INTO collection (path, parent) VALUES (\(path), \(parent))")
            if added == 0 { break }
            current = parent
        }
    }
}
