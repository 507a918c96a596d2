/// MariaDB's error numbers that need telling apart (mariadb.com/kb/en/mariadb-error-code-reference).
enum ServerCode {
    static let databaseAccessDenied = 1044
    static let unknownDatabase = 1049
    static let shutdown = 1053
    static let killed = 1927

    static let login: Set = [1045, 1130, 1251, 1698, 1820, 1862, 1873, 4151]
    /// Too many connections, disk full, table full, out of memory, read-only, shutting down, killed, host blocked.
    static let unavailable: Set = [1021, 1037, 1038, 1040, 1041, 1053, 1114, 1129, 1203, 1226, 1290, 1836, 1927]
    static let lockConflict: Set = [1205, 1213]
    /// 1356 is what a view over tables that may not be read answers.
    static let rights: Set = [1044, 1142, 1143, 1227, 1356, 1370, 1410]
    /// libmariadb's own: a broken or silent connection.
    static let lost: Set = [2006, 2013, 2014, 2055]
    static let tls = 2026
    static let clientErrors = 2000..<3000
}

extension MariaDBError {
    /// What went wrong while connecting.
    init(connecting code: Int, message: String, to configuration: MariaDBConfiguration) {
        if ServerCode.login.contains(code) {
            self = .accessDenied(user: configuration.user, reason: message)
        } else if code == ServerCode.unknownDatabase || code == ServerCode.databaseAccessDenied {
            // A login without rights is told 1044 even where there is no such database.
            self = .unknownDatabase(name: configuration.name, reason: message)
        } else if code == ServerCode.tls {
            self = .tls(server: configuration.server, reason: message)
        } else if ServerCode.unavailable.contains(code) {
            self = .unavailable(code: code, message: message)
        } else if ServerCode.clientErrors.contains(code) {
            self = .cannotConnect(server: configuration.server, reason: "\(message) (error \(code))")
        } else {
            self = .statement(code: code, sqlState: "HY000", message: message)
        }
    }

    /// What went wrong on an open connection.
    init(code: Int, sqlState: String, message: String) {
        if ServerCode.lost.contains(code) || code == ServerCode.tls {
            self = .lostConnection(reason: "\(message) (error \(code))")
        } else if ServerCode.lockConflict.contains(code) {
            self = .lockConflict(code: code, message: message)
        } else if ServerCode.unavailable.contains(code) {
            self = .unavailable(code: code, message: message)
        } else if ServerCode.rights.contains(code) {
            self = .missingRight(code: code, message: message)
        } else {
            self = .statement(code: code, sqlState: sqlState, message: message)
        }
    }
}
