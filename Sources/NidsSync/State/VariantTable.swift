import DAV
import Foundation
import GRDB
import Transcriber

/// The sheets of which several preparations lie in Nextcloud: one is read, the others stand by.
struct VariantTable {
    let db: Database

    /// A scan that stands by.
    struct Variant: Sendable {
        var path: RemotePath
        /// The scan that is read in its place, recto first.
        var readPath: RemotePath
    }

    /// The scans that stand by because of these sheets are told anew whose they are.
    func release(_ sheets: Set<Int64>) throws {
        for sheet in sheets {
            try db.change(
                """
                UPDATE scan SET arrived = 1 WHERE variant_of = \(sheet) AND missing = 0 AND left_out IS NULL
                """)
        }
    }

    /// A sheet has readings, and another preparation of it is read; or it is read itself.
    func setVariant(_ sheet: Int64, of other: Int64?) throws {
        try db.change("UPDATE sheet SET variant_of = \(other) WHERE id = \(sheet) AND variant_of IS NOT \(other)")
    }

    /// Another preparation of a sheet is read from now on: what was read so far is that one's, published and recorded,
    /// but for models that have a reading of it already.
    func handOver(from old: Int64, to new: Int64) throws {
        for row in try db.rows("SELECT id, model FROM job WHERE sheet_id = \(old)") {
            let (id, model): (Int64, String) = (row["id"], row["model"])
            guard try Self.isRead("id = \(id)", db), try !Self.isRead("sheet_id = \(new) AND model = \(model)", db)
            else { continue }
            try db.change("DELETE FROM job WHERE sheet_id = \(new) AND model = \(model)")
            try db.change("UPDATE job SET sheet_id = \(new) WHERE id = \(id)")
        }
        try db.change(
            """
            UPDATE sheet SET recorded_path = (SELECT recorded_path FROM sheet WHERE id = \(old))
            WHERE id = \(new) AND recorded_path IS NULL
            """)
        try db.change(
            """
            UPDATE sheet SET recorded_path = NULL WHERE id = \(old)
            AND recorded_path = (SELECT recorded_path FROM sheet WHERE id = \(new))
            """)
        try leave(old, comesBack: true)
        try setVariant(old, of: new)
    }

    /// Scans that are gone or left out belong to a sheet no more: another preparation of it is read.
    ///
    /// - Parameter comesBack: `true` where they are to be that sheet again when they are back.
    func leave(_ sheet: Int64, comesBack: Bool) throws {
        try db.change(
            """
            UPDATE scan SET sheet_id = NULL, own_sheet = CASE WHEN \(comesBack) THEN \(sheet) ELSE own_sheet END
            WHERE sheet_id = \(sheet) AND (missing >= 2 OR left_out IS NOT NULL)
            """)
    }

