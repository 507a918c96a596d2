import Foundation
import MariaDB
import TestSupport
import Testing

@Suite(
    "The session, whatever server it is made on", .serialized,
    .enabled(if: MariaDBServer.isInstalled, "needs mariadb-server"))
struct MariaDBSessionTests {
    private static let texts = ["œuf percé", "é", "🐦🥚", "Fürst–Müller"]

    /// The bytes of texts written through the connection, in hexadecimal digits.
    private func stored(_ configuration: MariaDBConfiguration, on server: MariaDBServer) async throws -> [String] {
        let connection = MariaDBConnection(configuration)
        try await connection.open()
        try await connection.execute("CREATE TABLE t (id INT, v TEXT CHARACTER SET utf8mb4)")
        for (index, text) in Self.texts.enumerated() {
            try await connection.execute("INSERT INTO t VALUES (?, ?)", [.int(Int64(index)), .text(text)])
        }
        let rows = try await connection.query("SELECT v FROM t ORDER BY id")
        #expect(rows.compactMap { $0["v"]?.text } == Self.texts)
        // Their bytes: the server makes latin1 of what it shows to the test's client, too.
        let stored = try await server.sql("SELECT HEX(v) FROM t ORDER BY id", database: configuration.name)
        return stored.flatMap { $0 }
    }

    @Test("a server that forces latin1 on every client stores accents as they are")
    func forcedCharacterSet() async throws {
        let server = MariaDBServer(options: [
            "--character-set-server=latin1", "--skip-character-set-client-handshake",
            "--init-connect=SET NAMES latin1",
        ])
        let configuration = MariaDBConfiguration(try await server.createDatabase())
        let bytes = Self.texts.map { text in text.utf8.map { String(format: "%02X", $0) }.joined() }
        #expect(try await stored(configuration, on: server) == bytes)
        await server.remove()
    }

    @Test("variables that a server sets for its clients do not reach the session")
    func hostileVariables() async throws {
        let server = MariaDBServer(options: [
            """
            --init-connect=SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', sql_safe_updates = 1, \
            autocommit = 0, time_zone = '+05:00', sql_select_limit = 1, max_statement_time = 0.001, \
            tx_isolation = 'READ-UNCOMMITTED', tx_read_only = 1, completion_type = 2, foreign_key_checks = 0
            """
        ])
        let database = try await server.createDatabase()
        let connection = try await MariaDBConnectionTests.open(database)
        try await connection.execute("CREATE TABLE t (n INT) ENGINE = InnoDB")
        for number: Int64 in 0..<3 { try await connection.execute("INSERT INTO t VALUES (?)", [.int(number)]) }
        try await connection.execute("UPDATE t SET n = n + 1")
        #expect(try await connection.query("SELECT n FROM t").count == 3)
        #expect(try await connection.query("SELECT SLEEP(0.05) AS v").first?["v"] == .int(0))
        await #expect(throws: MariaDBError.self) {
            try await connection.execute("INSERT INTO t VALUES (?)", [.text("no number")])
        }
        let row = try await connection.query(
            "SELECT @@autocommit AS a, @@time_zone AS z, @@tx_isolation AS i, @@foreign_key_checks AS f"
        ).first
        #expect(row?.values == [.int(1), .text("+00:00"), .text("REPEATABLE-READ"), .int(1)])
        try await connection.transaction { _ = try $0.execute("INSERT INTO t VALUES (9)") }
        #expect(try await server.sql("SELECT COUNT(*) FROM t", database: database.name) == [["4"]])
        await server.remove()
    }

    @Test("a proxy that makes latin1 of what was asked for is noticed before anything is stored")
    func rewritingProxy() async throws {
        let database = try await MariaDBServer.shared.createDatabase()
        let proxy = try MariaDBServerProxy(to: database.port, replacing: ("SET NAMES utf8mb4", "SET NAMES latin1 "))
        defer { proxy.stop() }
        var configuration = MariaDBConfiguration(database)
        configuration.servers = [.tcp(host: "127.0.0.1", port: proxy.port)]
        let error = await #expect(throws: MariaDBError.self) { try await MariaDBConnection(configuration).open() }
        guard case .unsuitable(_, let reason)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(reason.contains("character_set"))
    }

    @Test(
        "an older MariaDB and another product are told as that",
        arguments: ["10.5.99-MariaDB", "10.3.39-MariaDB-0+deb10u2", "8.0.36", "5.7.44-log"])
    func oldServers(version: String) async throws {
        let server = MariaDBServer(options: ["--version=\(version)"])
        let configuration = MariaDBConfiguration(try await server.createDatabase())
        let error = await #expect(throws: MariaDBError.self) { try await MariaDBConnection(configuration).open() }
        guard case .unsuitable(_, let reason)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(reason.contains(version))
        #expect(reason.contains("10.6"))
        await server.remove()
    }

    @Test(
        "newer versions and those of distributions will do",
        arguments: ["10.6.0-MariaDB", "11.8.2-MariaDB-log", "12.0.1-mariadb-ubu2404", "10.11.6-MariaDB-0+deb12u1"])
    func newServers(version: String) async throws {
        let server = MariaDBServer(options: ["--version=\(version)"])
        let connection = try await MariaDBConnectionTests.open(try await server.createDatabase())
        #expect(await connection.isOpen)
        await server.remove()
    }

    @Test("more than the server takes in one packet is an error of that statement, and the connection stays")
    func packetTooLarge() async throws {
        let server = MariaDBServer(options: ["--max-allowed-packet=1M"])
        let connection = try await MariaDBConnectionTests.open(try await server.createDatabase())
        try await connection.execute("CREATE TABLE t (v LONGTEXT)")
        let error = await #expect(throws: MariaDBError.self) {
            try await connection.execute(
                "INSERT INTO t VALUES (?)", [.text(String(repeating: "x", count: 2 << 20))])
        }
        guard case .statement(code: 1153, _, let message)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(message.contains("max_allowed_packet"))
        try await connection.execute("INSERT INTO t VALUES (?)", [.text("fits")])
        await server.remove()
    }
}
