import DAV
import Foundation
import GRDB
import Transcriber

/// A recto and a verso that were each read alone, before the marks in their names were known.
struct SidesReadAlone: Sendable {
    /// The scans, recto first.
    var scans: [Int64]
    var sheets: [Int64]
    /// The name that both have in common.
    var base: [UInt8]
    private var path: RemotePath
    private var content: String

    /// The key of the answer for both.
    func key(model: String) -> AnswerKey {
        AnswerKey(content: content, model: model, promptKind: PromptKindRule.kind(of: path))
    }

    private struct Place: Hashable {
        var folder: RemotePath
        var base: [UInt8]
    }

    /// Those at some places, or everywhere: sides of which there is one each, and no scan of the sheet's name beside.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    static func all(_ places: [PlaceFilter], _ db: Database) throws -> [SidesReadAlone] {
        let isThere: SQL = places.isEmpty ? "1" : "(\(places.map(\.condition).joined(separator: " OR ")))"
        let rows = try db.rows(
            """
            SELECT id, sheet_id, path, sha256 FROM scan WHERE side IS NULL AND sheet_id IS NOT NULL AND left_out IS NULL
            AND missing = 0 AND \(ScanTable.hasLaterMark) AND \(isThere) ORDER BY path
            """)
        var groups: [Place: [(row: Row, path: RemotePath, side: PageName.Side)]] = [:]
        for row in rows {
            let path: RemotePath = try row.known("path")
            let name = PageName(stem: PageName.stem(of: path.name))
            guard let side = name.side else { continue }
            groups[Place(folder: path.parent ?? .root, base: name.base), default: []].append((row, path, side))
        }
        return try groups.compactMap { place, sides in
            guard sides.count == 2, let recto = sides.first(where: { $0.side == .recto }),
                let verso = sides.first(where: { $0.side == .verso }),
                try !db.exists(
                    """
                    SELECT 1 FROM scan WHERE folder = \(place.folder) AND base = \(Data(place.base)) AND missing < 2
                    AND left_out IS NULL
                    """)
            else { return nil }
            let digests = [recto, verso].map { $0.row["sha256"] as String? ?? $0.path.description }
            return SidesReadAlone(
                scans: [recto.row["id"], verso.row["id"]], sheets: [recto.row["sheet_id"], verso.row["sheet_id"]],
                base: place.base, path: recto.path, content: ContentDigest.sheet(pages: digests))
        }
    }
}

extension ScanTable {
    /// Two sides are read together from the next look on.
    func rejoin(_ pair: SidesReadAlone) throws {
        for (scan, side) in zip(pair.scans, [PageName.Side.recto, .verso]) {
            try db.change(
                """
                UPDATE scan SET base = \(Data(pair.base)), side = \(side), arrived = 1, rejoins = 1
                WHERE id = \(scan) AND side IS NULL AND missing = 0 AND left_out IS NULL
                """)
        }
    }
}
