import Testing

@testable import MariaDB

@Suite("Errors of MariaDB by what they mean")
struct MariaDBErrorTests {
    private static func error(_ code: Int, _ sqlState: String, _ message: String = "words") -> MariaDBError {
        MariaDBError(code: code, sqlState: sqlState, message: message)
    }

    @Test(
        "what may pass is waited for",
        arguments: [
            (1021, "HY000"), (1030, "HY000"), (1040, "08004"), (1041, "HY000"), (1047, "08S01"), (1053, "08S01"),
            (1114, "HY000"), (1203, "42000"), (1226, "42000"), (1290, "HY000"), (1317, "70100"), (1461, "42000"),
            (1637, "HY000"), (1792, "25006"), (1836, "HY000"), (1969, "70100"), (1026, "HY000"), (1194, "HY000"),
            (65_000, "HY000"), (1105, "HY000"),
        ])
    func passing(code: Int, sqlState: String) {
        let error = Self.error(code, sqlState)
        #expect(error.isRetryable)
        #expect("\(error)".contains("words"))
        if case .unavailable = error { return }
        Issue.record("unexpected \(error)")
    }

    @Test(
        "what spoils a transaction is a conflict, after which it is repeated",
        arguments: [(1020, "HY000"), (1180, "HY000"), (1205, "HY000"), (1213, "40001"), (1412, "HY000")])
    func conflicts(code: Int, sqlState: String) {
        guard case .lockConflict = Self.error(code, sqlState) else {
            Issue.record("unexpected \(Self.error(code, sqlState))")
            return
        }
    }

    @Test(
        "a connection that broke is lost, in whose words ever",
        arguments: [
            (2006, "HY000"), (2013, "HY000"), (2026, "HY000"), (2027, "HY000"), (5013, "HY000"),
            (1158, "08S01"),
            (1159, "08S01"), (1184, "08S01"), (1243, "HY000"),
        ])
    func lost(code: Int, sqlState: String) {
        guard case .lostConnection = Self.error(code, sqlState) else {
            Issue.record("unexpected \(Self.error(code, sqlState))")
            return
        }
    }

    @Test("no such table and no such column are told apart", arguments: [(1146, "42S02"), (1054, "42S22")])
    func missingTable(code: Int, sqlState: String) {
        #expect(Self.error(code, sqlState) == .missingTable(code: code, message: "words"))
        #expect(!Self.error(code, sqlState).isRetryable)
    }

    @Test(
        "the data's own errors, and what the server cannot make sense of, stay what they are",
        arguments: [(1406, "22001"), (1062, "23000"), (1366, "HY000"), (1153, "08S01"), (1064, "42000")])
    func statements(code: Int, sqlState: String) {
        #expect(Self.error(code, sqlState) == .statement(code: code, sqlState: sqlState, message: "words"))
    }

    @Test("while connecting, a wrong certificate is told, and a handshake that broke off is tried again")
    func connecting() {
        let address = MariaDBAddress.tcp(host: "db", port: 3306)
        let configuration = MariaDBConfiguration(servers: [address], name: "n", user: "u", password: "p")
        func error(_ code: Int, _ message: String) -> MariaDBError {
            MariaDBError(connecting: code, message: message, to: address, configuration)
        }
        #expect(!error(2026, "TLS/SSL error: Certificate verification failure").isRetryable)
        #expect(error(2026, "TLS/SSL error: Connection reset by peer").isRetryable)
        #expect(error(2026, "TLS/SSL error: unexpected eof while reading").isRetryable)
        #expect(error(2005, "Unknown server host 'db'").isRetryable)
        #expect(error(1040, "Too many connections").isRetryable)
        #expect(error(1129, "Host is blocked because of many connection errors").isRetryable)
        #expect(!error(1045, "Access denied").isRetryable)
        #expect(!error(1049, "Unknown database").isRetryable)
        #expect(!error(2059, "plugin dialog cannot be loaded").isRetryable)
    }
}
