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
        /// The sheet that is read in its place, where it is another preparation of that.
        var variantOf: Int64?
        /// The sheet that it was read as before that.
        var ownSheet: Int64?
    }

    /// Files that arrived at a place, and lay at another before that has another file now or none.
    func moves() throws -> [Move] {
        try db.rows(
            """
            SELECT y.id, x.id, y.sheet_id, y.sha256, y.hashed_etag, y.first_seen, x.sheet_id,
                y.variant_of, y.own_sheet FROM scan x
            JOIN scan y ON y.previous_file_id = x.file_id AND y.id <> x.id
            WHERE x.arrived = 1 AND x.missing = 0
            UNION ALL
            SELECT y.id, x.id, y.sheet_id, y.sha256, y.hashed_etag, y.first_seen, x.sheet_id,
                y.variant_of, y.own_sheet FROM scan x
            JOIN scan y ON y.file_id = x.file_id AND y.id <> x.id
            WHERE x.arrived = 1 AND x.missing = 0 AND y.missing > 0 AND y.previous_file_id IS NULL
            """
        ).map {
            Move(
                from: $0[0], to: $0[1], sheet: $0[2], sha256: $0[3], hashedETag: $0[4], firstSeen: $0[5],
                displaced: $0[6], variantOf: $0[7], ownSheet: $0[8])
        }
    }

    /// Carries what is known of scans to their new places; those may be one another's old ones.
    func carry(_ moves: [Move]) throws {
        for move in moves {
            try db.change(
                """
                UPDATE scan SET sheet_id = NULL, sha256 = NULL, hashed_etag = NULL, previous_file_id = NULL,
                    variant_of = NULL, own_sheet = NULL WHERE id = \(move.from)
                """)
        }
        for move in moves {
            try db.change(
                """
                UPDATE scan SET sheet_id = \(move.sheet), sha256 = \(move.sha256), hashed_etag = \(move.hashedETag),
                    first_seen = \(move.firstSeen), previous_file_id = NULL, variant_of = \(move.variantOf),
                    own_sheet = \(move.ownSheet) WHERE id = \(move.to)
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
        /// The key and name that the group has in common, as the state stores them.
        var family: Data
        var base: Data
        /// Its folder, as the state stores it.
        var folder: Data
        /// The sheet that is read in its place, where it is another preparation of that.
        var variantOf: Int64?
        /// The sheet that it was read as before that.
        var ownSheet: Int64?
        /// Set where a person asks to have it read with its other side.
        var rejoins: Bool
    }

    private static var memberColumns: SQL {
        "id, sheet_id, path, side, first_seen, arrived, family, base, folder, variant_of, own_sheet, rejoins"
    }

    /// Scans that arrived and whose sheet is not known yet, by what a sheet's scans have in common.
    ///
    /// - Parameters:
    ///   - last: the family and name after which to go on.
    ///   - isComplete: `false` where a file that lies at two places may only have moved, and has to wait.
    func arrived(after last: (family: Data, base: Data), isComplete: Bool, limit: Int) throws -> [Member] {
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
            AND (family, base) > (\(last.family), \(last.base)) AND \(settled)
            ORDER BY family, base, first_seen, id LIMIT \(limit)
            """
        ).map(Self.member)
    }

    /// The scans of a name that were there before, in one folder or in those of preparations.
    func residents(family: Data, base: Data) throws -> [Member] {
        try db.rows(
            """
            SELECT \(Self.memberColumns) FROM scan WHERE \(Self.isOf(family, base)) AND arrived = 0
            AND left_out IS NULL AND (sheet_id IS NOT NULL OR variant_of IS NOT NULL) AND missing < 2
            """
        ).map(Self.member)
    }

    /// `true` where a scan of that family and name has arrived, beside these.
    func hasArrived(family: Data, base: Data, besides scans: [Int64]) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM scan WHERE family = \(family) AND base = \(base) AND arrived = 1 AND left_out IS NULL
            AND missing = 0 AND id NOT IN \(scans)
            """)
    }

    /// By way of the two indexes: few scans lie among preparations.
    private static func isOf(_ family: Data, _ base: Data) -> SQL {
        """
        id IN (SELECT id FROM scan WHERE folder = \(family) AND base = \(base)
            UNION SELECT id FROM scan WHERE family = \(family) AND base = \(base) AND family <> folder)
        """
    }

    private static func member(_ row: Row) throws -> Member {
        Member(
            id: row["id"], sheet: row["sheet_id"], path: try row.known("path"), side: try row.knownIfPresent("side"),
            firstSeen: row.date("first_seen"), hasArrived: row["arrived"], family: row["family"], base: row["base"],
            folder: row["folder"],
            variantOf: row["variant_of"], ownSheet: row["own_sheet"], rejoins: row["rejoins"])
    }

    /// A scan belongs to a sheet now; the note says why it is not paired with another.
    func place(_ scan: Int64, in sheet: Int64, note: String?) throws {
        try db.change(
            """
            UPDATE scan SET sheet_id = \(sheet), note = \(note), arrived = 0, variant_of = NULL, own_sheet = NULL,
                rejoins = 0 WHERE id = \(scan)
            """)
    }

    /// Another preparation of a scan's sheet is read in its place.
    ///
    /// - Parameter own: the sheet that it is read as where none other is, if there is one.
    func standBy(_ scan: Int64, of sheet: Int64, own: Int64?) throws {
        try db.change(
            """
            UPDATE scan SET sheet_id = NULL, note = NULL, arrived = 0, rejoins = 0, variant_of = \(sheet),
                own_sheet = \(own) WHERE id = \(scan)
            """)
    }

    /// The sheet that a scan belongs to.
    func sheet(of scan: Int64) throws -> Int64? { try db.value("SELECT sheet_id FROM scan WHERE id = \(scan)") }

    /// A scan with the mark of a side goes alone: it was read so before such marks were known.
    func forgetMark(_ scan: Int64, stem: [UInt8]) throws {
        try db.change("UPDATE scan SET base = \(Data(stem)), side = NULL WHERE id = \(scan)")
    }

    /// The condition on names without an extension that may end in one of the marks that came later.
    static var hasLaterMark: SQL {
        let text: SQL = "CAST(base AS TEXT)"
        return """
            (\(text) LIKE '%-recto' OR \(text) LIKE '%-verso' OR \(text) LIKE '%-page1' OR \(text) LIKE '%-page2')
            """
    }

    /// Scans that are left out need no sheet.
    func settleLeftOut() throws {
        try db.change("UPDATE scan SET arrived = 0 WHERE arrived = 1 AND left_out IS NOT NULL")
    }
}
