import DAV
import Foundation
import GRDB

/// Stores scans as listings name them, within one transaction.
struct ScanWriter {
    private let db: Database
    private let look: Look
    private let select: Statement
    private let insert: Statement
    private let update: Statement

    init(_ db: Database, _ look: Look) throws {
        self.db = db
        self.look = look
        select = try db.cachedStatement(
            sql: "SELECT id, sheet_id, file_id, etag, left_out, missing FROM scan WHERE path = ?")
        insert = try db.cachedStatement(
            sql: """
                INSERT INTO scan (path, folder, base, side, file_id, etag, length, first_seen, left_out)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (path) DO NOTHING
                """)
        update = try db.cachedStatement(
            sql: """
                UPDATE scan SET file_id = ?, etag = ?, length = ?, left_out = ?, missing = 0, arrived = max(arrived, ?),
                    previous_file_id = CASE WHEN ? THEN file_id ELSE previous_file_id END
                WHERE id = ?
                """)
    }

    /// Stores a scan: a new one waits for its sheet until the look's end, a changed one is looked at again.
    func take(_ scan: FoundScan) throws {
        if !look.startsEmpty, let row = try Row.fetchOne(select, arguments: [scan.resource.path.blob]) {
            try take(scan, known: Known(row))
        } else {
            try add(scan)
        }
    }

    private func add(_ scan: FoundScan) throws {
        let resource = scan.resource
        let folder = resource.path.parent ?? .root
        try insert.execute(arguments: [
            resource.path.blob, folder.blob, Data(scan.name.base), scan.name.side?.rawValue, resource.fileID,
            resource.etag?.value, resource.length, look.began.timeIntervalSince1970, scan.leftOut,
        ])
        look.see(db.lastInsertedRowID)
        look.noteChange(in: folder)
    }

    private func take(_ scan: FoundScan, known: Known) throws {
        look.see(known.id)
        let tag = scan.resource.etag?.value
        let hasNewTag = tag == nil || tag != known.etag
        if !hasNewTag, known.missing == 0, known.leftOut == scan.leftOut, known.fileID == scan.resource.fileID {
            return
        }
        // A file of another id took this one's place: whether the first one lies elsewhere shows at the look's end.
        let isAnother = known.fileID != nil && scan.resource.fileID != nil && known.fileID != scan.resource.fileID
        let needsSheet = scan.leftOut == nil && (known.sheet == nil || known.leftOut != nil)
        try update.execute(arguments: [
            scan.resource.fileID, tag, scan.resource.length, scan.leftOut, isAnother || needsSheet ? 1 : 0, isAnother,
            known.id,
        ])
        if known.missing > 0 || (tag != nil && known.etag != nil && tag != known.etag) {
            look.noteChange(in: scan.resource.path.parent ?? .root)
        }
        guard scan.leftOut == nil, !isAnother, let sheet = known.sheet else { return }
        if hasNewTag || known.leftOut != nil || known.missing > 1 { try SheetWriter(db).reopen(sheet) }
    }

    private struct Known {
        var id: Int64
        var sheet: Int64?
        var fileID: String?
        var etag: String?
        var leftOut: String?
        var missing: Int

        init(_ row: Row) {
            id = row[0]
            sheet = row[1]
            fileID = row[2]
            etag = row[3]
            leftOut = row[4]
            missing = row[5]
        }
    }
}
