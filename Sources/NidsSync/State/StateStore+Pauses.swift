import Foundation
import GRDB

/// Why a model rests, as it was found last.
struct ModelPause: Sendable, Equatable {
    var model: String
    var reason: String
    var since: Date
    /// When it is asked again, at the earliest.
    var until: Date?
    /// Whether the provider itself named that time, as for the quota of a day: then a restart keeps to it.
    var isNamed: Bool
}

extension StateStore {
    /// Stores why a model rests.
    func store(_ pause: ModelPause) async throws {
        try await database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO model_pause (model, reason, since, until, is_named) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (model) DO UPDATE SET reason = excluded.reason, until = excluded.until,
                    is_named = excluded.is_named
                    """,
                arguments: [
                    pause.model, pause.reason, pause.since.timeIntervalSince1970, pause.until?.timeIntervalSince1970,
                    pause.isNamed,
                ])
        }
    }

    /// The model answers, or a person asks to try it.
    func endPause(of model: String) async throws {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM model_pause WHERE model = ?", arguments: [model])
        }
    }

    /// Forgets the pauses that a new start need not keep to: those whose time the provider did not name, or is over.
    func forgetOldPauses(at now: Date) async throws {
        try await database.write { db in
            try db.execute(
                sql: "DELETE FROM model_pause WHERE NOT is_named OR until IS NULL OR until <= ?",
                arguments: [now.timeIntervalSince1970])
        }
    }

    /// The models that rest.
    func pauses() async throws -> [ModelPause] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM model_pause ORDER BY model").map { row in
                ModelPause(
                    model: row["model"], reason: row["reason"], since: Date(timeIntervalSince1970: row["since"]),
                    until: (row["until"] as Double?).map(Date.init(timeIntervalSince1970:)), isNamed: row["is_named"])
            }
        }
    }
}
