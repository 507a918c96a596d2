import DAV
import Foundation
import GRDB

/// How a look's findings are made sense of.
struct LookConclusion: Sendable {
    /// Whether everything that may have changed was seen.
    var isComplete: Bool
    var models: [String]
    var pairWait: Duration
}

extension StateStore {
    /// Settles what a look found: who moved, who is gone, which scans make a sheet.
    func conclude(_ look: Look, _ conclusion: LookConclusion) async throws {
        try await database.write { db in
            var left: Set<Int64> = []
            if !look.startsEmpty {
                left.formUnion(try Self.followMoves(db))
                try Self.acceptReplacements(db)
                if look.mayWithdraw { left.formUnion(try Self.withdrawMissing(db)) }
            }
            left.formUnion(try Self.group(db, look, conclusion))
            for sheet in left where try !SheetWriter(db).hasPages(sheet, besides: []) {
                try SheetWriter(db).retire(sheet)
            }
        }
    }

    private struct Move {
        var from: Int64
        var to: Int64
        var sheet: Int64?
        var sha256: String?
        var hashedETag: String?
        var firstSeen: Double
        /// The sheet of the file that lay at the new place before.
        var displaced: Int64?
    }

    /// What is known of a scan moves with its file id to the row of its new place.
    /// - Returns: sheets that lost a page.
    private static func followMoves(_ db: Database) throws -> Set<Int64> {
        let moves = try Row.fetchAll(
            db,
            sql: """
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
        for move in moves {
            try db.execute(
                sql: """
                    UPDATE scan SET sheet_id = NULL, sha256 = NULL, hashed_etag = NULL, previous_file_id = NULL
                    WHERE id = ?
                    """, arguments: [move.from])
        }
        for move in moves {
            try db.execute(
                sql: """
                    UPDATE scan SET sheet_id = ?, sha256 = ?, hashed_etag = ?, first_seen = ?, previous_file_id = NULL
                    WHERE id = ?
                    """, arguments: [move.sheet, move.sha256, move.hashedETag, move.firstSeen, move.to])
        }
        for move in moves {
            try db.execute(sql: "DELETE FROM scan WHERE id = ? AND missing > 0", arguments: [move.from])
        }
        // Names of sheets that moved as a whole are free for what lies there now.
        for sheet in Set(moves.compactMap(\.sheet)) {
            try db.execute(
                sql: """
                    UPDATE sheet SET result_stem = CAST('~moved-' || id AS BLOB) WHERE id = ? AND NOT EXISTS
                    (SELECT 1 FROM scan WHERE sheet_id = sheet.id AND arrived = 0 AND missing < 2)
                    """, arguments: [sheet])
        }
        return Set(moves.compactMap(\.displaced))
    }

    /// Where another file took a scan's place and the first one lies nowhere, the sheet has new content.
    private static func acceptReplacements(_ db: Database) throws {
        let sheets = try Int64.fetchAll(
            db, sql: "SELECT DISTINCT sheet_id FROM scan WHERE previous_file_id IS NOT NULL AND sheet_id IS NOT NULL")
        for sheet in sheets { try SheetWriter(db).reopen(sheet) }
        try db.execute(
            sql: """
                UPDATE scan SET previous_file_id = NULL, sha256 = NULL, hashed_etag = NULL,
                    arrived = CASE WHEN sheet_id IS NULL THEN arrived ELSE 0 END
                WHERE previous_file_id IS NOT NULL
                """)
    }

    /// Scans that two complete views in a row lacked are gone.
    /// - Returns: their sheets.
    private static func withdrawMissing(_ db: Database) throws -> Set<Int64> {
        let sheets = try Int64.fetchAll(
            db, sql: "SELECT DISTINCT sheet_id FROM scan WHERE missing = 2 AND sheet_id IS NOT NULL")
        try db.execute(sql: "DELETE FROM scan WHERE missing = 2 AND (sheet_id IS NULL OR left_out IS NOT NULL)")
        try db.execute(sql: "UPDATE scan SET missing = 3 WHERE missing = 2")
        return Set(sheets)
    }

    private static let groupBatch = 2000

    /// - Returns: sheets that a scan left.
    private static func group(_ db: Database, _ look: Look, _ conclusion: LookConclusion) throws -> Set<Int64> {
        let grouping = try SheetGrouping(db, models: conclusion.models, pairWait: conclusion.pairWait)
        // While a view is incomplete, a file that lies at two places may only have moved.
        let settled =
            conclusion.isComplete || look.startsEmpty
            ? ""
            : """
             AND previous_file_id IS NULL AND NOT EXISTS (SELECT 1 FROM scan AS other
                WHERE other.file_id = scan.file_id AND other.id <> scan.id)
            """
        var left: Set<Int64> = []
        var last: (folder: Data, base: Data) = (Data(), Data())
        while true {
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT \(Self.memberColumns) FROM scan
                    WHERE arrived = 1 AND left_out IS NULL AND missing = 0 AND (folder, base) > (?, ?)\(settled)
                    ORDER BY folder, base, first_seen, id LIMIT \(groupBatch)
                    """, arguments: [last.folder, last.base])
            var groups = Self.groups(rows)
            // The last group may go on in the next batch.
            if rows.count == groupBatch, groups.count > 1 { groups.removeLast() }
            for group in groups {
                left.formUnion(try settle(db, group, grouping, startsEmpty: look.startsEmpty))
                last = (group.folder, group.base)
            }
            if rows.count < groupBatch { break }
        }
        try db.execute(sql: "UPDATE scan SET arrived = 0 WHERE arrived = 1 AND left_out IS NOT NULL")
        return left
    }

    private static let memberColumns = "id, sheet_id, path, side, first_seen, arrived, folder, base"

    private struct Group {
        var folder: Data
        var base: Data
        var members: [SheetGrouping.Member]
    }

    private static func groups(_ rows: [Row]) -> [Group] {
        var groups: [Group] = []
        for row in rows {
            let folder: Data = row[6]
            let base: Data = row[7]
            if groups.last?.folder != folder || groups.last?.base != base {
                groups.append(Group(folder: folder, base: base, members: []))
            }
            groups[groups.count - 1].members.append(member(row))
        }
        return groups
    }

    private static func member(_ row: Row) -> SheetGrouping.Member {
        SheetGrouping.Member(
            id: row[0], sheet: row[1], path: .stored(row[2]), side: (row[3] as Int?).flatMap(PageName.Side.init),
            firstSeen: Date(timeIntervalSince1970: row[4]), hasArrived: row[5])
    }

    private static func settle(
        _ db: Database, _ group: Group, _ grouping: SheetGrouping, startsEmpty: Bool
    ) throws -> Set<Int64> {
        var members = group.members
        if !startsEmpty {
            members += try Row.fetchAll(
                db,
                sql: """
                    SELECT \(memberColumns) FROM scan WHERE folder = ? AND base = ? AND arrived = 0
                    AND left_out IS NULL AND sheet_id IS NOT NULL AND missing < 2
                    """, arguments: [group.folder, group.base]
            ).map(member)
            members.sort { ($0.firstSeen, $0.id) < ($1.firstSeen, $1.id) }
        }
        return try grouping.settle(members, folder: .stored(group.folder), base: Array(group.base))
    }
}
