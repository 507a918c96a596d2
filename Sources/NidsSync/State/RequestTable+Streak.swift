import Foundation
import GRDB
import Transcriber

extension RequestTable {
    /// The answers of a model that are looked at to learn how long they are.
    private static let sampleSize = 50

    /// The end of a model's requests so far: those since its last answer that brought none, and how long its answers
    /// have been.
    func answerRecord(of model: String) throws -> AnswerRecord {
        let last: Double? = try db.value(
            """
            SELECT ended_at FROM model_request WHERE model = \(model) AND outcome = \(RequestOutcome.answered)
            ORDER BY ended_at DESC LIMIT 1
            """)
        var record = AnswerRecord()
        record.hasAnswered = last != nil
        record.lengths = try db.values(
            """
            SELECT output_tokens + coalesce(thinking_tokens, 0) FROM model_request
            WHERE model = \(model) AND outcome = \(RequestOutcome.answered) AND output_tokens > 0
            ORDER BY ended_at DESC LIMIT \(Self.sampleSize)
            """)
        record.lengths.reverse()
        let fruitless = try db.rows(
            """
            SELECT content, outcome, input_tokens, output_tokens, thinking_tokens, cost FROM model_request
            WHERE model = \(model) AND ended_at > \(last ?? 0) AND outcome IN \(RequestOutcome.fruitless)
                AND NOT forgiven
            """)
        for row in fruitless {
            guard let outcome = RequestOutcome(rawValue: row["outcome"]) else { continue }
            let input: Int? = row["input_tokens"]
            record.add(
                row["content"], .init(outcome),
                usage: TokenUsage(
                    input: input ?? 0, output: row["output_tokens"] ?? 0, thinking: row["thinking_tokens"] ?? 0),
                cost: row["cost"])
        }
        return record
    }

    /// Set where the last request to a model that tells whether it reads brought an answer; `nil` where none tells.
    func lastIsAnswered(_ model: String) throws -> Bool? {
        let outcome: String? = try db.value(
            """
            SELECT outcome FROM model_request WHERE model = \(model) AND NOT forgiven
                AND outcome IN \([RequestOutcome.answered] + RequestOutcome.fruitless)
            ORDER BY ended_at DESC LIMIT 1
            """)
        return outcome.map { $0 == RequestOutcome.answered.rawValue }
    }

    /// The contents that a model read while its server failed over this one again and again; `nil` while it may as well
    /// be the server that is out of order.
    func readBeside(failing key: AnswerKey) throws -> Int? {
        let ends: [Double] = try db.values(
            """
            SELECT ended_at FROM model_request WHERE \(key.condition) AND NOT forgiven AND batch_id IS NULL
                AND outcome IN \(RequestOutcome.serverFailed)
            ORDER BY ended_at DESC LIMIT \(Self.failureLimit)
            """)
        guard ends.count == Self.failureLimit, let last = ends.first, let first = ends.last else { return nil }
        let others = try db.row(
            """
            SELECT count(*) FILTER (WHERE outcome = \(RequestOutcome.answered)) AS answered,
                count(*) FILTER (WHERE outcome IN \(RequestOutcome.serverFailed)) AS failed
            FROM model_request WHERE model = \(key.model) AND ended_at BETWEEN \(first) AND \(last)
                AND content <> \(key.content)
            """)
        guard let others else { return nil }
        let (answered, failed): (Int, Int) = (others["answered"], others["failed"])
        // Of a server that fails at random one request in five, one content in 15,000 fails so often in a row.
        return answered >= Self.failureLimit && failed <= answered / 4 ? answered : nil
    }

    private static let failureLimit = 6
}
