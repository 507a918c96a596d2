import Foundation
import GRDB
import Transcriber

/// What became of the requests for one content so far, those that a person has forgiven apart.
struct RequestHistory: Sendable, Equatable {
    /// Sent, and no answer came back: they may have been billed.
    var lost = 0
    /// Declined by the model, or not readable as a picture.
    var declined = 0
    /// Answers that broke off.
    var cutOff = 0
    /// Answers that were none: broken off, empty, no sheet.
    var unusable = 0
}

extension StateStore {
    /// Records that a model is about to be asked, before it is.
    ///
    /// - Parameter job: whose local work is over, where the asking is somebody else's work.
    func beginRequest(_ key: AnswerKey, at now: Date, endingStartOf job: Int64?) async throws -> Int64 {
        try await database.write { db in
            if let job { try db.execute(sql: "UPDATE job SET starts = 0 WHERE id = ?", arguments: [job]) }
            try db.execute(
                sql: "INSERT INTO model_request (content, model, prompt_kind, started_at) VALUES (?, ?, ?, ?)",
                arguments: key.arguments + [now.timeIntervalSince1970])
            return db.lastInsertedRowID
        }
    }

    /// What became of the requests for a content; a line of a batch that is under way is none of them yet.
    func requestHistory(_ key: AnswerKey) async throws -> RequestHistory {
        try await database.read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*) FILTER (WHERE outcome = 'lost' OR ended_at IS NULL AND batch_id IS NULL) AS lost,
                        count(*) FILTER (WHERE outcome IN ('refused', 'unreadable')) AS declined,
                        count(*) FILTER (WHERE outcome = 'cut off') AS cut_off,
                        count(*) FILTER (WHERE outcome IN ('cut off', 'empty', 'not json')) AS unusable
                    FROM model_request WHERE content = ? AND model = ? AND prompt_kind = ? AND NOT forgiven
                    """, arguments: key.arguments)
            guard let row else { return RequestHistory() }
            return RequestHistory(
                lost: row["lost"], declined: row["declined"], cutOff: row["cut_off"], unusable: row["unusable"])
        }
    }

    /// Records that a request ended without an answer: `lost` where it may have been billed all the same.
    func endRequest(
        _ id: Int64, outcome: String, usage: TokenUsage? = nil, cost: Double? = nil, at now: Date
    ) async throws {
        try await database.write { db in
            try Self.endRequest(id, outcome: outcome, usage: usage, cost: cost, at: now, db)
        }
    }

    static func endRequest(
        _ id: Int64, outcome: String, usage: TokenUsage?, cost: Double?, at now: Date, _ db: Database
    ) throws {
        try db.cachedStatement(
            sql: """
                UPDATE model_request SET ended_at = ?, outcome = ?, input_tokens = ?, output_tokens = ?,
                    thinking_tokens = ?, cost = ? WHERE id = ?
                """
        ).execute(arguments: [
            now.timeIntervalSince1970, outcome, usage?.input, usage?.output, usage?.thinking, cost, id,
        ])
    }

    /// An answer that a result in Nextcloud tells of was paid for, by us before the state was lost.
    static func recordAdopted(_ key: AnswerKey, _ received: ReceivedAnswer, _ db: Database) throws {
        guard let usage = received.answer.usage else { return }
        try db.execute(
            sql: """
                INSERT INTO model_request (content, model, prompt_kind, started_at, ended_at, outcome,
                    input_tokens, output_tokens, thinking_tokens, cost) VALUES (?, ?, ?, ?, ?, 'answered', ?, ?, ?, ?)
                """,
            arguments: key.arguments + [
                received.askedAt.timeIntervalSince1970, received.receivedAt.timeIntervalSince1970, usage.input,
                usage.output, usage.thinking, received.cost,
            ])
    }
}
