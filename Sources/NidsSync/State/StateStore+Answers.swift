import Foundation
import GRDB
import Transcriber

/// What an answer is paid for.
struct AnswerKey: Sendable, Hashable {
    var content: String
    var model: String
    var promptKind: PromptKind

    fileprivate var arguments: StatementArguments { [content, model, promptKind.rawValue] }
}

extension StateStore {
    /// The stored answer for a content, `nil` when none was ever received.
    func answer(_ key: AnswerKey) async throws -> StoredAnswer? {
        try await database.read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM answer WHERE content = ? AND model = ? AND prompt_kind = ?",
                arguments: key.arguments
            ).map(Self.answer)
        }
    }

    /// The stored answer of that id.
    func answer(id: Int64) async throws -> StoredAnswer? {
        try await database.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM answer WHERE id = ?", arguments: [id]).map(Self.answer)
        }
    }

    private static func answer(_ row: Row) -> StoredAnswer {
        let usage: TokenUsage? = (row["input_tokens"] as Int?).map {
            TokenUsage(input: $0, output: row["output_tokens"] ?? 0, thinking: row["thinking_tokens"] ?? 0)
        }
        return StoredAnswer(
            id: row["id"], text: row["text"], promptVersion: row["prompt_version"],
            providerModel: row["provider_model"], usage: usage, askedAt: row["asked_at"], receivedAt: row["received_at"]
        )
    }

    /// The tokens of the answers received since then, by model.
    func tokens(since date: Date) async throws -> [String: TokenUsage] {
        try await database.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT model, coalesce(sum(input_tokens), 0) AS input, coalesce(sum(output_tokens), 0) AS output,
                        coalesce(sum(thinking_tokens), 0) AS thinking
                    FROM answer WHERE received_at >= ? GROUP BY model
                    """, arguments: [date.timeIntervalSince1970])
            return Dictionary(
                rows.map {
                    ($0["model"], TokenUsage(input: $0["input"], output: $0["output"], thinking: $0["thinking"]))
                }, uniquingKeysWith: { first, _ in first })
        }
    }

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

    /// How many requests were sent whose answer never reached us: they may have been billed.
    func lostRequests(_ key: AnswerKey) async throws -> Int {
        try await database.read { db in
            try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM model_request WHERE content = ? AND model = ? AND prompt_kind = ?
                    AND (ended_at IS NULL OR outcome = 'lost')
                    """, arguments: key.arguments) ?? 0
        }
    }

    /// How many requests ended with one of these outcomes.
    func requests(_ key: AnswerKey, endedWith outcomes: [String]) async throws -> Int {
        try await database.read { db in
            let marks = outcomes.map { _ in "?" }.joined(separator: ", ")
            return try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM model_request WHERE content = ? AND model = ? AND prompt_kind = ?
                    AND outcome IN (\(marks))
                    """, arguments: key.arguments + StatementArguments(outcomes)) ?? 0
        }
    }

    /// Records that a request ended without an answer: `lost` where it may have been billed all the same.
    func endRequest(_ id: Int64, outcome: String, at now: Date) async throws {
        try await database.write { db in
            try db.execute(
                sql: "UPDATE model_request SET ended_at = ?, outcome = ? WHERE id = ?",
                arguments: [now.timeIntervalSince1970, outcome, id])
        }
    }

    /// Stores an answer the moment it arrives, ends the request that brought it, and gives it to its job.
    func storeAnswer(
        _ answer: EngineAnswer, _ key: AnswerKey, promptVersion: Int, askedAt: Date, receivedAt: Date, request: Int64?,
        job: SheetJob?
    ) async throws -> StoredAnswer {
        try await database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO answer (content, model, prompt_kind, prompt_version, provider_model, text,
                        input_tokens, output_tokens, thinking_tokens, asked_at, received_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (content, model, prompt_kind) DO NOTHING
                    """,
                arguments: key.arguments + [
                    promptVersion, answer.providerModel, answer.text, answer.usage?.input, answer.usage?.output,
                    answer.usage?.thinking, askedAt.timeIntervalSince1970, receivedAt.timeIntervalSince1970,
                ])
            if let request {
                try db.execute(
                    sql: "UPDATE model_request SET ended_at = ?, outcome = 'answered' WHERE id = ?",
                    arguments: [receivedAt.timeIntervalSince1970, request])
            }
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT * FROM answer WHERE content = ? AND model = ? AND prompt_kind = ?",
                    arguments: key.arguments)
            else { throw DatabaseError(message: "the answer just stored is not there") }
            let stored = Self.answer(row)
            if let job { try Self.link(job, content: key.content, answer: stored.id, db) }
            return stored
        }
    }
}
