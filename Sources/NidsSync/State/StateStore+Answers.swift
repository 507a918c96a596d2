import Foundation
import GRDB
import Transcriber

/// What an answer is paid for.
struct AnswerKey: Sendable, Hashable {
    var content: String
    var model: String
    var promptKind: PromptKind

    var arguments: StatementArguments { [content, model, promptKind.rawValue] }
}

/// An answer as it came, or as a result in Nextcloud tells of it.
struct ReceivedAnswer: Sendable {
    var answer: EngineAnswer
    var promptVersion: Int
    var askedAt: Date
    var receivedAt: Date
    /// What it cost, in the currency of the prices, where that is known.
    var cost: Double?
    var isOfBatch = false
    /// What an adopted result says of its reading, as JSON.
    var remarks: String?
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
            providerModel: row["provider_model"], usage: usage, askedAt: row["asked_at"],
            receivedAt: row["received_at"],
            isOfBatch: row["in_batch"], remarks: row["remarks"])
    }

    /// Stores an answer the moment it arrives, ends the request that brought it, and gives it to its job.
    func storeAnswer(
        _ answer: ReceivedAnswer, _ key: AnswerKey, request: Int64?, job: SheetJob?
    ) async throws -> StoredAnswer {
        try await database.write { db in
            let stored = try Self.storeAnswer(answer, key, request: request, db)
            if let job { try link(job, content: key.content, answer: stored.id, db) }
            return stored
        }
    }

    static func storeAnswer(
        _ received: ReceivedAnswer, _ key: AnswerKey, request: Int64?, _ db: Database
    ) throws -> StoredAnswer {
        let answer = received.answer
        try db.execute(
            sql: """
                INSERT INTO answer (content, model, prompt_kind, prompt_version, provider_model, text,
                    input_tokens, output_tokens, thinking_tokens, asked_at, received_at, in_batch, remarks)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (content, model, prompt_kind) DO NOTHING
                """,
            arguments: key.arguments + [
                received.promptVersion, answer.providerModel, answer.text, answer.usage?.input, answer.usage?.output,
                answer.usage?.thinking, received.askedAt.timeIntervalSince1970,
                received.receivedAt.timeIntervalSince1970, received.isOfBatch, received.remarks,
            ])
        let isNew = db.changesCount > 0
        if let request {
            try endRequest(
                request, outcome: "answered", usage: answer.usage, cost: received.cost, at: received.receivedAt, db)
        } else if isNew {
            try recordAdopted(key, received, db)
        }
        guard
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM answer WHERE content = ? AND model = ? AND prompt_kind = ?",
                arguments: key.arguments)
        else { throw DatabaseError(message: "the answer just stored is not there") }
        return Self.answer(row)
    }
}
