import GRDB

/// The state's tables. Paths are blobs: the server's bytes, which SQLite compares as they are.
enum StateSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: discovery, sheets, answers, publications") { db in
            try db.execute(sql: discovery)
            try db.execute(sql: sheets)
            try db.execute(sql: answers)
            try db.execute(sql: jobs)
        }
        return migrator
    }

    private static let discovery = """
        CREATE TABLE memory (
            key TEXT PRIMARY KEY NOT NULL,
            value TEXT NOT NULL
        );
        -- A collection's tag is stored only once everything below it has been stored.
        CREATE TABLE collection (
            path BLOB PRIMARY KEY NOT NULL,
            parent BLOB NOT NULL,
            etag TEXT,
            file_id TEXT
        ) WITHOUT ROWID;
        CREATE INDEX collection_parent ON collection (parent);
        -- What lies in transcription_results/, ours or not.
        CREATE TABLE result_file (
            path BLOB PRIMARY KEY NOT NULL,
            folder BLOB NOT NULL,
            etag TEXT
        ) WITHOUT ROWID;
        CREATE INDEX result_file_folder ON result_file (folder);
        """

    private static let sheets = """
        -- One sheet of paper; its results are called after result_stem.
        CREATE TABLE sheet (
            id INTEGER PRIMARY KEY,
            folder BLOB NOT NULL,
            result_stem BLOB NOT NULL,
            -- Whether the name it would have had was taken by another sheet.
            contested INTEGER NOT NULL DEFAULT 0,
            UNIQUE (folder, result_stem)
        );
        CREATE TABLE scan (
            id INTEGER PRIMARY KEY,
            sheet_id INTEGER NOT NULL REFERENCES sheet(id),
            path BLOB NOT NULL UNIQUE,
            folder BLOB NOT NULL,
            file_id TEXT,
            etag TEXT,
            length INTEGER,
            first_seen REAL NOT NULL,
            -- The content, and the tag under which it was hashed.
            sha256 TEXT,
            hashed_etag TEXT,
            -- Why it is left out, in words; NULL for a scan that is worked on.
            left_out TEXT,
            -- Complete views of its folder, in a row, that lacked it.
            missing INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX scan_sheet ON scan (sheet_id);
        CREATE INDEX scan_folder ON scan (folder);
        """

    private static let answers = """
        CREATE TABLE answer (
            id INTEGER PRIMARY KEY,
            content TEXT NOT NULL,
            model TEXT NOT NULL,
            prompt_kind TEXT NOT NULL,
            prompt_version INTEGER NOT NULL,
            provider_model TEXT NOT NULL,
            text TEXT NOT NULL,
            input_tokens INTEGER,
            output_tokens INTEGER,
            thinking_tokens INTEGER,
            asked_at REAL NOT NULL,
            received_at REAL NOT NULL,
            UNIQUE (content, model, prompt_kind)
        );
        -- Every request to a model, recorded before it is sent; ended_at is NULL while nothing came back.
        CREATE TABLE model_request (
            id INTEGER PRIMARY KEY,
            content TEXT NOT NULL,
            model TEXT NOT NULL,
            prompt_kind TEXT NOT NULL,
            started_at REAL NOT NULL,
            ended_at REAL,
            outcome TEXT
        );
        CREATE INDEX model_request_content ON model_request (content, model, prompt_kind);
        """

    private static let jobs = """
        -- One sheet read by one model.
        CREATE TABLE job (
            id INTEGER PRIMARY KEY,
            sheet_id INTEGER NOT NULL REFERENCES sheet(id),
            model TEXT NOT NULL,
            stage TEXT NOT NULL,
            content TEXT,
            prompt_kind TEXT NOT NULL,
            answer_id INTEGER REFERENCES answer(id),
            recorded INTEGER NOT NULL DEFAULT 0,
            starts INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            next_attempt REAL,
            failure TEXT,
            UNIQUE (sheet_id, model)
        );
        CREATE INDEX job_stage ON job (stage, next_attempt);
        -- One file of ours in Nextcloud. The digest of what is sent is stored before it is sent.
        CREATE TABLE publication (
            path BLOB PRIMARY KEY NOT NULL,
            folder BLOB NOT NULL,
            job_id INTEGER NOT NULL REFERENCES job(id),
            state TEXT NOT NULL,
            etag TEXT,
            sending TEXT,
            published TEXT,
            -- Whether it is the result itself, and not a raw answer.
            is_result INTEGER NOT NULL DEFAULT 1
        ) WITHOUT ROWID;
        CREATE INDEX publication_job ON publication (job_id);
        CREATE INDEX publication_folder ON publication (folder);
        """
}
