import GRDB

/// The state's tables. Paths are blobs: the server's bytes, which SQLite compares as they are.
enum StateSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: places, sheets, answers, jobs, publications") { db in
            try db.execute(sql: places)
            try db.execute(sql: sheets)
            try db.execute(sql: answers)
            try db.execute(sql: jobs)
        }
        migrator.registerMigration("2: costs, batches, pauses") { db in
            try db.execute(sql: costs)
            try db.execute(sql: batches)
        }
        migrator.registerMigration("3: words that are checked") { db in
            for table in StateSchema.checkedTables { try rebuild(table, db) }
        }
        migrator.registerMigration("4: modification times of our files", migrate: addModificationTimes)
        migrator.registerMigration("5: looks") { db in try addLooking(db) }
        migrator.registerMigration("6: preparations, later marks", migrate: addVariants)
        return migrator
    }

    private static let places = """
        CREATE TABLE memory (
            key TEXT PRIMARY KEY NOT NULL,
            value TEXT NOT NULL
        );
        -- A collection's ETag is stored only once everything below it has been stored.
        CREATE TABLE collection (
            path BLOB PRIMARY KEY NOT NULL,
            parent BLOB NOT NULL,
            etag TEXT,
            file_id TEXT
        ) WITHOUT ROWID;
        CREATE INDEX collection_parent ON collection (parent);
        -- What lies in transcription_results/, ours or not; look numbers the look that last saw it.
        CREATE TABLE result_file (
            path BLOB PRIMARY KEY NOT NULL,
            folder BLOB NOT NULL,
            etag TEXT,
            look INTEGER NOT NULL
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
            -- Until when a lone side waits for its other one.
            hold_until REAL,
            -- The path under which its rows stand in the database of observations.
            recorded_path BLOB,
            UNIQUE (folder, result_stem)
        );
        CREATE INDEX sheet_contested ON sheet (contested) WHERE contested = 1;
        CREATE INDEX sheet_hold ON sheet (hold_until) WHERE hold_until IS NOT NULL;
        CREATE INDEX sheet_recorded ON sheet (recorded_path) WHERE recorded_path IS NOT NULL;
        -- A place where a scan lies or lay. What is known of the scan moves with its file id from row to row.
        CREATE TABLE scan (
            id INTEGER PRIMARY KEY,
            sheet_id INTEGER REFERENCES sheet(id),
            path BLOB NOT NULL UNIQUE,
            folder BLOB NOT NULL,
            -- The stem without the mark of a side, and the side: 1 recto, 2 verso.
            base BLOB NOT NULL,
            side INTEGER,
            file_id TEXT,
            -- The id of the file that lay here before another took its place; settled at the end of the look.
            previous_file_id TEXT,
            etag TEXT,
            length INTEGER,
            first_seen REAL NOT NULL,
            -- The content, and the ETag under which it was hashed.
            sha256 TEXT,
            hashed_etag TEXT,
            -- Why it is left out, in words; NULL for a scan that is worked on.
            left_out TEXT,
            -- Why it is not paired with another, in words.
            note TEXT,
            -- Complete views in a row that lacked it.
            missing INTEGER NOT NULL DEFAULT 0,
            -- Whether the look that found it has still to say which sheet it belongs to.
            arrived INTEGER NOT NULL DEFAULT 1
        );
        CREATE INDEX scan_sheet ON scan (sheet_id) WHERE sheet_id IS NOT NULL;
        CREATE INDEX scan_group ON scan (folder, base);
        CREATE INDEX scan_file_id ON scan (file_id) WHERE file_id IS NOT NULL;
        CREATE INDEX scan_previous ON scan (previous_file_id) WHERE previous_file_id IS NOT NULL;
        CREATE INDEX scan_missing ON scan (missing) WHERE missing > 0;
        CREATE INDEX scan_left_out ON scan (left_out) WHERE left_out IS NOT NULL;
        CREATE INDEX scan_note ON scan (note) WHERE note IS NOT NULL;
        CREATE INDEX scan_arrived ON scan (folder, base) WHERE arrived = 1;
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
        CREATE INDEX answer_received ON answer (received_at);
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
            UNIQUE (sheet_id, model)
        );
        CREATE INDEX job_queue ON job (stage, model, turn);
        CREATE INDEX job_next ON job (next_attempt) WHERE next_attempt IS NOT NULL;
        -- One file of ours in Nextcloud. The digest of what is sent is stored before it is sent, and so is the place
        -- that it is moved to.
        CREATE TABLE publication (
            path BLOB PRIMARY KEY NOT NULL,
            folder BLOB NOT NULL,
            job_id INTEGER NOT NULL REFERENCES job(id),
            state TEXT NOT NULL,
            etag TEXT,
            sending TEXT,
            published TEXT,
            moving_to BLOB,
            -- Whether it is the result itself, and not a raw answer.
            is_result INTEGER NOT NULL DEFAULT 1,
            -- Whether a listing showed it changed, and nobody has looked at it since.
            changed INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID;
        CREATE INDEX publication_changed ON publication (changed) WHERE changed = 1;
        CREATE INDEX publication_job ON publication (job_id);
        CREATE INDEX publication_folder ON publication (folder);
        """

    private static let costs = """
        ALTER TABLE model_request ADD COLUMN input_tokens INTEGER;
        ALTER TABLE model_request ADD COLUMN output_tokens INTEGER;
        ALTER TABLE model_request ADD COLUMN thinking_tokens INTEGER;
        -- In the currency of the prices, at the price of its day; NULL where it is not known, or nothing was billed.
        ALTER TABLE model_request ADD COLUMN cost REAL;
        -- A person asked for another try: it counts for what was paid, and not against the sheet any more.
        ALTER TABLE model_request ADD COLUMN forgiven INTEGER NOT NULL DEFAULT 0;
        DROP INDEX answer_received;
        CREATE INDEX model_request_ended ON model_request (ended_at);
        UPDATE model_request SET (input_tokens, output_tokens, thinking_tokens) =
            (SELECT input_tokens, output_tokens, thinking_tokens FROM answer
             WHERE answer.content = model_request.content AND answer.model = model_request.model
                AND answer.prompt_kind = model_request.prompt_kind)
            WHERE outcome = 'answered';
        -- Why a model rests, for those who ask; until then at least where the provider itself said so.
        CREATE TABLE model_pause (
            model TEXT PRIMARY KEY NOT NULL,
            reason TEXT NOT NULL,
            since REAL NOT NULL,
            until REAL,
            is_named INTEGER NOT NULL DEFAULT 0
        );
        """

    private static let batches = """
        -- Requests sent to a provider together; each is a row of model_request, whose id is its key there.
        CREATE TABLE batch (
            id INTEGER PRIMARY KEY,
            model TEXT NOT NULL,
            -- Ours, stored before anything is sent; the provider's own name is known once it has answered.
            display_name TEXT NOT NULL UNIQUE,
            name TEXT,
            -- gathering, sending, sent, done
            stage TEXT NOT NULL,
            made_at REAL NOT NULL,
            sent_at REAL,
            next_look REAL,
            looks INTEGER NOT NULL DEFAULT 0,
            -- Why it is not where it should be, in words.
            note TEXT,
            -- Whether it was sent by a state that is lost, so that what is in it shows when it is done.
            inherited INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX batch_stage ON batch (stage, model);
        ALTER TABLE model_request ADD COLUMN batch_id INTEGER REFERENCES batch(id);
        -- The prompt that a batch's request was sent with: a release may have another by the time its answer comes.
        ALTER TABLE model_request ADD COLUMN prompt_version INTEGER;
        CREATE INDEX model_request_batch ON model_request (batch_id) WHERE batch_id IS NOT NULL;
        -- Whether the answer was one of a batch.
        ALTER TABLE answer ADD COLUMN in_batch INTEGER NOT NULL DEFAULT 0;
        -- What an adopted result says of its reading beside the sheet: corrections and doubts, as JSON.
        ALTER TABLE answer ADD COLUMN remarks TEXT;
        -- Whether it is asked about by itself although others go by batch: its line of a batch failed.
        ALTER TABLE job ADD COLUMN alone INTEGER NOT NULL DEFAULT 0;
        -- The content whose answer a batch is to bring.
        ALTER TABLE job ADD COLUMN awaiting TEXT;
        CREATE INDEX job_awaiting ON job (awaiting) WHERE stage = 'batched';
        """
}
