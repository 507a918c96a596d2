import DAV
import Foundation
import GRDB

extension StateStore {
    /// The sheets whose plain name was taken and of which nothing is known to be published yet.
    func contestedSheets() async throws -> [ContestedSheet] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT sheet.id, sheet.folder, min(scan.path) AS path, scan.file_id, job.model FROM sheet
                    JOIN scan ON scan.sheet_id = sheet.id JOIN job ON job.sheet_id = sheet.id
                    WHERE contested = 1 AND job.stage IN ('new', 'adopting', 'asking')
                    AND NOT EXISTS (SELECT 1 FROM publication WHERE publication.job_id = job.id)
                    GROUP BY sheet.id, job.model ORDER BY sheet.id
                    """
            ).map { row in
                ContestedSheet(
                    id: row["id"], folder: .stored(row["folder"]), path: .stored(row["path"]), fileID: row["file_id"],
                    model: row["model"])
            }
        }
    }

    /// Gives a sheet the plain name, and its own to the sheet that has it, unless that one has published under it.
    func exchangeNames(_ sheet: ContestedSheet, plain: [UInt8]) async throws {
        try await database.write { db in
            let holder = try Int64.fetchOne(
                db,
                sql: """
                    SELECT id FROM sheet WHERE folder = ? AND result_stem = ? AND id <> ? AND NOT EXISTS
                    (SELECT 1 FROM publication JOIN job ON job.id = publication.job_id WHERE job.sheet_id = sheet.id)
                    """, arguments: [sheet.folder.blob, Data(plain), sheet.id])
            guard let holder,
                let path = try Data.fetchOne(
                    db, sql: "SELECT min(path) FROM scan WHERE sheet_id = ?", arguments: [holder])
            else { return }
            // The holder takes the best name left to it, as if it had come second.
            let own = RemotePath.stored(path)
            for fallback in ResultNames.stems(for: own).dropFirst() + [ResultNames.furtherStem(0, for: own)] {
                try db.execute(
                    sql: "UPDATE OR IGNORE sheet SET result_stem = ?, contested = 1 WHERE id = ?",
                    arguments: [Data(fallback), holder])
                guard db.changesCount > 0 else { continue }
                try db.execute(
                    sql: "UPDATE sheet SET result_stem = ?, contested = 0 WHERE id = ?",
                    arguments: [Data(plain), sheet.id])
                for id in [holder, sheet.id] { try SheetWriter(db).reopen(id) }
                return
            }
        }
    }
}
