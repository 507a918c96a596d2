import Foundation
import HarnessSupport
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing

@Suite("a database server that is killed while sheets are recorded", .enabled(if: MariaDBServer.isInstalled))
struct MariaDBKillTests {
    private static let sheets = 100

    @Test("has the rows of an undisturbed run, also after all is recorded a second time")
    func killed() async throws {
        // What it has committed it keeps when it is killed.
        let server = MariaDBServer(options: ["--innodb-flush-log-at-trx-commit=1"])
        do {
            try await Site<NextcloudStandIn>.run { site in
                try site.putScans((1...Self.sheets).map { "jpeg/TRI_ANCIEN/fiche \($0).jpg" })
                let calm = try await server.createDatabase()
                try await site.run("--once", with: calm.variables).expect(status: 0)
                let expected = try await rows(server, calm)
                #expect(expected.count > 3 * Self.sheets)

                let database = try await server.createDatabase()
                var random = SeededGenerator(seed: 14)
                for _ in 1...2 {
                    try FileManager.default.removeItem(atPath: site.state)
                    try await record(site, server, database, &random)
                    #expect(try await rows(server, database) == expected)
                }
                #expect(site.model.calls.count == Self.sheets)
            }
        } catch {
            await server.remove()
            throw error
        }
        await server.remove()
    }

    /// Runs the program while the server is killed three times, until all is recorded.
    private func record(
        _ site: Site<NextcloudStandIn>, _ server: MariaDBServer, _ database: MariaDBServer.Database,
        _ random: inout SeededGenerator
    ) async throws {
        let thresholds = (1...3).map { _ in Int.random(in: 1..<Self.sheets, using: &random) }.sorted()
        let pauses = thresholds.map { _ in random.time(upTo: .milliseconds(300)) }
        let outcome = try await site.run("--once", "--json", with: database.variables) { program in
            for (threshold, pause) in zip(thresholds, pauses) {
                try await soon("some are recorded") {
                    let count =
                        (try? await server.sql("SELECT count(*) FROM nids_fiches", database: database.name)) ?? []
                    return (count.first.flatMap { Int($0[0]) } ?? 0) >= threshold || !program.isRunning
                }
                try await Task.sleep(for: pause)
                await server.stop(isKilled: true)
                try await server.start()
            }
        }
        if outcome.status != 0 {
            outcome.expect(status: 69)
            try await site.run("--once", with: database.variables).expect(status: 0)
        }
    }

    /// Everything but numbers and times of the database's own.
    private func rows(_ server: MariaDBServer, _ database: MariaDBServer.Database) async throws -> [[String]] {
        let own = "'id', 'fiche_id', 'lecture_id', 'enregistree_le', 'modifiee_le'"
        var all: [[String]] = []
        for (table, join) in [
            ("nids_fiches", ""), ("nids_lectures", "JOIN nids_fiches f ON f.id = t.fiche_id"),
            ("nids_visites", Self.ofLecture), ("nids_pages", Self.ofLecture), ("nids_controles", Self.ofLecture),
        ] {
            let columns = try await server.sql(
                """
                SELECT column_name FROM information_schema.columns WHERE table_schema = '\(database.name)'
                AND table_name = '\(table)' AND column_name NOT IN (\(own)) ORDER BY ordinal_position
                """
            ).map { "t.\($0[0])" }
            let sheet = join.isEmpty ? "t.chemin" : "f.chemin"
            all += try await server.sql(
                "SELECT '\(table)', \(sheet), \(columns.joined(separator: ", ")) FROM \(table) t \(join) ORDER BY 2"
                    + (columns.contains("t.rang") ? ", t.rang" : ""), database: database.name)
        }
        return all
    }

    private static let ofLecture =
        "JOIN nids_lectures l ON l.id = t.lecture_id JOIN nids_fiches f ON f.id = l.fiche_id"
}
