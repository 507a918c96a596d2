import Foundation
import GRDB
import Transcriber

/// The answers that came, each paid for once.
struct AnswerTable {
    let db: Database

    /// The stored answer for a key, `nil` when none was ever received.
    func answer(_ key: AnswerKey) throws -> StoredAnswer? {
        try db.row("SELECT * FROM answer WHERE \(key.condition)").map(Self.answer)
    }

    /// The stored answer of that id.
    func answer(id: Int64) throws -> StoredAnswer? {
        try db.row("SELECT * FROM answer WHERE id = \(id)").map(Self.answer)
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

    /// Stores an answer, unless there is one for its key.
    ///
    /// - Returns: the answer that is stored for the key now, and `true` where it is this one.
    func store(_ received: ReceivedAnswer, _ key: AnswerKey) throws -> (answer: StoredAnswer, isNew: Bool) {
        let answer = received.answer
        let added = try db.change(
            """
            INSERT INTO answer (content, model, prompt_kind, prompt_version, provider_model, text,
                input_tokens, output_tokens, thinking_tokens, asked_at, received_at, in_batch, remarks)
            VALUES (\(key.content), \(key.model), \(key.promptKind), \(received.promptVersion),
                \(answer.providerModel), \(answer.text), \(answer.usage?.input), \(answer.usage?.output),
                \(answer.usage?.thinking), \(received.askedAt.timeIntervalSince1970),
                \(received.receivedAt.timeIntervalSince1970), \(received.isOfBatch), \(received.remarks))
            ON CONFLICT (content, model, prompt_kind) DO NOTHING
            """)
        guard let stored = try self.answer(key) else {
            throw DatabaseError(message: "the answer just stored is not there")
        }
        return (stored, added > 0)
    }

    /// The place of an answer under its key is free for another; whoever has it keeps it.
    func supersede(_ id: Int64) throws {
        try db.change("UPDATE answer SET content = 'superseded ' || id || ' ' || content WHERE id = \(id)")
    }

    /// The answers of all models for the content that an answer was given for, each model's own, in that order.
    func readings(of sheet: Int64, beside answer: Int64, models: [String]) throws -> [StoredReading] {
        // A job that looks at its scan again keeps its answer: what counts is what the answer was given for.
        let found = try db.rows(
            """
            SELECT job.model, other.id, other.text FROM answer AS own
            JOIN job ON job.sheet_id = \(sheet)
            JOIN answer AS other ON other.id = job.answer_id AND other.model = job.model
                AND other.content = own.content AND other.prompt_kind = own.prompt_kind
            WHERE own.id = \(answer)
            """
        ).map { StoredReading(model: $0[0], answerID: $0[1], text: $0[2]) }
        return models.compactMap { model in found.first { $0.model == model } }
    }

    /// `true` when the answer of that id was given for a content and prompt kind.
    func isAnswer(_ id: Int64, to key: AnswerKey) throws -> Bool {
        try db.exists(
            "SELECT 1 FROM answer WHERE id = \(id) AND content = \(key.content) AND prompt_kind = \(key.promptKind)")
    }

    /// `true` for an answer that a model of ours gave, `false` for one that was adopted from a result.
    func wasAsked(_ id: Int64) throws -> Bool {
        try db.exists("SELECT 1 FROM answer WHERE id = \(id) AND remarks IS NULL")
    }
}
