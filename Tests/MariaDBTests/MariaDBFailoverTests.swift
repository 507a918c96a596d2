import MariaDB
import TestSupport
import Testing

@Suite("Several MariaDB servers", .serialized, .enabled(if: MariaDBServer.isInstalled, "needs mariadb-server"))
struct MariaDBFailoverTests {
    private func number(_ connection: MariaDBConnection) async throws -> MariaDBValue? {
        try await connection.query("SELECT @@port AS v").first?["v"]
    }

    @Test("are tried in order, and the one that answers is kept")
    func inOrder() async throws {
        let database = try await MariaDBServer.shared.createDatabase()
        var configuration = MariaDBConfiguration(database)
        configuration.servers = [
            .tcp(host: "127.0.0.1", port: 1), .socket(path: "/nonexistent.sock"),
            .tcp(host: "127.0.0.1", port: database.port),
        ]
        let connection = MariaDBConnection(configuration)
        try await connection.open()
        #expect(try await number(connection) == .int(Int64(database.port)))
        #expect(await connection.server == configuration.servers[2])
    }

    @Test("that are all gone are told one by one")
    func allGone() async throws {
        let configuration = MariaDBConfiguration(
            servers: [.tcp(host: "127.0.0.1", port: 1), .socket(path: "/nonexistent.sock")], name: "n", user: "u",
            password: "s3cret")
        let error = await #expect(throws: MariaDBError.self) { try await MariaDBConnection(configuration).open() }
        guard case .cannotConnect(_, let reason)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(reason.contains("127.0.0.1:1: "))
        #expect(reason.contains("/nonexistent.sock: "))
    }

    @Test("give way to the next when one stops or turns read-only")
    func givesWay() async throws {
        let (one, two) = (MariaDBServer(), MariaDBServer())
        let database = try await one.createDatabase()
        let twin = try await two.createDatabase(like: database)
        for server in [one, two] { try await server.sql("CREATE TABLE t (n INT)", database: database.name) }
        var configuration = MariaDBConfiguration(database)
        configuration.servers = [
            .tcp(host: "127.0.0.1", port: database.port), .tcp(host: "127.0.0.1", port: twin.port),
        ]
        let connection = MariaDBConnection(configuration)
        try await connection.open()

        try await one.sql("SET GLOBAL read_only = 1")
        let error = await #expect(throws: MariaDBError.self) {
            try await connection.execute("INSERT INTO t VALUES (1)")
        }
        guard case .unavailable(code: 1290, _)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(await !connection.isOpen)
        try await connection.open()
        #expect(try await number(connection) == .int(Int64(twin.port)))
        try await connection.execute("INSERT INTO t VALUES (1)")

        await two.stop()
        await #expect(throws: MariaDBError.self) { try await connection.execute("INSERT INTO t VALUES (2)") }
        try await one.sql("SET GLOBAL read_only = 0")
        try await connection.open()
        #expect(try await number(connection) == .int(Int64(database.port)))
        await one.remove()
        await two.remove()
    }

    @Test("give way to the next when one falls silent, though it would take a new connection")
    func silence() async throws {
        let (one, two) = (MariaDBServer(), MariaDBServer())
        let database = try await one.createDatabase()
        let twin = try await two.createDatabase(like: database)
        var configuration = MariaDBConfiguration(database)
        configuration.servers.append(.tcp(host: "127.0.0.1", port: twin.port))
        configuration.statementTimeout = .seconds(1)
        let connection = MariaDBConnection(configuration)
        try await connection.open()
        await #expect(throws: MariaDBError.self) { try await connection.query("SELECT SLEEP(20)") }
        try await connection.open()
        #expect(try await number(connection) == .int(Int64(twin.port)))
        await one.remove()
        await two.remove()
    }

    @Test("that refuse the login are not passed over: the fault would stay hidden")
    func refusedLogin() async throws {
        let database = try await MariaDBServer.shared.createDatabase()
        let other = MariaDBServer()
        try await other.start()
        var configuration = MariaDBConfiguration(database)
        configuration.servers = [
            .tcp(host: "127.0.0.1", port: await other.tcpPort), .tcp(host: "127.0.0.1", port: database.port),
        ]
        let error = await #expect(throws: MariaDBError.self) { try await MariaDBConnection(configuration).open() }
        guard case .accessDenied? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        await other.remove()
    }
}
