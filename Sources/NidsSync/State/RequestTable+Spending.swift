import Foundation
import GRDB
import Transcriber

extension RequestTable {
    /// The spending of each model since then, by label; requests that have not ended count as of when they began, those
    /// of batches always.
    ///
    /// - Parameter start: the time since which a process works on the state: what it began may still be under way.
    func spending(since date: Date, runningSince start: Date? = nil) throws -> [String: Spending] {
        let start = (start ?? .distantFuture).timeIntervalSince1970
        // One model after the other: to group them, SQLite would sort all requests.
        let models: [String] = try db.values("SELECT DISTINCT model FROM model_request")
        var spending: [String: Spending] = [:]
        for model in models {
            let row = try db.row(
                """
                SELECT count(*) AS requests,
                    count(*) FILTER (WHERE outcome = \(RequestOutcome.answered)) AS answers,
                    count(*) FILTER (WHERE outcome = \(RequestOutcome.lost)
                        OR ended_at IS NULL AND batch_id IS NULL AND started_at < \(start)) AS lost,
                    count(*) FILTER (WHERE ended_at IS NULL AND batch_id IS NULL AND started_at >= \(start)) AS open,
                    count(*) FILTER (WHERE ended_at IS NULL AND batch_id IS NOT NULL) AS awaited,
                    \(Self.sum("input_tokens")) AS input, \(Self.sum("output_tokens")) AS output,
                    \(Self.sum("thinking_tokens")) AS thinking, total(max(cost, 0.0)) AS cost,
                    count(*) FILTER (WHERE cost IS NULL AND input_tokens IS NOT NULL) AS unpriced,
                    count(*) FILTER (WHERE outcome = \(RequestOutcome.answered) AND input_tokens IS NULL) AS uncounted
                FROM \(Self.requests(of: model, since: date))
                """)
            if let row, (row["requests"] as Int) > 0 { spending[model] = Self.spending(row) }
        }
        return spending
    }

    /// Written with OR, SQLite would keep a list of the requests in memory.
    private static func requests(of model: String, since date: Date) -> SQL {
        if date == .distantPast { return "model_request WHERE model = \(model)" }
        let since = date.timeIntervalSince1970
        return """
            (SELECT * FROM model_request WHERE model = \(model) AND ended_at >= \(since)
            UNION ALL SELECT * FROM model_request WHERE model = \(model) AND ended_at IS NULL
                AND (started_at >= \(since) OR batch_id IS NOT NULL))
            """
    }

    /// The most tokens of one answer that are believed; older releases stored whatever a result told.
    private static let mostTokens = 1_000_000_000

    /// A sum of counts that others told: each within its range, so that it can neither overflow nor become less.
    private static func sum(_ column: SQL) -> SQL {
        "coalesce(sum(min(max(CAST(\(column) AS INTEGER), 0), \(mostTokens))), 0)"
    }

    private static func spending(_ row: Row) -> Spending {
        Spending(
            requests: row["requests"], answers: row["answers"], lost: row["lost"], open: row["open"],
            awaited: row["awaited"],
            tokens: TokenUsage(input: row["input"], output: row["output"], thinking: row["thinking"]),
            cost: row["cost"], unpriced: row["unpriced"], uncounted: row["uncounted"])
    }
}
