import GRDB

/// The fifth version of the state: what a look has to remember of listings.
extension StateSchema {
    /// Adds it.
    /// - Throws: `DatabaseError`.
    static func addLooking(_ db: Database) throws { try db.execute(sql: looking) }

    private static let looking = """
        -- Complete looks in a row at whose end the scan was nowhere; the column "missing" counts what single listings
        -- lacked, and only makes the scan wait.
        ALTER TABLE scan ADD COLUMN lost_looks INTEGER NOT NULL DEFAULT 0;
        -- By our clock: until then another write may leave the same ETag, so that the content is not read yet.
        ALTER TABLE scan ADD COLUMN settles_at REAL;
        CREATE INDEX scan_settles ON scan (settles_at) WHERE settles_at IS NOT NULL;
        ALTER TABLE result_file ADD COLUMN length INTEGER;
        ALTER TABLE result_file ADD COLUMN file_id TEXT;
        -- The digest of the content when it was last read after a change.
        ALTER TABLE result_file ADD COLUMN digest TEXT;
        -- Set where the length changed under the same ETag.
        ALTER TABLE result_file ADD COLUMN resized INTEGER NOT NULL DEFAULT 0;
        -- By our clock: when a file that was read within two seconds of its last modification is looked at again.
        ALTER TABLE result_file ADD COLUMN look_again REAL;
        CREATE INDEX result_file_look_again ON result_file (look_again) WHERE look_again IS NOT NULL;
        -- Since when a job has the reason for which it waits or failed, in seconds since 1970.
        ALTER TABLE job ADD COLUMN since REAL;
        CREATE TRIGGER job_since AFTER UPDATE OF failure ON job WHEN (NEW.failure IS NULL) <> (NEW.since IS NULL)
        BEGIN
            UPDATE job SET since = CASE WHEN NEW.failure IS NULL THEN NULL
                ELSE (julianday('now') - 2440587.5) * 86400.0 END WHERE id = NEW.id;
        END;
        """
}
