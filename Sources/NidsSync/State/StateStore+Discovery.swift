import DAV
import Foundation
import GRDB

/// A collection as a listing names it.
struct FoundCollection: Sendable {
    var path: RemotePath
    var etag: String?
    var fileID: String?
}

extension StateStore {
    /// The stored tag of a collection, `nil` when it is not known or something below it is not stored yet.
    func collectionETag(_ path: RemotePath) async throws -> String? {
        try await database.read { db in
            try String.fetchOne(db, sql: "SELECT etag FROM collection WHERE path = ?", arguments: [path.blob])
        }
    }

    /// The stored tags of the collections directly inside one.
    func childCollections(of path: RemotePath) async throws -> [RemotePath: String?] {
        try await database.read { db in
            var children: [RemotePath: String?] = [:]
            let rows = try Row.fetchCursor(
                db, sql: "SELECT path, etag FROM collection WHERE parent = ? AND path <> parent", arguments: [path.blob]
            )
            while let row = try rows.next() {
                children[RemotePath.stored(row["path"])] = .some(row["etag"] as String?)
            }
            return children
        }
    }

    /// Stores the tag of a collection of which everything below is stored.
    func storeCollection(_ path: RemotePath, etag: ETag?, fileID: String?) async throws {
        try await database.write { db in
            try Self.store(FoundCollection(path: path, etag: etag?.value, fileID: fileID), db)
        }
    }

    /// Stores the collections of a complete view of everything; others are gone.
    func replaceCollections(_ collections: [FoundCollection]) async throws {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM collection")
            for collection in collections { try Self.store(collection, db) }
        }
    }

    private static func store(_ collection: FoundCollection, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO collection (path, parent, etag, file_id) VALUES (?, ?, ?, ?)
                ON CONFLICT (path) DO UPDATE SET etag = excluded.etag, file_id = excluded.file_id
                """
        ).execute(arguments: [
            collection.path.blob, (collection.path.parent ?? .root).blob, collection.etag, collection.fileID,
        ])
    }

    /// Forgets a collection that is gone, and all below it.
    func removeCollection(_ path: RemotePath) async throws {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM collection WHERE path = ?", arguments: [path.blob])
            try db.execute(
                sql: "DELETE FROM collection WHERE path >= ? AND path < ?", arguments: Self.range(path))
        }
    }

    /// Whether the last listings showed a file at that place among the results.
    func resultExists(_ path: RemotePath) async throws -> Bool {
        try await database.read { db in
            try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM result_file WHERE path = ?)", arguments: [path.blob]) ?? false
        }
    }

    /// The tag that the last listing showed for a file among the results, `nil` where there is no such file.
    func resultETag(_ path: RemotePath) async throws -> String? {
        try await database.read { db in
            try String.fetchOne(
                db, sql: "SELECT coalesce(etag, '') FROM result_file WHERE path = ?", arguments: [path.blob])
        }
    }

    /// Whether all these scans are stored, under these tags.
    func knowsScans(_ scans: [FoundScan], of folder: RemotePath) async throws -> Bool {
        try await database.read { db in
            let select = try db.makeStatement(sql: "SELECT etag FROM scan WHERE path = ? AND missing = 0")
            return try scans.allSatisfy { scan in
                guard let tag = scan.resource.etag?.value else { return false }
                return try String.fetchOne(select, arguments: [scan.resource.path.blob]) == tag
            }
        }
    }

    /// How many scans are left out, by reason.
    func leftOutCounts() async throws -> [(reason: String, count: Int)] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT left_out, count(*) AS n FROM scan WHERE left_out IS NOT NULL AND missing = 0
                    GROUP BY left_out ORDER BY left_out
                    """
            ).map { ($0["left_out"], $0["n"]) }
        }
    }

    /// Scans that are not paired, each with the reason.
    func pairingNotes(limit: Int) async throws -> [(path: RemotePath, note: String)] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT path, note FROM scan WHERE note IS NOT NULL AND missing = 0 ORDER BY path LIMIT ?",
                arguments: [limit]
            ).map { (.stored($0["path"]), $0["note"]) }
        }
    }

    /// Gives every sheet a job for each model, where a model was added to the configuration.
    func makeMissingJobs(models: [String]) async throws {
        try await database.write { db in
            for model in models {
                let rows = try Row.fetchAll(
                    db,
                    sql: """
                        SELECT sheet_id, min(path) AS path FROM scan
                        WHERE sheet_id IS NOT NULL AND left_out IS NULL AND missing = 0 AND NOT EXISTS
                        (SELECT 1 FROM job WHERE job.sheet_id = scan.sheet_id AND job.model = ?) GROUP BY sheet_id
                        """, arguments: [model])
                for row in rows {
                    try SheetWriter(db).makeJobs(row["sheet_id"], path: .stored(row["path"]), models: [model])
                }
            }
        }
    }
}
