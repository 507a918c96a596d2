import Foundation
import GRDB
import Transcriber

/// A batch of requests as the state knows it.
struct BatchRecord: Sendable, Equatable {
    enum Stage: String, Sendable {
        /// Its file of requests is being written; nothing has been sent.
        case gathering
        /// It may have been sent.
        case sending
        /// The provider has it.
        case sent
        /// Nothing more is awaited of it.
        case done
    }

    var id: Int64
    var model: String
    /// Ours, stored before anything is sent.
    var displayName: String
    /// The provider's.
    var name: String?
    var stage: Stage
    var madeAt: Date
    var sentAt: Date?
    /// When it is looked at again, at the earliest.
    var nextLook: Date?
    /// How often it was looked at since something last happened to it.
    var looks: Int
    /// Why it is not where it should be, in words.
    var note: String?
    /// Whether it was sent by a state that is lost: what is in it shows when it is done.
    var isInherited: Bool
    /// Requests whose results are awaited, as far as is known.
    var awaited: Int
}

/// A request of a batch that is under way.
struct AwaitedRequest: Sendable {
    var id: Int64
    var promptVersion: Int?
}

extension StateStore {
    /// What an earlier process was still gathering has not been sent: its sheets are gathered anew.
    func discardGathering() async throws {
        try await database.write { db in
            try db.execute(
                sql: """
                    DELETE FROM model_request WHERE batch_id IN (SELECT id FROM batch WHERE stage = 'gathering');
                    DELETE FROM batch WHERE stage = 'gathering';
                    """)
            try Self.takeBackOrphans(alone: false, db)
        }
    }

    /// Begins to gather a batch under a name that nobody else uses.
    func beginBatch(model: String, displayName: String, at now: Date) async throws -> Int64 {
        try await database.write { db in
            try db.execute(
                sql: "INSERT INTO batch (model, display_name, stage, made_at) VALUES (?, ?, 'gathering', ?)",
                arguments: [model, displayName, now.timeIntervalSince1970])
            return db.lastInsertedRowID
        }
    }

    /// A gathering that came to nothing: its sheets are gathered anew.
    func discard(_ batch: Int64) async throws {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM model_request WHERE batch_id = ?", arguments: [batch])
            try db.execute(sql: "DELETE FROM batch WHERE id = ?", arguments: [batch])
            try Self.takeBackOrphans(alone: false, db)
        }
    }

    /// A content is one of a batch's requests now, and its job waits for the answer.
    func place(_ job: SheetJob, _ key: AnswerKey, inBatch batch: Int64, at now: Date) async throws {
        try await database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO model_request (content, model, prompt_kind, started_at, batch_id, prompt_version)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: key.arguments + [now.timeIntervalSince1970, batch, Prompt.version(of: key.promptKind)])
            try Self.await(job, key, db)
        }
    }

    /// Where an answer comes from without anything being asked.
    enum Settled: Sendable {
        /// It is stored, and the job has it now.
        case answered
        /// A batch will bring it, and the job waits for that.
        case awaited
    }

    /// Gives the job the stored answer for that content, or has it wait for a batch that will bring one.
    ///
    /// - Returns: `nil` where a model has to be asked.
    func settle(_ job: SheetJob, _ key: AnswerKey) async throws -> Settled? {
        try await database.write { db in
            if let answer = try Int64.fetchOne(
                db, sql: "SELECT id FROM answer WHERE content = ? AND model = ? AND prompt_kind = ?",
                arguments: key.arguments)
            {
                try link(job, content: key.content, answer: answer, db)
                return .answered
            }
            let isAwaited = try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM model_request WHERE content = ? AND model = ? AND prompt_kind = ?
                    AND batch_id IS NOT NULL AND ended_at IS NULL)
                    """, arguments: key.arguments)
            guard isAwaited == true else { return nil }
            try Self.await(job, key, db)
            return .awaited
        }
    }

    private static func await(_ job: SheetJob, _ key: AnswerKey, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE job SET stage = 'batched', awaiting = ?, starts = 0, attempts = 0, next_attempt = NULL,
                failure = NULL WHERE id = ? AND revision = ?
                """, arguments: [key.content, job.id, job.revision])
    }

    /// The job is asked about by itself.
    func askAlone(_ job: SheetJob) async throws {
        try await database.write { db in
            try db.execute(
                sql: "UPDATE job SET alone = 1, starts = 0 WHERE id = ? AND revision = ?",
                arguments: [job.id, job.revision])
        }
    }

    /// The batches that are not done.
    func openBatches() async throws -> [BatchRecord] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT batch.*, (SELECT count(*) FROM model_request
                        WHERE batch_id = batch.id AND ended_at IS NULL) AS awaited
                    FROM batch WHERE stage <> 'done' ORDER BY id
                    """
            ).map { row in
                BatchRecord(
                    id: row["id"], model: row["model"], displayName: row["display_name"], name: row["name"],
                    stage: BatchRecord.Stage(rawValue: row["stage"]) ?? .sending,
                    madeAt: Date(timeIntervalSince1970: row["made_at"]),
                    sentAt: (row["sent_at"] as Double?).map(Date.init(timeIntervalSince1970:)),
                    nextLook: (row["next_look"] as Double?).map(Date.init(timeIntervalSince1970:)),
                    looks: row["looks"], note: row["note"], isInherited: row["inherited"], awaited: row["awaited"])
            }
        }
    }

    /// The batch's file is complete; from now on it may be at the provider's.
    func seal(_ batch: Int64) async throws {
        try await database.write { db in
            try db.execute(sql: "UPDATE batch SET stage = 'sending' WHERE id = ?", arguments: [batch])
        }
    }

    /// A batch that a state of before has sent: it is awaited, and nothing of it is asked again.
    func inherit(_ batch: GeminiBatch.Job, model: String, at now: Date) async throws {
        try await database.write { db in
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO batch (model, display_name, name, stage, made_at, sent_at, inherited)
                    VALUES (?, ?, ?, 'sent', ?, ?, 1)
                    """,
                arguments: [
                    model, batch.displayName, batch.name, now.timeIntervalSince1970, now.timeIntervalSince1970,
                ])
        }
    }

    /// From now on the provider may have the batch although we do not hear of it; until then its name is looked for
    /// before it is sent again.
    func doubt(_ batch: Int64, until next: Date) async throws {
        try await database.write { db in
            try db.execute(
                sql: "UPDATE batch SET next_look = ? WHERE id = ?", arguments: [next.timeIntervalSince1970, batch])
        }
    }

    /// The provider has the batch, under that name.
    func markSent(_ batch: Int64, name: String, at now: Date, nextLook: Date) async throws {
        try await database.write { db in
            try db.execute(
                sql:
                    "UPDATE batch SET stage = 'sent', name = ?, sent_at = ?, next_look = ?, looks = 0, note = NULL WHERE id = ?",
                arguments: [name, now.timeIntervalSince1970, nextLook.timeIntervalSince1970, batch])
        }
    }

    /// The batch is looked at again, or tried to be sent again, at that time.
    func postpone(_ batch: Int64, until next: Date, note: String?) async throws {
        try await database.write { db in
            try db.execute(
                sql: "UPDATE batch SET next_look = ?, looks = looks + 1, note = ? WHERE id = ?",
                arguments: [next.timeIntervalSince1970, note, batch])
        }
    }
}

