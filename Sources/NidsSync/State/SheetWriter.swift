import DAV
import Foundation
import GRDB
import Transcriber

/// What happens to sheets and their jobs, within one transaction.
struct SheetWriter {
    let db: Database

    init(_ db: Database) { self.db = db }

    /// The content of a sheet may have changed: each of its jobs looks at it again.
    func reopen(_ sheet: Int64) throws {
        try db.cachedStatement(
            sql: """
                UPDATE job SET stage = 'new', revision = revision + 1, turn = 0, starts = 0, attempts = 0,
                    next_attempt = NULL, failure = NULL, alone = 0
                WHERE sheet_id = ?
                """
        ).execute(arguments: [sheet])
    }

    /// Makes a sheet under the best name that is free.
    func make(for path: RemotePath, stems: [[UInt8]], holdUntil: Date?) throws -> Int64 {
        let statement = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO sheet (folder, result_stem, contested, hold_until) VALUES (?, ?, ?, ?)")
        let folder = path.parent ?? .root
        for rank in 0..<Self.mostNames {
            let stem = Self.name(rank, stems, path)
            try statement.execute(arguments: [
                folder.blob, Data(stem), rank > 0, holdUntil?.timeIntervalSince1970,
            ])
            if db.changesCount > 0 { return db.lastInsertedRowID }
        }
        throw DatabaseError(message: "no free result name in \(folder)")
    }

    /// Gives a sheet a job for each model, to be read with the prompt that its path asks for.
    func makeJobs(_ sheet: Int64, path: RemotePath, models: [String]) throws {
        let kind = PromptKindRule.kind(of: path)
        let statement = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO job (sheet_id, model, stage, prompt_kind) VALUES (?, ?, 'new', ?)")
        for model in models { try statement.execute(arguments: [sheet, model, kind.rawValue]) }
    }

    /// Names a sheet after the place of a scan, unless it has a name of that place already.
    func rename(_ sheet: Int64, to path: RemotePath, stems: [[UInt8]]) throws {
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT folder, result_stem FROM sheet WHERE id = ?", arguments: [sheet])
        else { return }
        let stem: Data = row["result_stem"]
        let folder = path.parent ?? .root
        let isItsOwn = stems.contains(Array(stem)) || stem == Data(ResultNames.furtherStem(0, for: path))
        if RemotePath.stored(row["folder"]) == folder, isItsOwn { return }
        for rank in 0..<Self.mostNames {
            let stem = Self.name(rank, stems, path)
            try db.execute(
                sql: "UPDATE OR IGNORE sheet SET folder = ?, result_stem = ?, contested = ? WHERE id = ?",
                arguments: [folder.blob, Data(stem), rank > 0, sheet])
            if db.changesCount > 0 { return }
        }
    }

    /// Its scans lie elsewhere now: results and rows follow. It is asked again only where the prompt is another.
    func follow(_ sheet: Int64, to path: RemotePath) throws {
        let kind = PromptKindRule.kind(of: path).rawValue
        try db.execute(
            sql: """
                UPDATE job SET revision = revision + 1, published = 0, recorded = 0, attempts = 0, next_attempt = NULL,
                    stage = CASE
                        WHEN stage = 'failed' THEN stage
                        WHEN stage IN ('new', 'adopting', 'asking', 'batched') THEN 'new'
                        WHEN prompt_kind <> :kind THEN 'new'
                        WHEN answer_id IS NOT NULL OR EXISTS (SELECT 1 FROM publication WHERE job_id = job.id)
                            THEN 'answered'
                        ELSE 'new' END,
                    prompt_kind = :kind
                WHERE sheet_id = :sheet
                """, arguments: ["kind": kind, "sheet": sheet])
        // A scan may have been replaced and moved at once: what is not known to be the content is looked at.
        let isKnown = try Bool.fetchOne(
            db,
            sql: """
                SELECT NOT EXISTS (SELECT 1 FROM scan WHERE sheet_id = ? AND missing < 2 AND left_out IS NULL
                AND (etag IS NULL OR hashed_etag IS NULL OR etag <> hashed_etag))
                """, arguments: [sheet])
        if isKnown != true { try reopen(sheet) }
    }

    /// Nothing of a sheet is there any more: its rows are withdrawn, everything else is kept.
    func retire(_ sheet: Int64) throws {
        try db.execute(
            sql: """
                UPDATE job SET revision = revision + 1, recorded = 0, attempts = 0, next_attempt = NULL, failure = NULL,
                    stage = CASE WHEN (SELECT recorded_path FROM sheet WHERE sheet.id = job.sheet_id) IS NULL
                        THEN 'withdrawn' ELSE 'withdrawing' END
                WHERE sheet_id = ? AND stage NOT IN ('withdrawing', 'withdrawn')
                """, arguments: [sheet])
    }

    /// Whether a model has read the sheet as it is, or somebody else has.
    func isAnswered(_ sheet: Int64) throws -> Bool {
        try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (SELECT 1 FROM job WHERE sheet_id = ? AND (answer_id IS NOT NULL OR EXISTS
                (SELECT 1 FROM publication WHERE publication.job_id = job.id)))
                """, arguments: [sheet]) ?? false
    }

    /// Whether scans other than these belong to the sheet.
    func hasPages(_ sheet: Int64, besides scans: [Int64]) throws -> Bool {
        let pages = try Int64.fetchAll(
            db, sql: "SELECT id FROM scan WHERE sheet_id = ? AND missing < 2", arguments: [sheet])
        return pages.contains { !scans.contains($0) }
    }

    private static let mostNames = 1000

    private static func name(_ rank: Int, _ stems: [[UInt8]], _ path: RemotePath) -> [UInt8] {
        rank < stems.count ? stems[rank] : ResultNames.furtherStem(rank - stems.count, for: path)
    }
}
