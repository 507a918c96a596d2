import Foundation

/// The tables' history: numbered steps, never changed once released, each recorded in `nids_migrations`.
///
/// MariaDB commits after every `CREATE`, so a step may have been done in part: each statement can be repeated. The right
/// to drop is needed only where a view of an earlier version is made anew, which no database without one is.
enum ObservationMigrations {
    struct Step: Sendable {
        var number: Int
        var name: String
        /// The step that makes this one unnecessary where both are still to be done.
        var supersededBy: Int?
        var apply: @Sendable (any SQLSession) throws -> Void

        init(
            number: Int, name: String, supersededBy: Int? = nil,
            apply: @escaping @Sendable (any SQLSession) throws -> Void
        ) {
            self.number = number
            self.name = name
            self.supersededBy = supersededBy
            self.apply = apply
        }

        init(
            number: Int, name: String, supersededBy: Int? = nil,
            statements: @escaping @Sendable (SQLDialect) -> [String]
        ) {
            self.init(number: number, name: name, supersededBy: supersededBy) { session in
                for statement in statements(session.dialect) { try session.run(statement) }
            }
        }
    }

    static let steps = [
        Step(number: 1, name: "tables", statements: ObservationSchema.tables),
        Step(number: 2, name: "vues", supersededBy: 4, statements: ObservationSchema.views),
        Step(number: 3, name: "valeurs", apply: ObservationColumns.add),
        Step(number: 4, name: "vues 2", apply: ObservationViews.renew),
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
            if !pending.contains(where: { $0.number == step.supersededBy }) { try step.apply(session) }
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
