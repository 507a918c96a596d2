import DAV
import Foundation
import GRDB
import Transcriber

/// A scan as discovery found it.
struct FoundScan: Sendable {
    var resource: Resource
    /// Why it is left out, in words; `nil` for a scan to work on.
    var leftOut: String?
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
            try db.execute(
                sql: """
                    INSERT INTO collection (path, parent, etag, file_id) VALUES (?, ?, ?, ?)
                    ON CONFLICT (path) DO UPDATE SET etag = excluded.etag, file_id = excluded.file_id
                    """, arguments: [path.blob, (path.parent ?? .root).blob, etag?.value, fileID])
        }
    }

    /// Forgets collections that are gone, and all below them; their scans have been missed once more.
    /// - Returns: our publications that were there.
    func removeCollections(_ paths: [RemotePath]) async throws -> [RemotePath] {
        guard !paths.isEmpty else { return [] }
        return try await database.write { db in
            var publications: [RemotePath] = []
            for path in paths {
                let range = Self.range(path)
                publications += try Data.fetchAll(
                    db, sql: "SELECT path FROM publication WHERE state <> 'pending' AND path >= ? AND path < ?",
                    arguments: range
                ).map(RemotePath.stored)
                try db.execute(sql: "DELETE FROM collection WHERE path = ?", arguments: [path.blob])
                try db.execute(sql: "DELETE FROM collection WHERE path >= ? AND path < ?", arguments: range)
                try db.execute(sql: "DELETE FROM result_file WHERE path >= ? AND path < ?", arguments: range)
                try db.execute(
                    sql: "UPDATE scan SET missing = missing + 1 WHERE path >= ? AND path < ?", arguments: range)
            }
            return publications
        }
    }

    /// Stores the scans of one folder's complete listing; scans that it lacks have been missed once more.
    func storeScans(_ found: [FoundScan], of folder: RemotePath, at now: Date, models: [String]) async throws {
        try await database.write { db in
            let known = try Self.scanRows(db, in: folder)
            for scan in found {
                try Self.store(scan, known: known[scan.resource.path], in: folder, at: now, models: models, db)
            }
            let present = Set(found.map(\.resource.path))
            for (path, row) in known where !present.contains(path) {
                try db.execute(sql: "UPDATE scan SET missing = missing + 1 WHERE id = ?", arguments: [row.id])
            }
        }
    }

    /// Stores the files of one result folder's complete listing.
    /// - Returns: our publications whose file has changed or is gone.
    func storeResults(_ found: [Resource], of folder: RemotePath) async throws -> [RemotePath] {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM result_file WHERE folder = ?", arguments: [folder.blob])
            for resource in found {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO result_file (path, folder, etag) VALUES (?, ?, ?)",
                    arguments: [resource.path.blob, folder.blob, resource.etag?.value])
            }
            let published = try Row.fetchAll(
                db, sql: "SELECT path, etag, state FROM publication WHERE state <> 'pending' AND folder = ?",
                arguments: [folder.blob])
            let tags = Dictionary(found.map { ($0.path, $0.etag) }, uniquingKeysWith: { first, _ in first })
            return published.compactMap { row in
                let path = RemotePath.stored(row["path"])
                guard let tag = tags[path] else { return row["state"] == "deleted" ? nil : path }
                return tag != nil && tag?.value == row["etag"] as String? ? nil : path
            }
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
            let known = try Self.scanRows(db, in: folder)
            return scans.allSatisfy { scan in
                scan.resource.etag != nil && known[scan.resource.path]?.etag == scan.resource.etag?.value
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

    private struct KnownScan {
        var id: Int64
        var etag: String?
        var leftOut: String?
        var missing: Int
    }

    private static func scanRows(_ db: Database, in folder: RemotePath) throws -> [RemotePath: KnownScan] {
        var known: [RemotePath: KnownScan] = [:]
        let rows = try Row.fetchCursor(
            db, sql: "SELECT id, path, etag, left_out, missing FROM scan WHERE folder = ?", arguments: [folder.blob])
        while let row = try rows.next() {
            known[.stored(row["path"])] = KnownScan(
                id: row["id"], etag: row["etag"], leftOut: row["left_out"], missing: row["missing"])
        }
        return known
    }

    private static func store(
        _ scan: FoundScan, known: KnownScan?, in folder: RemotePath, at now: Date, models: [String], _ db: Database
    ) throws {
        let resource = scan.resource
        let tag = resource.etag?.value
        if let known {
            let unchanged = tag != nil && known.etag == tag && known.leftOut == scan.leftOut && known.missing == 0
            if unchanged { return }
            try db.execute(
                sql: "UPDATE scan SET file_id = ?, etag = ?, length = ?, left_out = ?, missing = 0 WHERE id = ?",
                arguments: [resource.fileID, tag, resource.length, scan.leftOut, known.id])
            guard scan.leftOut == nil, known.etag != tag || tag == nil || known.leftOut != nil else { return }
            // Something may have changed: the content decides, so the scan is looked at again.
            try db.execute(
                sql: """
                    UPDATE job SET stage = 'new', starts = 0, attempts = 0, next_attempt = NULL, failure = NULL
                    WHERE sheet_id = (SELECT sheet_id FROM scan WHERE id = ?)
                    """, arguments: [known.id])
        } else {
            let sheet = try Self.makeSheet(for: resource.path, in: folder, db)
            try db.execute(
                sql: """
                    INSERT INTO scan (sheet_id, path, folder, file_id, etag, length, first_seen, left_out)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    sheet, resource.path.blob, folder.blob, resource.fileID, tag, resource.length,
                    now.timeIntervalSince1970,
                    scan.leftOut,
                ])
        }
        guard scan.leftOut == nil else { return }
        try Self.makeJobs(for: resource.path, models: models, db)
    }

    private static func makeSheet(for path: RemotePath, in folder: RemotePath, _ db: Database) throws -> Int64 {
        let stems = ResultNames.stems(for: path)
        let whole = stems.last ?? []
        // Names made for the purpose can take all three; the folder's other scans are not to suffer for it.
        let numbered = (2...1000).lazy.map { whole + Array("~\($0)".utf8) }
        for (rank, stem) in (stems + numbered).enumerated() {
            try db.execute(
                sql: "INSERT OR IGNORE INTO sheet (folder, result_stem, contested) VALUES (?, ?, ?)",
                arguments: [folder.blob, Data(stem), rank > 0])
            if db.changesCount > 0 { return db.lastInsertedRowID }
        }
        throw DatabaseError(message: "no free result name for \(path)")
    }

    private static func makeJobs(for path: RemotePath, models: [String], _ db: Database) throws {
        let kind = PromptKindRule.kind(of: path)
        for model in models {
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO job (sheet_id, model, stage, prompt_kind)
                    SELECT sheet_id, ?, 'new', ? FROM scan WHERE path = ?
                    """, arguments: [model, kind.rawValue, path.blob])
        }
    }

    /// Gives every sheet a job for each model, where a model was added to the configuration.
    func makeMissingJobs(models: [String]) async throws {
        try await database.write { db in
            for model in models {
                let paths = try Data.fetchAll(
                    db,
                    sql: """
                        SELECT path FROM scan WHERE left_out IS NULL AND missing = 0 AND NOT EXISTS
                        (SELECT 1 FROM job WHERE job.sheet_id = scan.sheet_id AND job.model = ?)
                        """, arguments: [model])
                for path in paths { try Self.makeJobs(for: .stored(path), models: [model], db) }
            }
        }
    }

    /// The blobs that begin with the path and a slash: from `path/` up to, not including, `path0` ("0" follows "/").
    private static func range(_ path: RemotePath) -> StatementArguments {
        [path.blob + Data("/".utf8), path.blob + Data("0".utf8)]
    }
}
