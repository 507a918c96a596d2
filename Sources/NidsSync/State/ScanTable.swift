import DAV
import Foundation
import GRDB

/// The places where scans lie or lay. What is known of a scan moves with its file id from row to row.
struct ScanTable {
    let db: Database

    /// The pages of a sheet that are there and worked on, recto first.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func pages(of sheet: Int64) throws -> [SheetJob.Page] {
        try db.rows(
            """
            SELECT id, path, file_id, etag, length, sha256, hashed_etag FROM scan
            WHERE sheet_id = \(sheet) AND missing < 2 AND left_out IS NULL ORDER BY side, path
            """
        ).map { row in
            let etag: String? = row["etag"]
            let isCurrent = etag != nil && etag == row["hashed_etag"] as String?
            return SheetJob.Page(
                scanID: row["id"], path: try row.known("path"), fileID: row["file_id"], etag: etag,
                length: row["length"], sha256: isCurrent ? row["sha256"] : nil)
        }
    }

    /// `true` when scans other than these belong to the sheet.
    func hasPages(_ sheet: Int64, besides scans: [Int64]) throws -> Bool {
        let pages: [Int64] = try db.values("SELECT id FROM scan WHERE sheet_id = \(sheet) AND missing < 2")
        return pages.contains { !scans.contains($0) }
    }

    /// `true` when the content of each page of a sheet was taken under its present ETag.
    func isContentKnown(of sheet: Int64) throws -> Bool {
        try !db.exists(
            """
            SELECT 1 FROM scan WHERE sheet_id = \(sheet) AND missing < 2 AND left_out IS NULL
            AND (etag IS NULL OR hashed_etag IS NULL OR etag <> hashed_etag)
            """)
    }

    /// The content of a sheet's scans when they were last read, `nil` where one never was.
    func lastContent(of sheet: Int64) throws -> String? {
        let rows = try db.rows(
            """
            SELECT sha256 FROM scan WHERE sheet_id = \(sheet) AND missing < 2 AND left_out IS NULL ORDER BY side, path
            """)
        let known = rows.compactMap { $0["sha256"] as String? }
        return known.isEmpty || known.count < rows.count ? nil : ContentDigest.sheet(pages: known)
    }

    /// Stores a page's content digest, with the ETag under which it was taken.
    func storeDigest(_ page: SheetJob.Page, sha256: String) throws {
        try db.change(
            """
            UPDATE scan SET sha256 = \(sha256), hashed_etag = \(page.etag)
            WHERE id = \(page.scanID) AND path = \(page.path)
            """)
    }

    /// `true` when all these scans are stored, under these ETags.
    func knows(_ scans: [FoundScan]) throws -> Bool {
        try scans.allSatisfy { scan in
            guard let etag = scan.resource.etag?.value else { return false }
            return try db.exists(
                "SELECT 1 FROM scan WHERE path = \(scan.resource.path) AND missing = 0 AND etag = \(etag)")
        }
    }

    /// The number of scans that the last listing of a collection showed directly in it.
    func count(in folder: RemotePath) throws -> Int {
        try db.value("SELECT count(*) FROM scan WHERE folder = \(folder) AND missing = 0") ?? 0
    }

    /// `true` when a scan that is worked on lies at a place, or below.
    func exists(at place: PlaceFilter) throws -> Bool {
        try db.exists("SELECT 1 FROM scan WHERE missing < 2 AND left_out IS NULL AND \(place.condition)")
    }

    /// The reason why a scan among the results is left out.
    static var amongResults: String { "inside \(ResultNames.folder), where the results belong" }

    /// The number of scans that are left out, by reason.
    func leftOutCounts() throws -> [(reason: String, count: Int)] {
        try db.rows(
            """
            SELECT left_out, count(*) AS n FROM scan WHERE left_out IS NOT NULL AND missing = 0
            GROUP BY left_out ORDER BY left_out
            """
        ).map { ($0["left_out"], $0["n"]) }
    }

    /// The scans that are left out, each with the reason: of one reason no more than so many, those found first.
    func leftOut(limit: Int) throws -> [PairingNote] {
        var scans: [PairingNote] = []
        try forEachLeftOut(limit: limit) { scans.append($0) }
        return scans
    }

    /// Hands them out one by one, reason by reason.
    func forEachLeftOut(limit: Int = .max, _ body: (PairingNote) throws -> Void) throws {
        for (reason, _) in try leftOutCounts() {
            try db.forEach(
                """
                SELECT path FROM (SELECT id, path FROM scan WHERE left_out = \(reason) AND missing = 0
                ORDER BY id LIMIT \(limit)) ORDER BY path
                """
            ) { try body(PairingNote(path: try $0.known("path"), note: reason)) }
        }
    }

    /// A scan that is not paired or not worked on, and why.
    struct PairingNote: Sendable {
        var path: RemotePath
        var note: String
    }

    /// The first scans that are not paired, each with the reason.
    func pairingNotes(limit: Int) throws -> [PairingNote] {
        var notes: [PairingNote] = []
        try forEachPairingNote(limit: limit) { notes.append($0) }
        return notes
    }

    /// Hands them out one by one.
    func forEachPairingNote(limit: Int = .max, _ body: (PairingNote) throws -> Void) throws {
        try db.forEach(
            """
            SELECT path, coalesce(note, 'left out: ' || left_out) AS note FROM scan WHERE \(Self.isNoted)
            ORDER BY path LIMIT \(limit)
            """
        ) { try body(PairingNote(path: try $0.known("path"), note: $0["note"])) }
    }

    /// The number of all of them.
    func pairingNoteCount() throws -> Int { try db.value("SELECT count(*) FROM scan WHERE \(Self.isNoted)") ?? 0 }

    /// By way of the two indexes, which hold few of all scans.
    private static var isNoted: SQL {
        """
        missing = 0 AND id IN (SELECT id FROM scan WHERE note IS NOT NULL
            UNION SELECT id FROM scan WHERE left_out IS NOT NULL AND left_out = \(amongResults))
        """
    }
}
