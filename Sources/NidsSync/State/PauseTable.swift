import Foundation
import GRDB

/// The pauses of models: for those who ask for the status, and for the next start where the provider named the time.
struct PauseTable {
    let db: Database

    func store(_ pause: ModelPause) throws {
        try db.change(
            """
            INSERT INTO model_pause (model, reason, since, until, is_named)
            VALUES (\(pause.model), \(pause.reason), \(pause.since.timeIntervalSince1970),
                \(pause.until?.timeIntervalSince1970), \(pause.isNamed))
            ON CONFLICT (model) DO UPDATE SET reason = excluded.reason, until = excluded.until,
            is_named = excluded.is_named
            """)
    }

    /// All pauses, by model.
    func all() throws -> [ModelPause] {
        try db.rows("SELECT * FROM model_pause ORDER BY model").map { row in
            ModelPause(
                model: row["model"], reason: row["reason"], since: row.date("since"),
                until: row.dateIfPresent("until"), isNamed: row["is_named"])
        }
    }

    /// The model answers, or a person asks to try it.
    func end(_ model: String) throws { try db.change("DELETE FROM model_pause WHERE model = \(model)") }

    /// Every model is asked again at once.
    /// - Returns: those that were paused.
    func endAll() throws -> [String] {
        let models: [String] = try db.values("SELECT model FROM model_pause ORDER BY model")
        if !models.isEmpty { try db.change("DELETE FROM model_pause") }
        return models
    }

    /// Forgets the pauses that a new start need not keep to: those whose time the provider did not name, or is over.
    func forgetOld(at now: Date) throws {
        try db.change(
            "DELETE FROM model_pause WHERE NOT is_named OR until IS NULL OR until <= \(now.timeIntervalSince1970)")
    }
}
