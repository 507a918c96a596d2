import DAV
import Foundation
import GRDB

/// The part that the end of a look settles: who moved, who is gone, which scans make a sheet.
extension ScanTable {
    /// A file that lies at another place than before.
    struct Move {
        var from: Int64
        var to: Int64
        var sheet: Int64?
        var sha256: String?
        var hashedETag: String?
        var firstSeen: Double
        /// The sheet of the file that lay at the new place before.
        var displaced: Int64?
    }

    /// Files that arrived at a place, and lay at another before that has another file now or none.
    func moves() throws -> [Move] {
        try db.rows(
            """
            SELECT y.id, x.id, y.sheet_id, y.sha256, y.hashed_etag, y.first_seen, x.sheet_id FROM scan x
            JOIN scan y ON y.previous_file_id = x.file_id AND y.id <> x.id
            WHERE x.arrived = 1 AND x.missing = 0
            UNION ALL
            SELECT y.id, x.id, y.sheet_id, y.sha256, y.hashed_etag, y.first_seen, x.sheet_id FROM scan x
            JOIN scan y ON y.file_id = x.file_id AND y.id <> x.id
            WHERE x.arrived = 1 AND x.missing = 0 AND y.missing > 0 AND y.previous_file_id IS NULL
            """
        ).map {
            Move(
                from: $0[0], to: $0[1], sheet: $0[2], sha256: $0[3], hashedETag: $0[4], firstSeen: $0[5],
                displaced: $0[6])
        }
    }

    /// Carries what is known of scans to their new places; those may be one another's old ones.
    func carry(_ moves: [Move]) throws {
        for move in moves {
            try db.change(
                """
                UPDATE scan SET sheet_id = NULL, sha256 = NULL, hashed_etag = NULL, previous_file_id = NULL
                WHERE id = \(move.from)
                """)
        }
        for move in moves {
            try db.change(
                """
                UPDATE scan SET sheet_id = \(move.sheet), sha256 = \(move.sha256), hashed_etag = \(move.hashedETag),
                    first_seen = \(move.firstSeen), previous_file_id = NULL WHERE id = \(move.to)
                """)
        }
        for move in moves {
            try db.change(
                """
                UPDATE scan SET note = \(Self.movedOutMark) || left_out
                WHERE id = \(move.to) AND left_out IS NOT NULL AND sheet_id IS NOT NULL
                """)
        }
        for move in moves { try db.change("DELETE FROM scan WHERE id = \(move.from) AND missing > 0") }
    }

    private static var movedOutMark: String { "a scan of a sheet was moved here, and is left out: " }

    /// The sheets of which a scan was moved to where it is left out, with the reason.
    func movedOut() throws -> [(sheet: Int64, reason: String)] {
        try db.rows(
            """
            SELECT sheet_id, note FROM scan WHERE note IS NOT NULL AND left_out IS NOT NULL AND sheet_id IS NOT NULL
            AND missing = 0 AND substr(note, 1, \(Self.movedOutMark.count)) = \(Self.movedOutMark)
            """
        ).map { ($0["sheet_id"], $0["note"]) }
    }

    /// `true` where a scan that is worked on belongs to the sheet.
    func hasWorkedPages(_ sheet: Int64) throws -> Bool {
        try db.exists("SELECT 1 FROM scan WHERE sheet_id = \(sheet) AND missing < 2 AND left_out IS NULL")
    }

    /// Another file took a scan's place and the first one lies nowhere: the new content is that of the sheet.
    /// - Returns: the sheets.
    func acceptReplacements() throws -> [Int64] {
        let sheets: [Int64] = try db.values(
            "SELECT DISTINCT sheet_id FROM scan WHERE previous_file_id IS NOT NULL AND sheet_id IS NOT NULL")
        try db.change(
            """
            UPDATE scan SET previous_file_id = NULL, sha256 = NULL, hashed_etag = NULL,
                arrived = CASE WHEN sheet_id IS NULL THEN arrived ELSE 0 END
            WHERE previous_file_id IS NOT NULL
            """)
        return sheets
    }

