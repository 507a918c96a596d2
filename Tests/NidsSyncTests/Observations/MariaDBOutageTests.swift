import Foundation
import MariaDB
import TestSupport
import Testing

@testable import NidsSync

/// Servers that cannot, each with a cause that is planted and then lifted.
@Suite("A MariaDB that cannot just now", .serialized, .enabled(if: MariaDBServer.isInstalled, "needs mariadb-server"))
struct MariaDBOutageTests {
    /// Expects a waiting with that reason.
    private func waits(
        _ reason: String, at location: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
    ) async {
        let error = await #expect(throws: ObservationError.self, sourceLocation: location) { try await body() }
        guard case .unreachable(let found)? = error else {
            Issue.record("unexpected \(String(describing: error))", sourceLocation: location)
            return
        }
        #expect(found.contains(reason), sourceLocation: location)
    }

    private struct Cause: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var plant: String
        var lift: String
        var reason: String
        /// True for a cause that an open connection does not feel.
        var needsNewConnection = false
    }

    private static let causes = [
        Cause(
            testDescription: "read-only", plant: "SET GLOBAL read_only = 1", lift: "SET GLOBAL read_only = 0",
            reason: "read-only"),
        Cause(
            testDescription: "no more prepared statements", plant: "SET GLOBAL max_prepared_stmt_count = 0",
            lift: "SET GLOBAL max_prepared_stmt_count = 1000", reason: "max_prepared_stmt_count",
            needsNewConnection: true),
        Cause(
            testDescription: "the account's queries used up",
            plant: "ALTER USER %@'%%' WITH MAX_QUERIES_PER_HOUR 1; FLUSH USER_RESOURCES",
            lift: "ALTER USER %@'%%' WITH MAX_QUERIES_PER_HOUR 0; FLUSH USER_RESOURCES",
            reason: "max_queries_per_hour", needsNewConnection: true),
        Cause(
            testDescription: "the account's connections used up",
            plant: "ALTER USER %@'%%' WITH MAX_CONNECTIONS_PER_HOUR 1; FLUSH USER_RESOURCES",
            lift: "ALTER USER %@'%%' WITH MAX_CONNECTIONS_PER_HOUR 0; FLUSH USER_RESOURCES",
            reason: "max_connections_per_hour", needsNewConnection: true),
    ]

    @Test("is waited for with the true reason, and recording goes on by itself when it can again", arguments: causes)
    private func planted(cause: Cause) async throws {
        let server = MariaDBServer()
        let database = try await server.createDatabase()
        func sql(_ text: String) async throws {
            try await server.sql(text.replacing("%@", with: "\(database.user)@").replacing("%%", with: "%"))
        }
        var store = MariaDBObservationStore(configuration: database.configuration)
        try await store.prepare()
        try await store.record(.sample("1.jpg"))
        try await sql(cause.plant)
        if cause.needsNewConnection {
            // Uses up what there is one of.
            _ = try? await MariaDBObservationStore(configuration: database.configuration).count()
            store = MariaDBObservationStore(configuration: database.configuration)
        }
        for _ in 0..<2 { await waits(cause.reason) { try await store.record(.sample("2.jpg")) } }
        try await sql(cause.lift)
        #expect(try await store.record(.sample("2.jpg")) == .inserted)
        #expect(try await store.count().readings == 2)
        await server.remove()
    }

    @Test("because all its connections are taken, lets a daemon in when one is free")
    func tooManyConnections() async throws {
        let server = MariaDBServer(options: ["--max-connections=10"])
        let database = try await server.createDatabase()
        let others = (0..<10).map { _ in MariaDBConnection(database.configuration) }
        for other in others { try await other.open() }
        let store = MariaDBObservationStore(configuration: database.configuration)
        await waits("Too many connections") { try await store.prepare() }
        for other in others { await other.close() }
        try await store.prepare()
        #expect(try await store.record(.sample()) == .inserted)
        await server.remove()
    }

    @Test("with limits that a server sets for its clients records all the same")
    func serverLimits() async throws {
        let server = MariaDBServer(options: ["--init-connect=SET SESSION sql_safe_updates = 1"])
        let database = try await server.createDatabase()
        try await server.sql(
            """
            SET GLOBAL autocommit = 0, wait_timeout = 1, sql_mode = 'ANSI', tx_isolation = 'SERIALIZABLE',
                tx_read_only = 1, max_statement_time = 0.001
            """)
        let store = MariaDBObservationStore(configuration: database.configuration)
        try await store.prepare()
        try await store.record(.sample())
        try await store.setPrimary(model: "another")
        #expect(try await store.count().readings == 1)
        await server.remove()
    }

    @Test("since a record has changed since it was read (the default of MariaDB 11.6.2) is asked again at once")
    func snapshotIsolation() async throws {
        let server = MariaDBServer(options: ["--innodb-snapshot-isolation=ON"])
        let database = try await server.createDatabase()
        let stores = (0..<4).map { _ in MariaDBObservationStore(configuration: database.configuration) }
        try await stores[0].prepare()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, store) in stores.enumerated() {
                group.addTask {
                    for round in 0..<15 { try await store.record(.sample(espece: "\(index) \(round)")) }
                }
            }
            try await group.waitForAll()
        }
        let counts = try await stores[0].count()
        #expect(counts.readings == 1)
        #expect(counts.visits == 2)
        await server.remove()
    }

    @Test("whose statement somebody ended is asked again later, and the connection is kept")
    func killedQuery() async throws {
        let server = MariaDBServer.shared
        let database = try await server.createDatabase()
        let store = MariaDBObservationStore(configuration: database.configuration)
        try await store.prepare()
        let number = try await store.texts("SELECT CONNECTION_ID()")[0][0] ?? ""
        async let killed: Void = waits("interrupted") {
            let columns = "information_schema.collations"
            _ = try await store.texts(
                "SELECT COUNT(*) AS endless FROM \(columns) a, \(columns) b, \(columns) c, \(columns) d WHERE a.id < b.id"
            )
        }
        // Until the query runs, or its own time is up.
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline,
            try await server.sql(
                "SELECT COUNT(*) FROM information_schema.processlist WHERE id = \(number) AND info LIKE '%endless%'")
                == [["0"]]
        { await Task.yield() }
        try await server.sql("KILL QUERY \(number)")
        await killed
        #expect(try await store.texts("SELECT CONNECTION_ID()")[0][0] == number)
        #expect(try await store.record(.sample()) == .inserted)
    }

    @Test("only a missing table or column means that the tables are not ours")
    func foreignTables() async throws {
        let database = try await MariaDBServer.shared.createDatabase()
        let store = MariaDBObservationStore(configuration: database.configuration)
        try await store.prepare()
        try await MariaDBServer.shared.sql(
            "ALTER TABLE nids_pages RENAME COLUMN sha256 TO hash", database: database.name)
        let error = await #expect(throws: ObservationError.self) { try await store.record(.sample()) }
        guard case .misconfigured(let reason)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(reason.contains("sha256"))
        #expect(reason.contains("not those of this version"))
        #expect(try await store.count().readings == 0)
    }

    @Test("several servers: recording goes on with the next when one stops, and is repeated when one turns read-only")
    func failover() async throws {
        let (one, two) = (MariaDBServer(), MariaDBServer())
        let database = try await one.createDatabase()
        let twin = try await two.createDatabase(like: database)
        try await MariaDBObservationStore(configuration: twin.configuration).prepare()
        var configuration = database.configuration
        configuration.servers.append(.tcp(host: "127.0.0.1", port: twin.port))
        let store = MariaDBObservationStore(configuration: configuration)
        try await store.prepare()
        try await store.record(.sample("1.jpg"))
        try await one.sql("SET GLOBAL read_only = 1")
        #expect(try await store.record(.sample("2.jpg")) == .inserted)
        #expect(try await two.sql("SELECT chemin FROM nids_fiches", database: database.name) == [["2.jpg"]])
        try await one.sql("SET GLOBAL read_only = 0")
        await two.stop()
        #expect(try await store.record(.sample("3.jpg")) == .inserted)
        await one.stop()
        await waits("127.0.0.1:\(twin.port): ") { try await store.record(.sample("4.jpg")) }
        await one.remove()
        await two.remove()
    }
}
