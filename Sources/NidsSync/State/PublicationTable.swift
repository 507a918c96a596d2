import DAV
import Foundation
import GRDB

/// Our files in Nextcloud. The digest of what is sent is stored before it is sent, and so is the place that a file is
/// moved to.
struct PublicationTable {
    let db: Database

    /// The stored facts of our file at that place.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func publication(_ path: RemotePath) throws -> Publication? {
        try db.row("SELECT * FROM publication WHERE path = \(path)").map(Self.publication)
    }

    /// The stored facts of all files of a job.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func all(of job: Int64) throws -> [Publication] {
        try db.rows("SELECT * FROM publication WHERE job_id = \(job) ORDER BY path").map(Self.publication)
    }

    private static func publication(_ row: Row) throws -> Publication {
        Publication(
            path: try row.known("path"), jobID: row["job_id"], state: try row.known("state"), etag: row["etag"],
            sending: row["sending"], published: row["published"], movingTo: try row.knownIfPresent("moving_to"),
            modified: row["modified"])
    }

    func store(_ publication: Publication) throws {
        try db.change(
            """
            INSERT INTO publication (path, folder, job_id, state, etag, sending, published, moving_to, is_result,
                modified)
            VALUES (\(publication.path), \(publication.path.parent ?? .root), \(publication.jobID),
                \(publication.state), \(publication.etag), \(publication.sending), \(publication.published),
                \(publication.movingTo), \(publication.isResult), \(publication.modified))
            ON CONFLICT (path) DO UPDATE SET job_id = excluded.job_id, state = excluded.state,
            etag = excluded.etag, sending = excluded.sending, published = excluded.published,
            moving_to = excluded.moving_to, modified = excluded.modified
            """)
        try CollectionTable(db: db).noteAncestors(of: publication.path)
    }

    /// Stores a file with what a person did to it: a result is recorded once more.
    func storeChange(_ publication: Publication) throws {
        try store(publication)
        if publication.isResult { try JobTable(db: db).recordAnew(publication.jobID) }
    }

    /// Stores what was found out of our file, unless something was done with it meanwhile.
    ///
    /// - Parameter isPersons: `true` where a person did it, so that it has to be recorded.
    func replace(_ before: Publication, with publication: Publication, isPersons: Bool) throws {
        guard try self.publication(before.path) == before else { return }
        if isPersons { try storeChange(publication) } else { try store(publication) }
    }

    /// Our file lies, or is to lie, at another place.
    func relocate(_ before: Publication, to publication: Publication, isPersons: Bool) throws {
        try db.change("DELETE FROM publication WHERE path = \(before.path) AND job_id = \(before.jobID)")
        try ResultFileTable(db: db).remove(before.path)
        try keepMark(at: publication.path, besides: publication.jobID)
        if isPersons { try storeChange(publication) } else { try store(publication) }
    }

    /// Another sheet's result was deleted here by a person: that stays known while its place is taken, and goes with it.
    private func keepMark(at path: RemotePath, besides job: Int64) throws {
        guard let other = try publication(path), other.jobID != job, other.state == .deleted,
            let aside = path.parent?.appending(
                ".nids-sync-\(other.jobID)_\(other.isResult ? "result" : "raw").json".utf8)
        else { return }
        try db.change("UPDATE OR REPLACE publication SET path = \(aside) WHERE path = \(path)")
    }

    func remove(_ path: RemotePath) throws { try db.change("DELETE FROM publication WHERE path = \(path)") }

    /// A listing showed that our file has changed, and nobody has looked at it since; or somebody has.
    func mark(_ path: RemotePath, isChanged: Bool) throws {
        try db.change("UPDATE publication SET changed = \(isChanged) WHERE path = \(path)")
    }

    /// Our files that a listing showed changed.
    func changed() throws -> [RemotePath] { try db.paths("SELECT path FROM publication WHERE changed = 1") }

    /// The files of a job that lie in Nextcloud are due to be sent anew.
    ///
    /// - Parameter bringsBack: `true` where those that a person deleted are sent too: they were ours, of other content.
    func renew(_ job: Int64, bringsBack: Bool) throws {
        try db.change(
            """
            UPDATE publication SET state = \(Publication.State.pending)
            WHERE job_id = \(job) AND state = \(Publication.State.published)
            """)
        guard bringsBack else { return }
        try db.change(
            """
            UPDATE publication SET state = \(Publication.State.pending), etag = NULL, published = NULL
            WHERE job_id = \(job) AND state = \(Publication.State.deleted)
            """)
    }

    /// The files of a job that a person deleted are sent again.
    /// - Returns: `true` when there were any.
    func bringBack(_ job: Int64) throws -> Bool {
        try db.change(
            """
            UPDATE publication SET state = \(Publication.State.pending), etag = NULL, sending = NULL,
                published = NULL, changed = 0
            WHERE job_id = \(job) AND state = \(Publication.State.deleted)
            """) > 0
    }

    /// `true` where a person's result stands in a job's place.
    func hasTheirs(_ job: Int64) throws -> Bool {
        try db.exists(
            "SELECT 1 FROM publication WHERE job_id = \(job) AND is_result AND state = \(Publication.State.theirs)")
    }

    /// `true` where a person has written, edited or deleted a job's result.
    func isPersons(_ job: Int64) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM publication WHERE job_id = \(job) AND is_result
            AND state IN \([Publication.State.theirs, .deleted])
            """)
    }

    /// The number of delivered sheets whose result a person deleted: there is none, and none is brought back.
    func deletedCount(_ filter: JobFilter) throws -> Int {
        try db.value(
            """
            SELECT count(DISTINCT job.id) FROM job JOIN publication ON publication.job_id = job.id
            WHERE job.stage = \(SheetJob.Stage.done) AND publication.is_result
                AND publication.state = \(Publication.State.deleted) AND \(filter.condition)
            """) ?? 0
    }
}
