import DAV
import Foundation
import GRDB

/// A scan as discovery found it.
struct FoundScan: Sendable {
    var resource: Resource
    var name: PageName
    /// Why it is left out, in words; `nil` for a scan to work on.
    var leftOut: String?
}

extension StateStore {
    /// Begins a look.
    func beginLook(at now: Date, mayWithdraw: Bool) async throws -> Look {
        try await database.write { db in
            let number = (try Int.fetchOne(db, sql: "SELECT value FROM memory WHERE key = 'look'") ?? 0) + 1
            try db.execute(
                sql: """
                    INSERT INTO memory (key, value) VALUES ('look', ?)
                    ON CONFLICT (key) DO UPDATE SET value = excluded.value
                    """, arguments: ["\(number)"])
            let isEmpty = try Int64.fetchOne(db, sql: "SELECT id FROM scan LIMIT 1") == nil
            return Look(number: number, startsEmpty: isEmpty, began: now, mayWithdraw: mayWithdraw)
        }
    }

    /// Stores scans and files among the results as a listing names them. What they mean is settled at its end.
    func take(_ scans: [FoundScan], results: [Resource], in look: Look) async throws {
        guard !scans.isEmpty || !results.isEmpty else { return }
        try await database.write { db in
            let writer = try ScanWriter(db, look)
            for scan in scans { try writer.take(scan) }
            guard !results.isEmpty else { return }
            let statement = try db.cachedStatement(
                sql: """
                    INSERT INTO result_file (path, folder, etag, look) VALUES (?, ?, ?, ?)
                    ON CONFLICT (path) DO UPDATE SET etag = excluded.etag, look = excluded.look
                    """)
            for file in results {
                try statement.execute(arguments: [
                    file.path.blob, (file.path.parent ?? .root).blob, file.etag?.value, look.number,
                ])
            }
        }
    }

    /// How far a listing that ended properly reached.
    enum Reach: Sendable {
        /// What lies directly in a collection.
        case children(of: RemotePath)
        /// Everything below a collection, and it is not there any more.
        case nothing(below: RemotePath)
        /// Everything below the root.
        case everything

        /// The condition on a column of folders.
        fileprivate func condition(path: String, folder: String) -> (sql: String, arguments: StatementArguments) {
            switch self {
            case .children(let path): ("\(folder) = ?", [path.blob])
            case .nothing(let collection): ("\(path) >= ? AND \(path) < ?", StateStore.range(collection))
            case .everything: ("1", [])
            }
        }
    }

    /// A complete listing lacks what it has not named: scans have been missed once more, results are gone.
    func endListing(_ reach: Reach, in look: Look) async throws {
        try await database.write { db in
            try Self.countAbsent(db, reach, look)
            let place = reach.condition(path: "path", folder: "folder")
            try db.execute(
                sql: "DELETE FROM result_file WHERE \(place.sql) AND look <> ?",
                arguments: place.arguments + [look.number])
            let ours = reach.condition(path: "p.path", folder: "p.folder")
            let changed = try Data.fetchAll(
                db,
                sql: """
                    SELECT p.path FROM publication p LEFT JOIN result_file r ON r.path = p.path
                    WHERE \(ours.sql) AND p.state IN ('published', 'theirs', 'deleted') AND CASE
                        WHEN r.path IS NULL THEN p.state <> 'deleted'
                        ELSE r.etag IS NULL OR p.etag IS NULL OR r.etag <> p.etag END
                    """, arguments: ours.arguments)
            for path in changed {
                try db.cachedStatement(sql: "UPDATE publication SET changed = 1 WHERE path = ?").execute(arguments: [
                    path
                ])
            }
            look.note(changedResults: changed.map(RemotePath.stored))
        }
    }

    private static func countAbsent(_ db: Database, _ reach: Reach, _ look: Look) throws {
        guard !look.startsEmpty else { return }
        let place = reach.condition(path: "path", folder: "folder")
        let known = try Int64.fetchCursor(
            db, sql: "SELECT id FROM scan WHERE missing < 2 AND \(place.sql)", arguments: place.arguments)
        var unseen: [Int64] = []
        while let id = try known.next() {
            if !look.hasSeen(id) { unseen.append(id) }
        }
        try markAbsent(db, unseen, look)
    }

    private static func markAbsent(_ db: Database, _ scans: [Int64], _ look: Look) throws {
        let statement = try db.cachedStatement(
            sql:
                "UPDATE scan SET missing = CASE WHEN ? THEN missing + 1 ELSE 1 END WHERE id = ? RETURNING folder, missing"
        )
        for id in look.countAbsent(scans) {
            // The second miss is no new change.
            guard let row = try Row.fetchOne(statement, arguments: [look.mayWithdraw, id]), row[1] == 1 else {
                continue
            }
            look.noteChange(in: .stored(row[0]))
        }
    }

    /// Whether an earlier look ended before it was settled.
    func hasUnsettledScans() async throws -> Bool {
        try await database.read { db in
            try Int64.fetchOne(db, sql: "SELECT id FROM scan WHERE arrived = 1 AND left_out IS NULL LIMIT 1") != nil
        }
    }

    /// The collections whose listing shows whether scans that were missed once are really gone.
    func collectionsToConfirm() async throws -> Set<RemotePath> {
        try await database.read { db in
            let folders = try Data.fetchAll(db, sql: "SELECT DISTINCT folder FROM scan WHERE missing = 1")
            let isKnown = try db.makeStatement(sql: "SELECT 1 FROM collection WHERE path = ?")
            return try Set(
                folders.map { folder in
                    var path = RemotePath.stored(folder)
                    while let parent = path.parent, try Int.fetchOne(isKnown, arguments: [path.blob]) == nil {
                        path = parent
                    }
                    return path
                })
        }
    }

    /// A complete listing of a collection names only these collections in it: scans below others are still gone.
    func confirmAbsent(below path: RemotePath, collections: Set<RemotePath>, in look: Look) async throws {
        try await database.write { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT id, path FROM scan WHERE missing = 1 AND folder <> ?", arguments: [path.blob])
            let gone = rows.compactMap { row -> Int64? in
                guard let inside = RemotePath.stored(row["path"]).relative(to: path),
                    let name = inside.segments.first, let child = path.appending(name)
                else { return nil }
                return collections.contains(child) ? nil : row["id"]
            }
            try Self.markAbsent(db, gone, look)
        }
    }

    /// The blobs that begin with the path and a slash: from `path/` up to, not including, `path0` ("0" follows "/").
    static func range(_ path: RemotePath) -> StatementArguments {
        path.isRoot ? [Data(), Data([0xFF])] : [path.blob + Data("/".utf8), path.blob + Data("0".utf8)]
    }
}
