import Foundation
import GRDB
import Transcriber

/// The requests sent to a provider together; each of them is a row of `RequestTable`, whose id is its key there.
struct BatchTable {
    let db: Database

    /// Begins to gather a batch under a name that nobody else uses.
    /// - Returns: the batch's id.
    func begin(model: String, displayName: String, at now: Date) throws -> Int64 {
        try db.change(
            """
            INSERT INTO batch (model, display_name, stage, made_at)
            VALUES (\(model), \(displayName), \(BatchRecord.Stage.gathering), \(now.timeIntervalSince1970))
            """)
        return db.lastInsertedRowID
    }

    /// Forgets a batch that has not been sent, with its requests.
    func discard(_ batch: Int64) throws {
        try db.change("DELETE FROM model_request WHERE batch_id = \(batch)")
        try db.change("DELETE FROM batch WHERE id = \(batch)")
    }

    /// The batches that are being gathered.
    func gathering() throws -> [Int64] {
        try db.values("SELECT id FROM batch WHERE stage = \(BatchRecord.Stage.gathering)")
    }

    /// The batches that are not done.
    /// - Throws: `DatabaseError`, `StateError.unknownWord`.
    func open() throws -> [BatchRecord] {
        try db.rows(
            """
            SELECT batch.*, (SELECT count(*) FROM model_request
                WHERE batch_id = batch.id AND ended_at IS NULL) AS awaited
            FROM batch WHERE stage <> \(BatchRecord.Stage.done) ORDER BY id
            """
        ).map { row in
            BatchRecord(
                id: row["id"], model: row["model"], displayName: row["display_name"], name: row["name"],
                stage: try row.known("stage"), madeAt: row.date("made_at"), sentAt: row.dateIfPresent("sent_at"),
                nextLook: row.dateIfPresent("next_look"), looks: row["looks"], note: row["note"],
                isInherited: row["inherited"], awaited: row["awaited"])
        }
    }

    /// The batch's file is complete; from now on it may be at the provider's.
    func seal(_ batch: Int64) throws {
        try db.change("UPDATE batch SET stage = \(BatchRecord.Stage.sending) WHERE id = \(batch)")
    }

    /// A batch that a state of before has sent: it is awaited, and nothing of it is asked again.
    func inherit(_ batch: GeminiBatch.Job, model: String, at now: Date) throws {
        let now = now.timeIntervalSince1970
        try db.change(
            """
            INSERT OR IGNORE INTO batch (model, display_name, name, stage, made_at, sent_at, inherited)
            VALUES (\(model), \(batch.displayName), \(batch.name), \(BatchRecord.Stage.sent), \(now), \(now), 1)
            """)
    }

    /// From now on the provider may have the batch although we do not hear of it; until then its name is looked for
    /// before it is sent again.
    func doubt(_ batch: Int64, until next: Date) throws {
        try db.change("UPDATE batch SET next_look = \(next.timeIntervalSince1970) WHERE id = \(batch)")
    }

    /// The provider has the batch, under that name.
    func markSent(_ batch: Int64, name: String, at now: Date, nextLook: Date) throws {
        try db.change(
            """
            UPDATE batch SET stage = \(BatchRecord.Stage.sent), name = \(name), sent_at = \(now.timeIntervalSince1970),
                next_look = \(nextLook.timeIntervalSince1970), looks = 0, note = NULL WHERE id = \(batch)
            """)
    }

    /// The batch is looked at again, or tried to be sent again, at that time.
    func postpone(_ batch: Int64, until next: Date, note: String?) throws {
        try db.change(
            """
            UPDATE batch SET next_look = \(next.timeIntervalSince1970), looks = looks + 1, note = \(note)
            WHERE id = \(batch)
            """)
    }

    /// Nothing more is awaited of the batch.
    func markDone(_ batch: Int64) throws {
        try db.change("UPDATE batch SET stage = \(BatchRecord.Stage.done), next_look = NULL WHERE id = \(batch)")
    }
}
