import DAV
import Foundation
import GRDB

/// The part that looks store: a first look stores every scan there is, so that these statements are prepared once.
extension ScanTable {
    /// The facts known of the scan at a place.
    struct Known {
        var id: Int64
        var sheet: Int64?
        var fileID: String?
        var etag: String?
        var leftOut: String?
        /// In bytes.
        var length: Int?
        /// 0 where it is there, 1 where a listing lacked it, 2 and more where it is gone.
        var missing: Int
    }

    /// `true` when no scan was ever seen.
    func isEmpty() throws -> Bool { try !db.exists("SELECT 1 FROM scan") }

    /// The facts known of the scan at that place.
    func known(at path: RemotePath) throws -> Known? {
        let select = try db.cachedStatement(
            sql: "SELECT id, sheet_id, file_id, etag, left_out, length, missing FROM scan WHERE path = ?")
        return try Row.fetchOne(select, arguments: [path.blob]).map { row in
            Known(
                id: row[0], sheet: row[1], fileID: row[2], etag: row[3], leftOut: row[4], length: row[5],
                missing: row[6])
        }
    }

    /// Stores a scan at a new place.
    /// - Returns: its id.
    func add(_ scan: FoundScan, firstSeen: Date) throws -> Int64 {
        let insert = try db.cachedStatement(
            sql: """
                INSERT INTO scan (path, folder, base, side, file_id, etag, length, first_seen, left_out, family)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO NOTHING
                """)
        let resource = scan.resource
        try insert.execute(arguments: [
            resource.path.blob, (resource.path.parent ?? .root).blob, Data(scan.name.base), scan.name.side?.rawValue,
            resource.fileID, resource.etag?.value, resource.length, firstSeen.timeIntervalSince1970, scan.leftOut,
            Data(scan.family),
        ])
        return db.lastInsertedRowID
    }

    /// Stores a scan at a place that is known.
    ///
    /// - Parameters:
    ///   - arrives: `true` where the end of the look has to say which sheet it belongs to.
    ///   - isAnother: `true` where a file of another id took the place of the one that lay there.
    ///   - isChanged: `true` where its content may be another: then another preparation of its sheet may be read no more.
    func update(_ id: Int64, _ scan: FoundScan, arrives: Bool, isAnother: Bool, isChanged: Bool) throws {
        let update = try db.cachedStatement(
            sql: """
                UPDATE scan SET file_id = ?, etag = ?, length = ?, left_out = ?, missing = 0, lost_looks = 0,
                    arrived = max(arrived, ?), variant_of = CASE WHEN ? THEN NULL ELSE variant_of END,
                    previous_file_id = CASE WHEN ? THEN file_id ELSE previous_file_id END,
                    -- Another length under the same ETag is other content.
                    hashed_etag = CASE WHEN length <> ? THEN NULL ELSE hashed_etag END
                WHERE id = ?
                """)
        let resource = scan.resource
        try update.execute(arguments: [
            resource.fileID, resource.etag?.value, resource.length, scan.leftOut, arrives ? 1 : 0, isChanged,
            isAnother, resource.length, id,
        ])
    }

    /// A scan is not read before that time, unless its content is known under its ETag.
    func settle(_ path: RemotePath, at time: Date) throws {
        try db.change(
            """
            UPDATE scan SET settles_at = \(time.timeIntervalSince1970)
            WHERE path = \(path) AND left_out IS NULL AND hashed_etag IS NOT etag
            """)
    }

    /// The scans within a listing's reach that a look has not seen.
    func unseen(_ reach: ListingReach, isSeen: (Int64) -> Bool) throws -> [Int64] {
        let known = try Int64.fetchCursor(
            db.cachedStatement(
                literal: """
                    SELECT id FROM scan WHERE missing < 2 AND \(reach.condition(path: "path", folder: "folder"))
                    """))
        var unseen: [Int64] = []
        while let id = try known.next() {
            if !isSeen(id) { unseen.append(id) }
        }
        return unseen
    }

    /// A listing lacked the scan: it waits until looks at everything say whether it is gone.
    /// - Returns: its folder, where it was there before.
    func miss(_ id: Int64) throws -> RemotePath? {
        try db.row("UPDATE scan SET missing = 1 WHERE id = \(id) AND missing = 0 RETURNING folder")?.known("folder")
    }

    /// `true` when an earlier look ended before it was settled.
    func hasUnsettled() throws -> Bool { try db.exists("SELECT 1 FROM scan WHERE arrived = 1 AND left_out IS NULL") }

    /// The folders of scans that one view lacked.
    func missedFolders() throws -> [RemotePath] {
        // The first condition is the index's own, without which SQLite reads the whole table at every poll.
        try db.paths("SELECT DISTINCT folder AS path FROM scan WHERE missing > 0 AND missing = 1")
    }

    /// The scans that one view lacked, outside a folder.
    func missed(outside folder: RemotePath) throws -> [(id: Int64, path: RemotePath)] {
        try db.rows(
            "SELECT id, path FROM scan WHERE missing > 0 AND missing = 1 AND folder <> \(folder)"
        ).map { ($0["id"], try $0.known("path")) }
    }
}
