import MariaDB
import TestSupport
import Testing

@testable import NidsSync

/// What people report of MariaDB, MySQL and what stands before them, each with the place it is from.
@Suite("MariaDB as people report it", .enabled(if: MariaDBServer.isInstalled, "needs mariadb-server"))
struct MariaDBReportedTests {
    private func withStore(
        _ options: [String] = [],
        _ body: (MariaDBServer, MariaDBServer.Database, MariaDBObservationStore) async throws -> Void
    ) async throws {
        let server = options.isEmpty ? MariaDBServer.shared : MariaDBServer(options: options)
        let database = try await server.createDatabase()
        try await body(server, database, MariaDBObservationStore(configuration: database.configuration))
        if !options.isEmpty { await server.remove() }
    }

    @Test("a connection that the server closed because it was idle is opened anew (mscdex/node-mariasql#181)")
    func idle() async throws {
        try await withStore { server, _, store in
            try await store.prepare()
            let number = try await store.texts("SELECT CONNECTION_ID()")[0][0] ?? ""
            try await server.sql("KILL CONNECTION \(number)")
            #expect(try await store.record(.sample()) == .inserted)
        }
    }

    @Test("a backup that holds all tables is waited for (mysqldump --lock-all-tables)")
    func backup() async throws {
        // On a server of its own: other tests would wait for the lock, too.
        try await withStore(["--lock-wait-timeout=86400"]) { server, database, store in
            try await store.prepare()
            try await server.sql("GRANT RELOAD ON *.* TO \(database.user)@'%'")
            let backup = MariaDBConnection(database.configuration)
            try await backup.open()
            _ = try await backup.execute("FLUSH TABLES WITH READ LOCK")
            async let recorded = store.record(.sample())
            let deadline = ContinuousClock.now + .seconds(20)
            while ContinuousClock.now < deadline,
                try await server.sql(
                    "SELECT COUNT(*) FROM information_schema.processlist WHERE user = '\(database.user)' AND state LIKE '%lock%'"
                )
                    == [["0"]]
            { await Task.yield() }
            _ = try await backup.execute("UNLOCK TABLES")
            await backup.close()
            #expect(try await recorded == .inserted)
        }
    }

    @Test("tables are InnoDB's, whatever the server makes by itself, and names in lower case make no difference")
    func otherDefaults() async throws {
        try await withStore(["--default-storage-engine=MyISAM", "--lower-case-table-names=1"]) {
            server, database, store in
            try await store.prepare()
            #expect(try await store.record(.sample()) == .inserted)
            let engines = try await server.sql(
                "SELECT DISTINCT engine FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND "
                    + "table_schema = '\(database.name)'")
            #expect(engines == [["InnoDB"]])
        }
    }

    @Test(
        "an account that may not come in is told as that, and comes in when it may",
        arguments: [
            ("ACCOUNT LOCK", "ACCOUNT UNLOCK", "locked"), ("PASSWORD EXPIRE", "PASSWORD EXPIRE NEVER", "password"),
        ])
    func account(plant: String, lift: String, words: String) async throws {
        try await withStore { server, database, store in
            try await server.sql("ALTER USER \(database.user)@'%' \(plant)")
            let error = await #expect(throws: ObservationError.self) { try await store.prepare() }
            guard case .refused(let reason)? = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
            #expect(reason.lowercased().contains(words))
            try await server.sql(
                "ALTER USER \(database.user)@'%' IDENTIFIED BY '\(database.password)'; "
                    + "ALTER USER \(database.user)@'%' \(lift)")
            try await store.prepare()
        }
    }

    @Test("a reading larger than the server's packets costs that sheet alone")
    func packet() async throws {
        try await withStore(["--max-allowed-packet=64K"]) { _, _, store in
            try await store.prepare()
            var reading = ObservationReading.sample("1.jpg")
            reading.document = "{\"remarque\": \"\(String(repeating: "é", count: 100_000))\"}"
            let large = reading
            let error = await #expect(throws: ObservationError.self) { try await store.record(large) }
            guard case .rejected(_, let reason)? = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
            #expect(reason.contains("max_allowed_packet"))
            #expect(try await store.record(.sample("2.jpg")) == .inserted)
        }
    }

    @Test("a database that is put back empty gets its tables anew after one failure")
    func putBack() async throws {
        try await withStore { server, database, store in
            let prepared = PreparedObservationStore(store, primary: "gemini_3_flash")
            #expect(try await prepared.record(.sample()) == .inserted)
            try await server.sql("DROP DATABASE `\(database.name)`; CREATE DATABASE `\(database.name)`")
            await #expect(throws: ObservationError.self) { try await prepared.record(.sample()) }
            #expect(try await prepared.record(.sample()) == .inserted)
        }
    }
}
