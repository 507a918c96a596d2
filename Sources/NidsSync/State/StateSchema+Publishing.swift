import GRDB

extension StateSchema {
    /// Adds the modification times that our files were last sent with.
    /// - Throws: `DatabaseError`.
    static func addModificationTimes(_ db: Database) throws {
        // In seconds since 1970: a file's place is never sent the same one twice.
        try db.execute(sql: "ALTER TABLE publication ADD COLUMN modified INTEGER")
    }
}
