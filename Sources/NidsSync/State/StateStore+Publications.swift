import DAV
import Foundation
import GRDB

extension StateStore {
    /// What is known of our file at that place.
    func publication(_ path: RemotePath) async throws -> Publication? {
        try await database.read { db in try Self.publication(path, db) }
    }

    /// What is known of all files of a job.
    func publications(of job: Int64) async throws -> [Publication] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM publication WHERE job_id = ? ORDER BY path", arguments: [job])
                .map(Self.publication)
        }
    }

    private static func publication(_ path: RemotePath, _ db: Database) throws -> Publication? {
        try Row.fetchOne(db, sql: "SELECT * FROM publication WHERE path = ?", arguments: [path.blob])
            .map(publication)
    }

    private static func publication(_ row: Row) -> Publication {
        Publication(
            path: .stored(row["path"]), jobID: row["job_id"],
            state: Publication.State(rawValue: row["state"]) ?? .theirs, etag: row["etag"], sending: row["sending"],
            published: row["published"], movingTo: (row["moving_to"] as Data?).map(RemotePath.stored))
    }

    /// Stores what is known of our file.
    func store(_ publication: Publication) async throws {
        try await database.write { db in try Self.store(publication, db) }
    }

    /// Stores what was found out of our file, unless something was done with it meanwhile.
    ///
    /// - Parameter isPersons: whether a person did it, so that it has to be recorded.
    func replace(_ before: Publication, with publication: Publication, isPersons: Bool) async throws {
        try await database.write { db in
            guard try Self.publication(before.path, db) == before else { return }
            try Self.store(publication, db)
            if isPersons, publication.isResult { try Self.recordAnew(publication.jobID, db) }
        }
    }

    /// Our files that a listing showed changed.
    func changedPublications() async throws -> [RemotePath] {
        try await database.read { db in
            try Data.fetchAll(db, sql: "SELECT path FROM publication WHERE changed = 1").map(RemotePath.stored)
        }
    }

    /// What became of our file is known.
    func settleChange(of path: RemotePath) async throws {
        try await database.write { db in
            try db.execute(sql: "UPDATE publication SET changed = 0 WHERE path = ?", arguments: [path.blob])
        }
    }

    /// A person took away what stood in a sheet's way: it is read as if nothing had been there.
    func makeWay(_ publication: Publication) async throws {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM publication WHERE path = ?", arguments: [publication.path.blob])
            let sheet = try Int64.fetchOne(
                db, sql: "SELECT sheet_id FROM job WHERE id = ?", arguments: [publication.jobID])
            if let sheet { try SheetWriter(db).reopen(sheet) }
        }
    }

    /// Our file lies, or is to lie, at another place.
    func relocate(_ before: Publication, to publication: Publication, isPersons: Bool) async throws {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM publication WHERE path = ?", arguments: [before.path.blob])
            try db.execute(sql: "DELETE FROM result_file WHERE path = ?", arguments: [before.path.blob])
            try Self.store(publication, db)
            if isPersons, publication.isResult { try Self.recordAnew(publication.jobID, db) }
        }
    }

    static func store(_ publication: Publication, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO publication (path, folder, job_id, state, etag, sending, published, moving_to, is_result)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (path) DO UPDATE SET job_id = excluded.job_id, state = excluded.state,
                etag = excluded.etag, sending = excluded.sending, published = excluded.published,
                moving_to = excluded.moving_to
                """
        ).execute(arguments: [
            publication.path.blob, (publication.path.parent ?? .root).blob, publication.jobID,
            publication.state.rawValue, publication.etag, publication.sending, publication.published,
            publication.movingTo?.blob, publication.isResult,
        ])
        // The collections on the way are known from now on, so that it shows when one is gone.
        let collection = try db.cachedStatement(sql: "INSERT OR IGNORE INTO collection (path, parent) VALUES (?, ?)")
        var current = publication.path.parent
        while let path = current, let parent = path.parent {
            try collection.execute(arguments: [path.blob, parent.blob])
            if db.changesCount == 0 { break }
            current = parent
        }
    }

    private static func recordAnew(_ job: Int64, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE job SET recorded = 0, next_attempt = CASE WHEN stage IN ('done', 'failed') THEN NULL ELSE next_attempt END,
                stage = CASE WHEN stage IN ('done', 'failed') THEN 'answered' ELSE stage END WHERE id = ?
                """, arguments: [job])
    }

    /// A person wrote, changed or deleted a result: what they did has to be recorded, whatever was before.
    func storeChange(_ publication: Publication) async throws {
        try await database.write { db in
            try Self.store(publication, db)
            if publication.isResult { try Self.recordAnew(publication.jobID, db) }
        }
    }

    /// A result that was there before us is taken over as it is; nothing is asked of a model.
    func adoptTheirs(_ job: SheetJob, _ publication: Publication) async throws {
        try await database.write { db in
            try Self.store(publication, db)
            try db.execute(
                sql: """
                    UPDATE job SET stage = 'answered', published = 0, recorded = 0, attempts = 0, next_attempt = NULL,
                    failure = NULL WHERE id = ? AND revision = ?
                    """, arguments: [job.id, job.revision])
        }
    }

    /// The sheet was asked about anew, but a person's result stands in its place.
    func acceptTheirs(_ job: SheetJob) async throws {
        try await database.write { db in
            try db.execute(
                sql: """
                    UPDATE job SET stage = 'answered', published = 0, recorded = 0, starts = 0, attempts = 0,
                    next_attempt = NULL, failure = NULL WHERE id = ? AND revision = ?
                    """, arguments: [job.id, job.revision])
        }
    }

    /// A result of ours, of this content, is taken over: published already, still to be recorded.
    ///
    /// - Parameter compared: the models whose readings its consensus names.
    func adoptOurs(
        _ job: SheetJob, content: String, answer: Int64, compared: [String], _ publication: Publication
    ) async throws {
        try await database.write { db in
            var publication = publication
            if try lacksReading(job, answer: answer, compared: compared, db) { publication.state = .pending }
            try Self.store(publication, db)
            try db.execute(
                sql: """
                    UPDATE job SET stage = 'answered', content = ?, answer_id = ?, published = 0, recorded = 0,
                    attempts = 0, next_attempt = NULL, failure = NULL WHERE id = ? AND revision = ?
                    """, arguments: [content, answer, job.id, job.revision])
        }
    }
}
