import Foundation
import GRDB
import Transcriber

/// What one model has done for its money.
struct Spending: Sendable, Equatable {
    /// Requests sent, those of batches included.
    var requests = 0
    /// Those that brought an answer.
    var answers = 0
    /// Those whose answer never came: they may have been billed.
    var lost = 0
    /// Those that are under way just now.
    var open = 0
    /// Lines of batches whose results are still awaited.
    var awaited = 0
    var tokens = TokenUsage(input: 0, output: 0)
    /// The sum of what is known, in the currency of the prices.
    var cost = 0.0
    /// Requests with tokens whose price is not known.
    var unpriced = 0
    /// Answers whose tokens nobody counted.
    var uncounted = 0

    /// What an answer costs on average, answers that were none included; `nil` while nothing is known.
    var costPerAnswer: Double? { answers > 0 && unpriced < answers ? cost / Double(answers) : nil }
}

extension StateStore {
    /// What each model has cost since then, by label; requests that have not ended count as of when they began, those
    /// of batches always.
    ///
    /// - Parameter start: since when a process works on the state: what it began may still be under way.
    func spending(since date: Date, runningSince start: Date? = nil) async throws -> [String: Spending] {
        try await database.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT model_request.model, count(*) AS requests,
                        count(*) FILTER (WHERE outcome = 'answered') AS answers,
                        count(*) FILTER (WHERE outcome = 'lost'
                            OR ended_at IS NULL AND batch_id IS NULL AND started_at < :start) AS lost,
                        count(*) FILTER (WHERE ended_at IS NULL AND batch_id IS NULL AND started_at >= :start) AS open,
                        count(*) FILTER (WHERE ended_at IS NULL AND batch_id IS NOT NULL) AS awaited,
                        coalesce(sum(input_tokens), 0) AS input, coalesce(sum(output_tokens), 0) AS output,
                        coalesce(sum(thinking_tokens), 0) AS thinking, coalesce(sum(cost), 0.0) AS cost,
                        count(*) FILTER (WHERE cost IS NULL AND input_tokens IS NOT NULL) AS unpriced,
                        count(*) FILTER (WHERE outcome = 'answered' AND input_tokens IS NULL) AS uncounted
                    FROM model_request
                    WHERE ended_at >= :since OR ended_at IS NULL AND (started_at >= :since OR batch_id IS NOT NULL)
                    GROUP BY model_request.model
                    """,
                arguments: [
                    "since": date.timeIntervalSince1970,
                    "start": (start ?? .distantFuture).timeIntervalSince1970,
                ])
            return Dictionary(rows.map { ($0["model"], Self.spending($0)) }, uniquingKeysWith: { first, _ in first })
        }
    }

    private static func spending(_ row: Row) -> Spending {
        Spending(
            requests: row["requests"], answers: row["answers"], lost: row["lost"], open: row["open"],
            awaited: row["awaited"],
            tokens: TokenUsage(input: row["input"], output: row["output"], thinking: row["thinking"]),
            cost: row["cost"], unpriced: row["unpriced"], uncounted: row["uncounted"])
    }
}
