internal import CMariaDB

/// An open connection inside one of `MariaDBConnection`'s closures; its calls block.
public final class MariaDBSession {
    let handle: UnsafeMutablePointer<MYSQL>
    private var statements: [String: PreparedStatement] = [:]

    /// More distinct statements than a program writes by hand; a bound all the same.
    private static let statementLimit = 64

    init(_ configuration: MariaDBConfiguration) throws(MariaDBError) {
        handle = try Self.connect(configuration)
        try run(
            """
            SET SESSION sql_mode = 'STRICT_ALL_TABLES,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,\
            NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', autocommit = 1, \
            foreign_key_checks = 1, innodb_lock_wait_timeout = 20, lock_wait_timeout = 20
            """)
    }

    deinit {
        statements.removeAll()
        mysql_close(handle)
    }

    /// Runs one statement and returns its rows, all of them in memory.
    public func query(_ sql: String, _ parameters: [MariaDBValue] = []) throws(MariaDBError) -> [MariaDBRow] {
        try prepared(sql).run(parameters).rows
    }

    /// Runs one statement and tells what it changed.
    @discardableResult
    public func execute(_ sql: String, _ parameters: [MariaDBValue] = []) throws(MariaDBError) -> MariaDBOutcome {
        try prepared(sql).run(parameters).outcome
    }

    /// The cipher of the encrypted connection, `nil` when it is not encrypted.
    public var tlsCipher: String? {
        mysql_get_ssl_cipher(handle).map { String(cString: $0) }
    }

    func begin() throws(MariaDBError) { try run("START TRANSACTION") }
    func commit() throws(MariaDBError) { try run("COMMIT") }
    func rollback() throws(MariaDBError) { try run("ROLLBACK") }

    /// Session control goes unprepared: not every server version prepares it.
    private func run(_ sql: String) throws(MariaDBError) {
        let status = sql.withCString { mysql_real_query(handle, $0, UInt(sql.utf8.count)) }
        guard status == 0 else { throw lastError }
    }

    private func prepared(_ sql: String) throws(MariaDBError) -> PreparedStatement {
        if let statement = statements[sql] { return statement }
        if statements.count >= Self.statementLimit { statements.removeAll() }
        let statement = try PreparedStatement(sql, session: handle)
        statements[sql] = statement
        return statement
    }

    private var lastError: MariaDBError {
        MariaDBError(
            code: Int(mysql_errno(handle)), sqlState: String(cString: mysql_sqlstate(handle)),
            message: String(cString: mysql_error(handle)))
    }
}
