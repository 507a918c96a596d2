import DAV
import Foundation
import GRDB

/// The sheets of paper: each has a name for its results, and one or two scans.
struct SheetTable {
    let db: Database

    /// Makes a sheet under a name, `nil` where another one has it.
    ///
    /// - Parameters:
    ///   - isContested: `true` where it is not the name that it would have had by itself.
    ///   - holdUntil: the time until which a lone side waits for its other one.
    func make(folder: RemotePath, stem: [UInt8], isContested: Bool, holdUntil: Date?) throws -> Int64? {
        let made = try db.change(
            """
            INSERT OR IGNORE INTO sheet (folder, result_stem, contested, hold_until)
            VALUES (\(folder), \(Data(stem)), \(isContested), \(holdUntil?.timeIntervalSince1970))
            """)
        return made > 0 ? db.lastInsertedRowID : nil
    }

    /// The folder and the stem of the name that a sheet's results have.
    func name(of sheet: Int64) throws -> (folder: RemotePath, stem: [UInt8])? {
        guard let row = try db.row("SELECT folder, result_stem FROM sheet WHERE id = \(sheet)") else { return nil }
        return (try row.known("folder"), Array(row["result_stem"] as Data))
    }

    /// Gives a sheet a name, unless another one has it.
    /// - Returns: `true` when it has the name now.
    func rename(_ sheet: Int64, folder: RemotePath, stem: [UInt8], isContested: Bool) throws -> Bool {
        try db.change(
            """
            UPDATE OR IGNORE sheet SET folder = \(folder), result_stem = \(Data(stem)), contested = \(isContested)
            WHERE id = \(sheet)
            """) > 0
    }

    /// Frees the name of a sheet all of whose scans have arrived elsewhere, for what lies at its place now.
    func freeName(of sheet: Int64) throws {
        try db.change(
            """
            UPDATE sheet SET result_stem = CAST('~moved-' || id AS BLOB) WHERE id = \(sheet) AND NOT EXISTS
            (SELECT 1 FROM scan WHERE sheet_id = sheet.id AND arrived = 0 AND missing < 2)
            """)
    }

    /// A lone side waits until that time for its other one, or no more.
    func hold(_ sheet: Int64, until date: Date?) throws {
        try db.change("UPDATE sheet SET hold_until = \(date?.timeIntervalSince1970) WHERE id = \(sheet)")
    }

    /// A sheet waits until that time, or longer where it does already.
    func holdAtLeast(_ sheet: Int64, until date: Date) throws {
        let date = date.timeIntervalSince1970
        try db.change("UPDATE sheet SET hold_until = max(coalesce(hold_until, 0), \(date)) WHERE id = \(sheet)")
    }

    /// The sheet's rows stand under that path of the database of observations, and no other sheet's do.
    func storeRecordedPath(_ sheet: Int64, _ path: RemotePath) throws {
        // A sheet that lost its place here would keep the next one from taking its rows along.
        try db.change("UPDATE sheet SET recorded_path = NULL WHERE recorded_path = \(path) AND id <> \(sheet)")
        try db.change("UPDATE sheet SET recorded_path = \(path) WHERE id = \(sheet)")
    }

    /// No sheet has rows in the database of observations.
    func forgetRecordedPaths() throws { try db.change("UPDATE sheet SET recorded_path = NULL") }

    /// `true` when another sheet has rows under that path.
    func isRecordedByOther(_ path: RemotePath, than sheet: Int64) throws -> Bool {
        try db.exists("SELECT 1 FROM sheet WHERE recorded_path = \(path) AND id <> \(sheet)")
    }

    /// `true` when another sheet's scan lies at that path: it may get rows there, or never, where it cannot be read.
    func hasOthersScan(_ path: RemotePath, than sheet: Int64) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM scan WHERE path = \(path) AND missing < 2 AND left_out IS NULL
            AND sheet_id IS NOT NULL AND sheet_id <> \(sheet)
            """)
    }

    /// The sheets whose plain name was taken and of which nothing is known to be published yet.
    func contested() throws -> [ContestedSheet] {
        try db.rows(
            """
            SELECT sheet.id, sheet.folder, min(scan.path) AS path, scan.file_id, job.model FROM sheet
            JOIN scan ON scan.sheet_id = sheet.id JOIN job ON job.sheet_id = sheet.id
            WHERE contested = 1 AND job.stage IN \(SheetJob.Stage.unanswered)
            AND NOT EXISTS (SELECT 1 FROM publication WHERE publication.job_id = job.id)
            GROUP BY sheet.id, job.model ORDER BY sheet.id
            """
        ).map { row in
            ContestedSheet(
                id: row["id"], folder: try row.known("folder"), path: try row.known("path"), fileID: row["file_id"],
                model: row["model"])
        }
    }

    /// The sheet other than this one that has a name under which nothing was published, and its first scan.
    func unpublishedHolder(
        of stem: [UInt8], in folder: RemotePath, besides sheet: Int64
    ) throws -> (id: Int64, path: RemotePath)? {
        let row = try db.row(
            """
            SELECT sheet.id, min(scan.path) AS path FROM sheet JOIN scan ON scan.sheet_id = sheet.id
            WHERE sheet.folder = \(folder) AND result_stem = \(Data(stem)) AND sheet.id <> \(sheet) AND NOT EXISTS
            (SELECT 1 FROM publication JOIN job ON job.id = publication.job_id WHERE job.sheet_id = sheet.id)
            GROUP BY sheet.id
            """)
        return try row.map { ($0["id"], try $0.known("path")) }
    }
}
