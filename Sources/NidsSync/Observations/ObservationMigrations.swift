import Foundation

/// The tables' history: numbered steps, never changed once released, each recorded in `nids_migrations`.
///
/// MariaDB commits after every `CREATE`, so a step may have been done in part: each statement can be repeated. None
/// needs the right to drop, which `CREATE OR REPLACE` would.
enum ObservationMigrations {
    struct Step: Sendable {
        var number: Int
        var name: String
        var statements: @Sendable (SQLDialect) -> [String]
    }

    static let steps = [
        Step(number: 1, name: "tables", statements: ObservationSchema.tables),
        Step(number: 2, name: "vues", statements: ObservationSchema.views),
    ]

    /// The steps not yet done.
    /// - Throws: `ObservationError.misconfigured` when the tables are a newer program's.
    static func pending(in session: any SQLSession, steps: [Step] = steps) throws -> [Step] {
        let tables = try session.rows(session.dialect.countTablesNamed, [.text("nids_migrations")])
        guard tables.first?.first?.integer ?? 0 > 0 else { return steps }
        let done = Set(try session.rows("SELECT numero FROM nids_migrations").compactMap { $0.first?.integer })
        let latest = steps.last?.number ?? 0
        if let newer = done.max(), newer > latest {
            throw ObservationError.misconfigured(
                reason: """
                    its tables are at step \(newer), made by a newer nids-sync; this one knows steps up to \(latest): \
                    install the newer version
                    """)
        }
        return steps.filter { !done.contains(Int64($0.number)) }
    }

    static func run(in session: any SQLSession, steps: [Step] = steps) throws {
        let pending = try pending(in: session, steps: steps)
        guard !pending.isEmpty else { return }
        try session.run(
            """
            CREATE TABLE IF NOT EXISTS nids_migrations (
                numero INTEGER NOT NULL PRIMARY KEY, nom VARCHAR(191) NOT NULL, appliquee_le DATETIME NOT NULL
            ) \(session.dialect.tableOptions)
            """)
        for step in pending {
            for statement in step.statements(session.dialect) { try session.run(statement) }
            _ = try session.insert(
                into: "nids_migrations", ["numero", "nom", "appliquee_le"],
                [SQLValue(step.number), SQLValue(step.name), SQLValue(Date().sqlText)])
        }
    }
}

extension Date {
    /// UTC to the second, as both databases keep it: `2026-05-30 14:01:02`.
    var sqlText: String {
        formatted(.iso8601.year().month().day().dateTimeSeparator(.space).time(includingFractionalSeconds: false))
    }
}
