import DAV
import Foundation
import GRDB

extension StateStore {
    /// What is known of our file at that place.
    func publication(_ path: RemotePath) async throws -> Publication? {
        try await database.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM publication WHERE path = ?", arguments: [path.blob]).map { row in
                Publication(
                    path: path, jobID: row["job_id"], state: Publication.State(rawValue: row["state"]) ?? .theirs,
                    etag: row["etag"], sending: row["sending"], published: row["published"])
            }
        }
    }

    /// Stores what is known of our file.
    func store(_ publication: Publication) async throws {
        try await database.write { db in try Self.store(publication, db) }
    }

    private static func store(_ publication: Publication, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO publication (path, folder, job_id, state, etag, sending, published, is_result)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (path) DO UPDATE SET job_id = excluded.job_id, state = excluded.state,
                etag = excluded.etag, sending = excluded.sending, published = excluded.published
                """,
            arguments: [
                publication.path.blob, (publication.path.parent ?? .root).blob, publication.jobID,
                publication.state.rawValue, publication.etag, publication.sending, publication.published,
                publication.isResult,
            ])
        // The collections on the way are known from now on, so that it shows when one is gone.
        var collection = publication.path.parent
        while let path = collection, let parent = path.parent {
            try db.execute(
                sql: "INSERT OR IGNORE INTO collection (path, parent) VALUES (?, ?)",
                arguments: [path.blob, parent.blob])
            collection = parent
        }
    }
}

extension StateStore {
    /// A person wrote, changed or deleted a result: what they did has to be recorded, whatever was before.
    func storeChange(_ publication: Publication) async throws {
        try await database.write { db in
            try Self.store(publication, db)
            try db.execute(
                sql: """
                    UPDATE job SET recorded = 0, stage = CASE stage WHEN 'done' THEN 'answered' ELSE stage END,
                    next_attempt = CASE stage WHEN 'done' THEN NULL ELSE next_attempt END WHERE id = ?
                    """, arguments: [publication.jobID])
        }
    }
}

extension StateStore {
    /// A result that was there before us is taken over as it is; nothing is asked of a model.
    func adoptTheirs(_ job: SheetJob, _ publication: Publication) async throws {
        try await database.write { db in
            try Self.store(publication, db)
            try db.execute(
                sql: "UPDATE job SET stage = 'answered', recorded = 0, attempts = 0, failure = NULL WHERE id = ?",
                arguments: [job.id])
        }
    }

    /// A result of ours, of this content, is taken over: published already, still to be recorded.
    func adoptOurs(_ job: SheetJob, content: String, answer: Int64, _ publication: Publication) async throws {
        try await database.write { db in
            try Self.store(publication, db)
            try db.execute(
                sql: """
                    UPDATE job SET stage = 'answered', content = ?, answer_id = ?, recorded = 0, attempts = 0,
                    failure = NULL WHERE id = ?
                    """, arguments: [content, answer, job.id])
        }
    }
}
