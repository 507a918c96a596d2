import GRDB

/// The third version of the state: words that the code does not know cannot be stored.
extension StateSchema {
    /// A table that is made anew, since SQLite cannot add a check to one that is there.
    struct CheckedTable {
        var name: String
        var columns: [String]
        var definition: String
        var indexes: String
    }

    static let checkedTables = [job, publication, batch]

    /// Makes a table anew with its rows. Tables that refer to it go on doing so by its name.
    /// - Throws: `DatabaseError`, where a stored word is not known.
    static func rebuild(_ table: CheckedTable, _ db: Database) throws {
        let columns = table.columns.joined(separator: ", ")
        try db.execute(sql: "CREATE TABLE checked_\(table.name) \(table.definition)")
        try db.execute(sql: "INSERT INTO checked_\(table.name) (\(columns)) SELECT \(columns) FROM \(table.name)")
        try db.execute(sql: "DROP TABLE \(table.name)")
        try db.execute(sql: "ALTER TABLE checked_\(table.name) RENAME TO \(table.name)")
        try db.execute(sql: table.indexes)
    }

    private static func words<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> String {
        Word.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    }

    private static let job = CheckedTable(
        name: "job",
        columns: [
            "id", "sheet_id", "model", "stage", "revision", "content", "prompt_kind", "answer_id", "published",
            "recorded", "turn", "starts", "attempts", "next_attempt", "failure", "alone", "awaiting",
        ],
        definition: """
            (
                id INTEGER PRIMARY KEY,
                sheet_id INTEGER NOT NULL REFERENCES sheet(id),
                model TEXT NOT NULL,
                stage TEXT NOT NULL CHECK (stage IN (\(words(SheetJob.Stage.self)))),
                -- Counts what happened to the sheet; work begun before does not count any more.
                revision INTEGER NOT NULL DEFAULT 0,
                content TEXT,
                prompt_kind TEXT NOT NULL,
                answer_id INTEGER REFERENCES answer(id),
                published INTEGER NOT NULL DEFAULT 0,
                recorded INTEGER NOT NULL DEFAULT 0,
                -- Times it was taken up; those taken up before stand back.
                turn INTEGER NOT NULL DEFAULT 0,
                -- Starts in a row of local work that ended with the process's death.
                starts INTEGER NOT NULL DEFAULT 0,
                attempts INTEGER NOT NULL DEFAULT 0,
                next_attempt REAL,
                failure TEXT,
                -- Set where it is asked about by itself although others go by batch: its line of a batch failed.
                alone INTEGER NOT NULL DEFAULT 0,
                -- The content whose answer a batch is to bring.
                awaiting TEXT,
                UNIQUE (sheet_id, model)
            )
            """,
        indexes: """
            CREATE INDEX job_queue ON job (stage, model, turn);
            CREATE INDEX job_next ON job (next_attempt) WHERE next_attempt IS NOT NULL;
            CREATE INDEX job_awaiting ON job (awaiting) WHERE awaiting IS NOT NULL;
            """)

    private static let publication = CheckedTable(
        name: "publication",
        columns: [
            "path", "folder", "job_id", "state", "etag", "sending", "published", "moving_to", "is_result", "changed",
        ],
        definition: """
            (
                path BLOB PRIMARY KEY NOT NULL,
                folder BLOB NOT NULL,
                job_id INTEGER NOT NULL REFERENCES job(id),
                state TEXT NOT NULL CHECK (state IN (\(words(Publication.State.self)))),
                etag TEXT,
                sending TEXT,
                published TEXT,
                moving_to BLOB,
                -- Set for the result itself, not for a raw answer.
                is_result INTEGER NOT NULL DEFAULT 1,
                -- Set where a listing showed it changed, and nobody has looked at it since.
                changed INTEGER NOT NULL DEFAULT 0
            ) WITHOUT ROWID
            """,
        indexes: """
            CREATE INDEX publication_changed ON publication (changed) WHERE changed = 1;
            CREATE INDEX publication_job ON publication (job_id);
            CREATE INDEX publication_folder ON publication (folder);
            """)

    private static let batch = CheckedTable(
        name: "batch",
        columns: [
            "id", "model", "display_name", "name", "stage", "made_at", "sent_at", "next_look", "looks", "note",
            "inherited",
        ],
        definition: """
            (
                id INTEGER PRIMARY KEY,
                model TEXT NOT NULL,
                -- Ours, stored before anything is sent; the provider's own name is known once it has answered.
                display_name TEXT NOT NULL UNIQUE,
                name TEXT,
                stage TEXT NOT NULL CHECK (stage IN (\(words(BatchRecord.Stage.self)))),
                made_at REAL NOT NULL,
                sent_at REAL,
                next_look REAL,
                looks INTEGER NOT NULL DEFAULT 0,
                -- Why it is not where it should be, in words.
                note TEXT,
                -- Set where it was sent by a state that is lost, so that what is in it shows when it is done.
                inherited INTEGER NOT NULL DEFAULT 0
            )
            """,
        indexes: "CREATE INDEX batch_stage ON batch (stage, model);")
}