    private static func isRead(_ job: SQL, _ db: Database) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM job WHERE \(job) AND (answer_id IS NOT NULL OR EXISTS
            (SELECT 1 FROM publication WHERE publication.job_id = job.id))
            """)
    }

    /// `true` where a person wrote or edited the result of one of a sheet's models.
    func hasTheirs(_ sheet: Int64) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM publication JOIN job ON job.id = publication.job_id WHERE job.sheet_id = \(sheet)
            AND is_result AND state = \(Publication.State.theirs)
            """)
    }

    /// `true` where a person wrote, edited or deleted the result of one of a sheet's models.
    func isPersons(_ sheet: Int64) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM publication JOIN job ON job.id = publication.job_id WHERE job.sheet_id = \(sheet)
            AND is_result AND state IN \([Publication.State.theirs, .deleted])
            """)
    }

    /// The path under which the rows belong of a sheet that another preparation is read of, `nil` for any other.
    func recordedPath(insteadOf sheet: Int64) throws -> RemotePath? {
        try db.row(
            """
            SELECT coalesce((SELECT path FROM scan WHERE scan.sheet_id = other.id AND missing < 2 AND left_out IS NULL
                ORDER BY side, path LIMIT 1), other.recorded_path) AS path
            FROM sheet JOIN sheet AS other ON other.id = sheet.variant_of WHERE sheet.id = \(sheet)
            """)?.knownIfPresent("path")
    }

    /// A sheet's rows stand under another one's path.
    func forgetRecordedPath(_ sheet: Int64) throws {
        try db.change("UPDATE sheet SET recorded_path = NULL WHERE id = \(sheet)")
    }

    /// Jobs of preparations that stand by, at whose places results lie that nobody has read. New jobs are few, other
    /// preparations may be many: the index of those is of no use.
    func unread() throws -> [Int64] {
        try db.values(
            """
            SELECT job.id FROM job JOIN sheet ON sheet.id = job.sheet_id
            WHERE job.stage = \(SheetJob.Stage.new) AND +sheet.variant_of IS NOT NULL ORDER BY job.id
            """)
    }

    /// The results that may lie there of the sheet which is read in another's place, as long as nobody has looked.
    func unreadResults(insteadOf sheet: Int64) throws -> [RemotePath] {
        let ids: [Int64] = try db.values(
            """
            SELECT job.id FROM sheet JOIN job ON job.sheet_id = sheet.variant_of WHERE sheet.id = \(sheet)
            AND NOT EXISTS (SELECT 1 FROM publication WHERE publication.job_id = job.id)
            """)
        return try ids.compactMap { try JobTable(db: db).job($0)?.resultPath }
            .filter { try ResultFileTable(db: db).exists($0) }
    }

    /// The scans of the preparations that a sheet which stands by is one of.
    func members(beside sheet: Int64) throws -> [ScanTable.Member] {
        let row = try db.row(
            "SELECT family, base FROM scan WHERE own_sheet = \(sheet) AND variant_of IS NOT NULL LIMIT 1")
        guard let row else { return [] }
        return try ScanTable(db: db).residents(family: row["family"], base: row["base"])
    }

    /// The number of scans that stand by.
    func count() throws -> Int { try db.value("SELECT count(*) FROM scan WHERE \(Self.standsBy)") ?? 0 }

    /// Hands out the scans that stand by, by path.
    func forEach(limit: Int = .max, _ body: (Variant) throws -> Void) throws {
        try db.forEach(
            """
            SELECT path, coalesce((SELECT path FROM scan AS read WHERE read.sheet_id = scan.variant_of
                AND read.missing < 2 AND read.left_out IS NULL ORDER BY read.side, read.path LIMIT 1), path) AS read_path
            FROM scan WHERE \(Self.standsBy) ORDER BY path LIMIT \(limit)
            """
        ) { try body(Variant(path: try $0.known("path"), readPath: try $0.known("read_path"))) }
    }

    /// The first of them.
    func first(_ limit: Int) throws -> [Variant] {
        var variants: [Variant] = []
        try forEach(limit: limit) { variants.append($0) }
        return variants
    }

    /// A scan at a place, where all that lie there stand by.
    func standingBy(at place: PlaceFilter) throws -> Variant? {
        let isThere: SQL = "missing < 2 AND left_out IS NULL AND \(place.condition)"
        guard try !db.exists("SELECT 1 FROM scan WHERE variant_of IS NULL AND \(isThere)") else { return nil }
        let row = try db.row(
            """
            SELECT path, (SELECT path FROM scan AS read WHERE read.sheet_id = scan.variant_of AND read.missing < 2
                ORDER BY read.side, read.path LIMIT 1) AS read_path
            FROM scan WHERE variant_of IS NOT NULL AND \(isThere) ORDER BY path LIMIT 1
            """)
        guard let row, let read: RemotePath = try row.knownIfPresent("read_path") else { return nil }
        return Variant(path: try row.known("path"), readPath: read)
    }

    private static var standsBy: SQL { "variant_of IS NOT NULL AND missing < 2 AND left_out IS NULL" }

    /// Groups scans by other names of folders: those whose group becomes another one are settled by the next look.
    func regroup(_ variants: VariantFolders) throws {
        for folder: RemotePath in try db.paths("SELECT DISTINCT folder AS path FROM scan") {
            let family = Data(variants.family(of: folder))
            try db.change(
                """
                UPDATE scan SET family = \(family),
                    arrived = CASE WHEN missing = 0 AND left_out IS NULL THEN 1 ELSE arrived END
                WHERE folder = \(folder) AND family <> \(family)
                """)
        }
        // What stood by beside a scan that is of another group now.
        try db.change(
            """
            UPDATE scan SET arrived = 1 WHERE variant_of IS NOT NULL AND missing = 0 AND left_out IS NULL AND NOT EXISTS
                (SELECT 1 FROM scan AS read WHERE read.sheet_id = scan.variant_of AND read.family = scan.family)
            """)
    }
}