    /// A complete look lacked these scans.
    ///
    /// - Parameter counts: `true` where two such looks in a row mean that they are gone; else they are one at most.
    func countLost(_ absent: Set<Int64>, counts: Bool) throws {
        for id in absent {
            try db.change(
                """
                UPDATE scan SET lost_looks = CASE WHEN \(counts) THEN lost_looks + 1 ELSE 1 END,
                    missing = CASE WHEN \(counts) AND lost_looks > 0 THEN 2 ELSE 1 END
                WHERE id = \(id) AND missing = 1
                """)
        }
    }

    /// Scans that two complete looks in a row lacked are gone.
    /// - Returns: their sheets.
    func removeMissing() throws -> [Int64] {
        let gone: SQL = "missing > 0 AND missing = 2"
        let sheets: [Int64] = try db.values("SELECT DISTINCT sheet_id FROM scan WHERE \(gone) AND sheet_id IS NOT NULL")
        try db.change("DELETE FROM scan WHERE \(gone) AND (sheet_id IS NULL OR left_out IS NOT NULL)")
        try db.change("UPDATE scan SET missing = 3 WHERE \(gone)")
        return sheets
    }

    /// A scan as one of a group that has the name in common.
    struct Member {
        var id: Int64
        var sheet: Int64?
        var path: RemotePath
        var side: PageName.Side?
        var firstSeen: Date
        /// Set where it is new at its place.
        var hasArrived: Bool
        /// The folder and name that the group has in common, as the state stores them.
        var folder: Data
        var base: Data
    }

    private static var memberColumns: SQL { "id, sheet_id, path, side, first_seen, arrived, folder, base" }

    /// Scans that arrived and whose sheet is not known yet, by folder and name.
    ///
    /// - Parameters:
    ///   - last: the folder and name after which to go on.
    ///   - isComplete: `false` where a file that lies at two places may only have moved, and has to wait.
    func arrived(after last: (folder: Data, base: Data), isComplete: Bool, limit: Int) throws -> [Member] {
        let settled: SQL =
            isComplete
            ? "1"
            : """
            previous_file_id IS NULL AND NOT EXISTS (SELECT 1 FROM scan AS other
                WHERE other.file_id = scan.file_id AND other.id <> scan.id)
            """
        return try db.rows(
            """
            SELECT \(Self.memberColumns) FROM scan WHERE arrived = 1 AND left_out IS NULL AND missing = 0
            AND (folder, base) > (\(last.folder), \(last.base)) AND \(settled)
            ORDER BY folder, base, first_seen, id LIMIT \(limit)
            """
        ).map(Self.member)
    }

    /// The scans of a name that were there before.
    func residents(folder: Data, base: Data) throws -> [Member] {
        try db.rows(
            """
            SELECT \(Self.memberColumns) FROM scan WHERE folder = \(folder) AND base = \(base) AND arrived = 0
            AND left_out IS NULL AND sheet_id IS NOT NULL AND missing < 2
            """
        ).map(Self.member)
    }

    private static func member(_ row: Row) throws -> Member {
        Member(
            id: row["id"], sheet: row["sheet_id"], path: try row.known("path"), side: try row.knownIfPresent("side"),
            firstSeen: row.date("first_seen"), hasArrived: row["arrived"], folder: row["folder"], base: row["base"])
    }

    /// A scan belongs to a sheet now; the note says why it is not paired with another.
    func place(_ scan: Int64, in sheet: Int64, note: String?) throws {
        try db.change("UPDATE scan SET sheet_id = \(sheet), note = \(note), arrived = 0 WHERE id = \(scan)")
    }

    /// Scans that are left out need no sheet.
    func settleLeftOut() throws {
        try db.change("UPDATE scan SET arrived = 0 WHERE arrived = 1 AND left_out IS NOT NULL")
    }
}
