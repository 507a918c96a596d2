import MariaDB
import TestSupport
import Testing

@Suite("Connecting to MariaDB", .enabled(if: MariaDBServer.isInstalled, "needs mariadb-server"))
struct MariaDBConnectingTests {
    private func failure(_ configuration: MariaDBConfiguration) async -> MariaDBError? {
        await #expect(throws: MariaDBError.self) { try await MariaDBConnection(configuration).open() }
    }

    @Test("a wrong password is a refused login, and is in no message")
    func wrongPassword() async throws {
        var configuration = MariaDBConfiguration(try await MariaDBServer.shared.createDatabase())
        configuration.password = "s3cret-and-wrong"
        let error = await failure(configuration)
        guard case .accessDenied(configuration.user, _)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(error?.isRetryable == false)
        #expect(!String(reflecting: error).contains("s3cret"))
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("s3cret"))
        #expect(!"\(configuration) \(String(reflecting: configuration))".contains("s3cret"))
    }

    @Test("a database that is not there is told apart")
    func unknownDatabase() async throws {
        var configuration = MariaDBConfiguration(try await MariaDBServer.shared.createDatabase())
        configuration.name = "no_such_database"
        let error = await failure(configuration)
        guard case .unknownDatabase("no_such_database", _)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
    }

    @Test("a port where nobody listens, a name that does not exist and a missing socket can be tried again later")
    func nobodyThere() async throws {
        var configuration = MariaDBConfiguration(
            host: "127.0.0.1", port: 1, name: "n", user: "u", password: "s3cret", connectTimeout: .seconds(2))
        for host in ["127.0.0.1", "/nonexistent/mariadb.sock"] {
            configuration.servers = [try #require(MariaDBAddress(host, defaultPort: 1))]
            let error = await failure(configuration)
            guard case .cannotConnect? = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
            #expect(error?.isRetryable == true)
            #expect("\(error as Any)".contains(host))
        }
    }

    @Test("a path as host is a Unix socket")
    func socket() async throws {
        let database = try await MariaDBServer.shared.createDatabase()
        var configuration = MariaDBConfiguration(database)
        configuration.servers = [.socket(path: database.socket)]
        let connection = MariaDBConnection(configuration)
        try await connection.open()
        #expect(try await connection.query("SELECT DATABASE() AS v").first?["v"] == .text(database.name))
    }

    @Test("a right that the login lacks is named")
    func missingRight() async throws {
        let database = try await MariaDBServer.shared.createDatabase(rights: "SELECT")
        let connection = try await MariaDBConnectionTests.open(database)
        let error = await #expect(throws: MariaDBError.self) {
            try await connection.execute("CREATE TABLE t (n INT)")
        }
        guard case .missingRight(_, let message, let account)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(message.contains("CREATE command denied"))
        #expect(account == "'\(database.user)'@'%'")
        #expect(await connection.isOpen)
    }

    @Test("a lost connection throws, stays closed, and can be opened again")
    func lostConnection() async throws {
        let server = MariaDBServer()
        let connection = try await MariaDBConnectionTests.open(try await server.createDatabase())
        await server.stop()
        let lost = await #expect(throws: MariaDBError.self) { try await connection.query("SELECT 1") }
        guard case .lostConnection? = lost else {
            Issue.record("unexpected \(String(describing: lost))")
            return
        }
        await #expect(throws: MariaDBError.notConnected) { try await connection.query("SELECT 1") }
        let refused = await #expect(throws: MariaDBError.self) { try await connection.open() }
        #expect(refused?.isRetryable == true)
        try await server.start()
        try await connection.open()
        #expect(try await connection.query("SELECT 1 AS v").first?["v"] == .int(1))
        await server.remove()
    }

    @Test("a server that falls silent is a lost connection once the statement's time is up")
    func silentServer() async throws {
        var configuration = MariaDBConfiguration(try await MariaDBServer.shared.createDatabase())
        configuration.statementTimeout = .seconds(1)
        let connection = MariaDBConnection(configuration)
        try await connection.open()
        let error = await #expect(throws: MariaDBError.self) { try await connection.query("SELECT SLEEP(20)") }
        guard case .lostConnection? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(await !connection.isOpen)
    }
}
