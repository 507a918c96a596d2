import DAV
import Foundation
import GRDB

/// The sixth version of the state: preparations of one sheet, and the marks of sides that came later.
extension StateSchema {
    /// Adds them.
    /// - Throws: `DatabaseError`.
    static func addVariants(_ db: Database) throws {
        try db.execute(sql: variants)
        try takeLaterMarks(db)
    }

    private static let variants = """
        -- The folder with the names of nextcloud.variants in it masked: what the preparations of one sheet have in
        -- common beside their name. The folder itself where there are none.
        ALTER TABLE scan ADD COLUMN family BLOB NOT NULL DEFAULT x'';
        -- The sheet that is read in this scan's place, as another preparation of it; then it has no sheet_id.
        ALTER TABLE scan ADD COLUMN variant_of INTEGER REFERENCES sheet(id);
        -- The sheet that it was read as before, or for which results lie in its place.
        ALTER TABLE scan ADD COLUMN own_sheet INTEGER REFERENCES sheet(id);
        -- Set where a person asks to have it read with its other side, although each was read alone.
        ALTER TABLE scan ADD COLUMN rejoins INTEGER NOT NULL DEFAULT 0;
        UPDATE scan SET family = folder;
        DROP INDEX scan_arrived;
        CREATE INDEX scan_arrived ON scan (family, base) WHERE arrived = 1;
        CREATE INDEX scan_family ON scan (family, base) WHERE family <> folder;
        CREATE INDEX scan_variant ON scan (variant_of) WHERE variant_of IS NOT NULL;
        CREATE INDEX scan_own ON scan (own_sheet) WHERE own_sheet IS NOT NULL;
        -- The sheet of which it is another preparation: it has readings from before, and none is asked for.
        ALTER TABLE sheet ADD COLUMN variant_of INTEGER REFERENCES sheet(id);
        CREATE INDEX sheet_variant ON sheet (variant_of) WHERE variant_of IS NOT NULL;
        -- For status, which counts them: few of very many.
        CREATE INDEX publication_deleted ON publication (job_id) WHERE state = 'deleted';
        """

    /// Scans without an answer are paired by the marks that came later; what was read alone stays so.
    private static func takeLaterMarks(_ db: Database) throws {
        let unread = try db.rows(
            """
            SELECT id, base FROM scan WHERE side IS NULL AND \(ScanTable.hasLaterMark) AND NOT EXISTS
            (SELECT 1 FROM job WHERE job.sheet_id = scan.sheet_id AND (answer_id IS NOT NULL OR EXISTS
                (SELECT 1 FROM publication WHERE publication.job_id = job.id)))
            """)
        for row in unread {
            let name = PageName(stem: row["base"] as Data)
            try db.execute(
                sql: """
                    UPDATE scan SET base = ?, side = ?,
                        arrived = CASE WHEN missing = 0 AND left_out IS NULL THEN 1 ELSE arrived END WHERE id = ?
                    """, arguments: [Data(name.base), name.side?.rawValue, row["id"] as Int64])
        }
    }
}
