import Foundation
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing

@Suite("a daemon whose database cannot just now", .serialized, .enabled(if: MariaDBServer.isInstalled))
struct MariaDBOutageTests {
    /// Runs a daemon over three scans, and a test beside it once the results are in Nextcloud.
    private func daemon(
        _ database: MariaDBServer.Database, _ body: @escaping @Sendable (ContinuousClock.Instant) async throws -> Void
    ) async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg", "jpeg/c.jpg")
            var settings = database.variables
            settings["NIDS_NEXTCLOUD_POLL_INTERVAL"] = "200ms"
            let outcome = try await site.run(with: settings) { program in
                let began = ContinuousClock.now
                try await soon("the results are published") {
                    try ["a", "b", "c"].allSatisfy { try site.cloud.bytes(at: site.resultPath($0)) != nil }
                }
                try await body(began)
                try program.send(SIGTERM)
            }
            outcome.expect(status: 0)
            #expect(site.model.calls.count == 3)
        }
    }

    private func rows(_ server: MariaDBServer, _ database: MariaDBServer.Database) async throws -> [[String]] {
        (try? await server.sql("SELECT count(*) FROM nids_v_fiches", database: database.name)) ?? []
    }

    @Test("one that starts fifteen seconds after the daemon has its rows within thirty")
    func late() async throws {
        let server = MariaDBServer()
        let database = try await server.createDatabase()
        await server.stop()
        try await daemon(database) { began in
            try await soon("fifteen seconds have passed") { began.duration(to: .now) >= .seconds(15) }
            try await server.start()
            let started = ContinuousClock.now
            try await soon("the rows are there") { try await rows(server, database) == [["3"]] }
            #expect(started.duration(to: .now) < .seconds(30))
        }
        await server.remove()
    }

    @Test(
        "one that is read-only, or has no query or statement left, gets its rows when that is over, by itself",
        arguments: [
            ("SET GLOBAL read_only = 1", "SET GLOBAL read_only = 0"),
            ("SET GLOBAL max_prepared_stmt_count = 0", "SET GLOBAL max_prepared_stmt_count = 1000"),
            ("ALTER USER % WITH MAX_QUERIES_PER_HOUR 1", "ALTER USER % WITH MAX_QUERIES_PER_HOUR 0"),
        ])
    func planted(cause: String, lifting: String) async throws {
        let server = MariaDBServer()
        let database = try await server.createDatabase()
        @Sendable func sql(_ text: String) async throws {
            try await server.sql(text.replacing("%", with: "\(database.user)@'%'") + "; FLUSH USER_RESOURCES")
        }
        try await sql(cause)
        try await daemon(database) { _ in
            #expect(try await rows(server, database) != [["3"]])
            try await sql(lifting)
            try await soon("the rows are there") { try await rows(server, database) == [["3"]] }
        }
        await server.remove()
    }
}
