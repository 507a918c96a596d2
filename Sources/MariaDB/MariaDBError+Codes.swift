/// MariaDB's error numbers that need telling apart (mariadb.com/kb/en/mariadb-error-code-reference).
///
/// A code in no set may pass: a fault that nobody thought of must cost no sheet, and end by itself where it can.
enum ServerCode {
    static let databaseAccessDenied = 1044
    static let accessDenied = 1045
    static let unknownDatabase = 1049
    static let notReady = 1047
    static let packetTooLarge = 1153
    static let secureTransportRequired = 3159

    static let login: Set = [accessDenied, 1130, 1251, 1275, 1698, 1820, 1862, 1873, 4151]
    /// Shutdown, connection killed, and a node that is no part of its cluster.
    static let endsConnection: Set = [1053, 1927, notReady]
    /// Deadlock (also a failed certification at COMMIT in Galera), lock timeout, a record or table changed since it was
    /// read (`innodb_snapshot_isolation`), an error during COMMIT, a statement to be prepared again.
    static let lockConflict: Set = [1020, 1180, 1205, 1213, 1412, 1615]
    /// 1356 is what a view over tables that may not be read answers.
    static let rights: Set = [databaseAccessDenied, 1142, 1143, 1227, 1356, 1370, 1410]
    static let missingTable: Set = [1054, 1146]
    /// Errors of the data to which MariaDB gives a general SQLSTATE: wrong value, truncated value, packet too large.
    static let data: Set = [packetTooLarge, 1265, 1366]
    /// The server's words for a connection that broke.
    static let broken: Set = [1152, 1158, 1159, 1160, 1161, 1184]
    /// A prepared statement that the server does not know any more: somebody between us exchanged the connection.
    static let unknownStatement = 1243

    /// libmariadb's own.
    static let clientErrors = 2000..<3000
    static let furtherClientErrors = 5000..<6000
    static let tls = 2026
    static let clientPacketTooLarge = 2020
    static let cannotLoadPlugin = 2059
    static let pluginNotAllowed = 5010
    static let misuse: Set = [2030, 2031, 2034, 2035, 2036]

    static func isClients(_ code: Int) -> Bool { clientErrors.contains(code) || furtherClientErrors.contains(code) }
}

extension MariaDBError {
    /// The error for a code that libmariadb or a server gave while connecting.
    init(connecting code: Int, message: String, to address: MariaDBAddress, _ configuration: MariaDBConfiguration) {
        switch code {
        case _ where ServerCode.login.contains(code):
            self = .accessDenied(user: configuration.user, reason: message)
        case ServerCode.unknownDatabase, ServerCode.databaseAccessDenied:
            // A login without rights is told 1044 even where there is no such database.
            self = .unknownDatabase(name: configuration.name, reason: message)
        case ServerCode.tls where !Self.isBrokenConnection(message):
            self = .tls(server: address.description, reason: message)
        case ServerCode.secureTransportRequired:
            self = .tls(server: address.description, reason: message)
        case ServerCode.pluginNotAllowed, ServerCode.cannotLoadPlugin:
            self = .unsuitable(
                server: address.description,
                reason: """
                    it asks for the password in a way that is not used, since it may be clear text: \(message); give \
                    the account \(configuration.user) the authentication mysql_native_password or ed25519
                    """)
        case _ where ServerCode.isClients(code):
            self = .cannotConnect(server: address.description, reason: "\(message) (error \(code))")
        default:
            self = .unavailable(code: code, message: message)
        }
    }

    /// The error for a code given on an open connection.
    init(code: Int, sqlState: String, message: String) {
        switch code {
        case ServerCode.clientPacketTooLarge:
            self = .statement(code: ServerCode.packetTooLarge, sqlState: "08S01", message: message)
        case _ where ServerCode.misuse.contains(code) || ServerCode.data.contains(code):
            self = .statement(code: code, sqlState: sqlState, message: message)
        case _
        where ServerCode.isClients(code) || ServerCode.broken.contains(code)
            || code == ServerCode.unknownStatement:
            self = .lostConnection(reason: "\(message) (error \(code))")
        case _ where ServerCode.lockConflict.contains(code):
            self = .lockConflict(code: code, message: message)
        case _ where ServerCode.rights.contains(code):
            self = .missingRight(code: code, message: message, account: nil)
        case _ where ServerCode.missingTable.contains(code):
            self = .missingTable(code: code, message: message)
        case _ where ServerCode.passing42.contains(code):
            self = .unavailable(code: code, message: message)
        // Classes of ISO 9075: 22 data, 23 constraint, 42 what the server cannot make sense of.
        case _ where ["22", "23", "42"].contains(sqlState.prefix(2)):
            self = .statement(code: code, sqlState: sqlState, message: message)
        default:
            self = .unavailable(code: code, message: message)
        }
    }

    /// A handshake that ended in the middle, as behind a balancer whose server is gone, says nothing of certificates.
    private static func isBrokenConnection(_ message: String) -> Bool {
        let words = ["reset", "eof", "syscall", "system call", "timed out", "timeout", "broken pipe", "closed"]
        return words.contains { message.lowercased().contains($0) }
    }
}

extension ServerCode {
    /// To these, which may pass, MariaDB gives the SQLSTATE of a wrong statement: too many connections of this account
    /// or its resources used up, too many prepared statements, limits to the time and the rows of a query.
    static let passing42: Set = [1104, 1203, 1226, 1461]
}