extension StateStore {
    /// The request of a batch for that content, while its result is awaited.
    func awaitedRequest(_ key: AnswerKey, inBatch batch: Int64) async throws -> AwaitedRequest? {
        try await database.read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT id, prompt_version FROM model_request WHERE batch_id = ? AND ended_at IS NULL
                    AND content = ? AND model = ? AND prompt_kind = ?
                    """, arguments: [batch] + key.arguments
            ).map { AwaitedRequest(id: $0["id"], promptVersion: $0["prompt_version"]) }
        }
    }

    /// Stores an answer that a batch brought, and gives it to the jobs that wait for it.
    func storeBatched(_ answer: ReceivedAnswer, _ key: AnswerKey, request: Int64) async throws {
        try await database.write { db in
            let stored = try Self.storeAnswer(answer, key, request: request, db)
            for job in try Self.waitingJobs(key, db) {
                try link(job, content: key.content, answer: stored.id, db)
            }
        }
    }

    /// A batch brought no answer for that content: its jobs are asked about by themselves, or have failed.
    ///
    /// - Parameter failure: why there will never be one.
    /// - Returns: the jobs that waited for it.
    func endBatched(
        _ key: AnswerKey, request: Int64, outcome: String, usage: TokenUsage?, cost: Double?, failure: String?,
        at now: Date
    ) async throws -> [SheetJob] {
        try await database.write { db in
            try Self.endRequest(request, outcome: outcome, usage: usage, cost: cost, at: now, db)
            let jobs = try Self.waitingJobs(key, db)
            for job in jobs {
                try db.execute(
                    sql: "UPDATE job SET stage = ?, alone = 1, failure = ? WHERE id = ?",
                    arguments: [failure == nil ? "asking" : "failed", failure, job.id])
            }
            return jobs
        }
    }

    /// Nothing more is awaited of a batch: what it did not answer ends so, and is asked about again.
    ///
    /// - Parameter alone: whether by itself; else it may be one of another batch, unless that went wrong before.
    /// - Returns: how many of its requests had no result.
    func finish(_ batch: Int64, outcome: String, alone: Bool, at now: Date) async throws -> Int {
        try await database.write { db in
            try db.execute(
                sql: "UPDATE model_request SET ended_at = ?, outcome = ? WHERE batch_id = ? AND ended_at IS NULL",
                arguments: [now.timeIntervalSince1970, outcome, batch])
            let count = db.changesCount
            try db.execute(
                sql: "UPDATE batch SET stage = 'done', next_look = NULL WHERE id = ?", arguments: [batch])
            try Self.takeBackOrphans(alone: alone, db)
            return count
        }
    }

    /// Jobs that wait for a batch which will not answer them any more are asked about again.
    private static func takeBackOrphans(alone: Bool, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE job SET stage = 'asking', alone = :alone OR 1 < (SELECT count(*) FROM model_request AS request
                    WHERE request.content = job.awaiting AND request.model = job.model
                    AND request.prompt_kind = job.prompt_kind AND outcome = 'batch failed' AND NOT forgiven)
                WHERE stage = 'batched' AND NOT EXISTS (SELECT 1 FROM model_request AS request
                    WHERE request.content = job.awaiting AND request.model = job.model
                    AND request.prompt_kind = job.prompt_kind AND batch_id IS NOT NULL AND ended_at IS NULL)
                """, arguments: ["alone": alone])
    }

    private static func waitingJobs(_ key: AnswerKey, _ db: Database) throws -> [SheetJob] {
        let ids = try Int64.fetchAll(
            db, sql: "SELECT id FROM job WHERE stage = 'batched' AND awaiting = ? AND model = ? AND prompt_kind = ?",
            arguments: key.arguments)
        return try ids.compactMap { try job($0, db) }
    }
}
