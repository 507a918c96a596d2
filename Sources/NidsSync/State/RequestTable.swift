import Foundation
import GRDB
import Transcriber

/// The requests to models: each is recorded before it is sent, and keeps its tokens and cost.
struct RequestTable {
    let db: Database

    /// Records that a model is about to be asked.
    /// - Returns: the request's id.
    func begin(_ key: AnswerKey, at now: Date) throws -> Int64 {
        try db.change(
            """
            INSERT INTO model_request (content, model, prompt_kind, started_at)
            VALUES (\(key.content), \(key.model), \(key.promptKind), \(now.timeIntervalSince1970))
            """)
        return db.lastInsertedRowID
    }

    /// Records a request of a batch.
    func begin(_ key: AnswerKey, inBatch batch: Int64, at now: Date) throws {
        try db.change(
            """
            INSERT INTO model_request (content, model, prompt_kind, started_at, batch_id, prompt_version)
            VALUES (\(key.content), \(key.model), \(key.promptKind), \(now.timeIntervalSince1970), \(batch),
                \(Prompt.version(of: key.promptKind)))
            """)
    }

    /// Records how a request ended.
    func end(
        _ id: Int64, _ outcome: RequestOutcome, usage: TokenUsage? = nil, cost: Double? = nil, at now: Date
    ) throws {
        try db.change(
            """
            UPDATE model_request SET ended_at = \(now.timeIntervalSince1970), outcome = \(outcome),
                input_tokens = \(usage?.input), output_tokens = \(usage?.output),
                thinking_tokens = \(usage?.thinking), cost = \(cost) WHERE id = \(id)
            """)
    }

    /// Records the request of an answer that a result in Nextcloud tells of: we paid for it before the state was lost.
    func recordAdopted(_ key: AnswerKey, _ received: ReceivedAnswer) throws {
        guard let usage = received.answer.usage else { return }
        let id = try begin(key, at: received.askedAt)
        try end(id, .answered, usage: usage, cost: received.cost, at: received.receivedAt)
    }

    /// The ends of the requests for a key; a line of a batch that is under way is none of them yet.
    func history(_ key: AnswerKey) throws -> RequestHistory {
        let row = try db.row(
            """
            SELECT count(*) FILTER (WHERE outcome = \(RequestOutcome.lost)
                    OR ended_at IS NULL AND batch_id IS NULL) AS lost,
                count(*) FILTER (WHERE outcome = \(RequestOutcome.unreadable)) AS unreadable,
                count(*) FILTER (WHERE outcome = \(RequestOutcome.refused)) AS refused,
                count(*) FILTER (WHERE outcome IN \(RequestOutcome.outOfRoom)) AS cut_off,
                count(*) FILTER (WHERE outcome = \(RequestOutcome.repeated)) AS repeated,
                count(*) FILTER (WHERE outcome IN \(RequestOutcome.unusable)) AS unusable
            FROM model_request WHERE \(key.condition) AND NOT forgiven
            """)
        guard let row else { return RequestHistory() }
        return RequestHistory(
            lost: row["lost"], unreadable: row["unreadable"], refused: row["refused"], cutOff: row["cut_off"],
            repeated: row["repeated"], unusable: row["unusable"])
    }

    /// Forgives what spoke against another request: it counts for what was paid, and no more against the sheet.
    ///
    /// - Parameter deadBefore: requests begun before that time are no running process's.
    func forgive(_ key: AnswerKey, deadBefore: Date) throws {
        try db.change(
            """
            UPDATE model_request SET forgiven = 1 WHERE \(key.condition) AND NOT forgiven
            AND (outcome IN \(RequestOutcome.forgivable)
                OR ended_at IS NULL AND batch_id IS NULL AND started_at < \(deadBefore.timeIntervalSince1970))
            """)
    }

    /// The request of a batch for a key, while its result is awaited.
    func awaited(_ key: AnswerKey, inBatch batch: Int64) throws -> AwaitedRequest? {
        try db.row(
            """
            SELECT id, prompt_version FROM model_request WHERE batch_id = \(batch) AND ended_at IS NULL
            AND \(key.condition)
            """
        ).map { AwaitedRequest(id: $0["id"], promptVersion: $0["prompt_version"]) }
    }

    /// `true` when a batch under way will bring the answer for a key.
    func isAwaited(_ key: AnswerKey) throws -> Bool {
        try db.exists(
            "SELECT 1 FROM model_request WHERE \(key.condition) AND batch_id IS NOT NULL AND ended_at IS NULL")
    }

    /// Ends the requests of a batch that have no result.
    /// - Returns: the number of them.
    func endOpen(inBatch batch: Int64, _ outcome: RequestOutcome, at now: Date) throws -> Int {
        try db.change(
            """
            UPDATE model_request SET ended_at = \(now.timeIntervalSince1970), outcome = \(outcome)
            WHERE batch_id = \(batch) AND ended_at IS NULL
            """)
    }
}
