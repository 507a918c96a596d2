import MariaDB
import TestSupport
import Testing

@testable import NidsSync

@Suite("Observations in MariaDB", .enabled(if: MariaDBServer.isInstalled, "needs mariadb-server"))
struct MariaDBObservationStoreTests {
    private func failure(_ configuration: MariaDBConfiguration) async -> ObservationError? {
        await #expect(throws: ObservationError.self) {
            try await MariaDBObservationStore(configuration: configuration).prepare()
        }
    }

    @Test("a wrong password is refused, and not repeated")
    func wrongPassword() async throws {
        var configuration = try await MariaDBServer.shared.createDatabase().configuration
        configuration.password = "s3cret"
        let error = await failure(configuration)
        guard case .refused? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(!String(reflecting: error).contains("s3cret"))
    }

    @Test("an unknown database is a fault of the configuration, and is named")
    func unknownDatabase() async throws {
        var configuration = try await MariaDBServer.shared.createDatabase().configuration
        configuration.name = "nowhere"
        let error = await failure(configuration)
        guard case .misconfigured(let reason)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(reason.contains("nowhere"))
    }

    @Test(
        "a missing right is named, with the statement that grants it",
        arguments: ["CREATE", "CREATE VIEW", "INSERT", "SELECT"])
    func missingRight(_ right: String) async throws {
        let all = MariaDBServer.documentedRights.split(separator: ", ").map(String.init)
        let rights = all.filter { $0 != right }.joined(separator: ", ")
        let error = await failure(try await MariaDBServer.shared.createDatabase(rights: rights).configuration)
        guard case .misconfigured(let reason)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        // Without SELECT, MariaDB only says that some right for a view is missing: all are listed then.
        #expect(reason.contains("GRANT \(right)\(right == "SELECT" ? "," : " ON")"), "\(reason)")
    }

    @Test("tables made by an administrator need no right to make any")
    func preparedByOthers() async throws {
        let server = MariaDBServer.shared
        let database = try await server.createDatabase()
        try await MariaDBObservationStore(configuration: database.configuration).prepare()
        try await server.sql(
            """
            REVOKE ALL ON \(database.name).* FROM \(database.user)@'%';
            GRANT SELECT, INSERT, UPDATE, DELETE ON \(database.name).* TO \(database.user)@'%'
            """)
        let store = MariaDBObservationStore(configuration: database.configuration)
        try await store.prepare()
        #expect(try await store.record(.sample()) == .inserted)
        #expect(try await store.current().count == 1)
    }

    @Test("another application's tables are left alone, and ours are InnoDB and utf8mb4 beside them")
    func neighbours() async throws {
        let server = MariaDBServer.shared
        let database = try await server.createDatabase()
        try await server.sql(
            "CREATE TABLE fiches (id INT); CREATE TABLE auth_user (id INT); INSERT INTO fiches VALUES (7)",
            database: database.name)
        let store = MariaDBObservationStore(configuration: database.configuration)
        try await store.prepare()
        try await store.record(.sample())
        let tables = try await server.sql(
            """
            SELECT table_name, engine, table_collation LIKE 'utf8mb4%' FROM information_schema.tables
            WHERE table_schema = '\(database.name)' AND table_type = 'BASE TABLE' ORDER BY 1
            """)
        #expect(
            tables == [
                ["auth_user", "InnoDB", "0"], ["fiches", "InnoDB", "0"], ["nids_controles", "InnoDB", "1"],
                ["nids_equivalences", "InnoDB", "1"], ["nids_fiches", "InnoDB", "1"], ["nids_lectures", "InnoDB", "1"],
                ["nids_migrations", "InnoDB", "1"],
                ["nids_pages", "InnoDB", "1"], ["nids_visites", "InnoDB", "1"],
            ])
        #expect(try await server.sql("SELECT * FROM fiches", database: database.name) == [["7"]])
        // Seen through another client: what is stored is UTF-8 and not mangled both ways.
        #expect(
            try await server.sql("SELECT espece, remarque FROM nids_v_fiches", database: database.name)
                == [["Mésange bleue", "🐦🥚 œuf percé"]])
    }

    @Test("a stopped server is out of reach, and recording goes on once it runs again")
    func reconnects() async throws {
        let server = MariaDBServer()
        let store = MariaDBObservationStore(configuration: try await server.createDatabase().configuration)
        try await store.prepare()
        try await store.record(.sample("1.jpg"))
        await server.stop()
        for _ in 0..<2 {
            let error = await #expect(throws: ObservationError.self) { try await store.record(.sample("2.jpg")) }
            guard case .unreachable? = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
        }
        try await server.start()
        #expect(try await store.record(.sample("2.jpg")) == .inserted)
        #expect(try await store.count().sheets == 2)
        await server.remove()
    }

    @Test("a connection that the server dropped meanwhile is replaced unnoticed")
    func droppedConnection() async throws {
        let server = MariaDBServer.shared
        let database = try await server.createDatabase()
        let store = MariaDBObservationStore(configuration: database.configuration)
        try await store.prepare()
        let connections = try await server.sql(
            "SELECT id FROM information_schema.processlist WHERE user = '\(database.user)'")
        for connection in connections { try await server.sql("KILL \(connection[0])") }
        #expect(connections.count == 1)
        #expect(try await store.record(.sample()) == .inserted)
    }

    @Test("several programs recording the same sheets at once get in each other's way unnoticed")
    func severalPrograms() async throws {
        let database = try await MariaDBServer.shared.createDatabase()
        let stores = (0..<4).map { _ in MariaDBObservationStore(configuration: database.configuration) }
        try await stores[0].prepare()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for store in stores {
                group.addTask {
                    for number in 0..<10 { try await store.record(.sample("fiche \(number).jpg")) }
                }
            }
            try await group.waitForAll()
        }
        let counts = try await stores[0].count()
        #expect(counts.readings == 10)
        #expect(counts.visits == 20)
    }
}
