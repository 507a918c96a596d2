internal import CMariaDB

/// An open connection inside one of `MariaDBConnection`'s closures; its calls block.
public final class MariaDBSession {
    let handle: UnsafeMutablePointer<MYSQL>
    private var statements: [String: PreparedStatement] = [:]
    /// The most bytes that the server takes in one packet (`max_allowed_packet`).
    var packetLimit = Int.max
    /// The account that the server matched the login with, as `GRANT` spells it: `'anne'@'%'`.
    var account: String?

    /// More distinct statements than a program writes by hand; a bound all the same.
    private static let statementLimit = 64

    /// - Throws: `MariaDBError`: no connection, no login, or a server that will not do.
    init(_ configuration: MariaDBConfiguration, _ address: MariaDBAddress) throws(MariaDBError) {
        handle = try Self.connect(configuration, to: address)
        do throws(MariaDBError) {
            try takeOver(address, statementTimeout: configuration.statementTimeout)
        } catch {
            // An account whose password has expired gets in, and may do nothing but change it.
            guard case .unavailable(let code, let message) = error, ServerCode.login.contains(code) else { throw error }
            throw .accessDenied(user: configuration.user, reason: message)
        }
    }

    deinit {
        statements.removeAll()
        mysql_close(handle)
    }

    /// Runs one statement and returns its rows, all of them in memory.
    /// - Throws: `MariaDBError`.
    public func query(_ sql: String, _ parameters: [MariaDBValue] = []) throws(MariaDBError) -> [MariaDBRow] {
        try perform(sql, parameters).rows
    }

    /// Runs one statement and returns what it changed.
    /// - Throws: `MariaDBError`.
    @discardableResult
    public func execute(_ sql: String, _ parameters: [MariaDBValue] = []) throws(MariaDBError) -> MariaDBOutcome {
        try perform(sql, parameters).outcome
    }

    /// The cipher of the encrypted connection, `nil` when it is not encrypted.
    public var tlsCipher: String? {
        mysql_get_ssl_cipher(handle).map { String(cString: $0) }
    }

    func begin() throws(MariaDBError) { try run("START TRANSACTION") }
    func commit() throws(MariaDBError) { try run("COMMIT") }
    func rollback() throws(MariaDBError) { try run("ROLLBACK") }

    /// Session control goes unprepared: not every server version prepares it.
    func run(_ sql: String) throws(MariaDBError) {
        let status = sql.withCString { mysql_real_query(handle, $0, UInt(sql.utf8.count)) }
        guard status == 0 else {
            throw MariaDBError(
                code: Int(mysql_errno(handle)), sqlState: String(cString: mysql_sqlstate(handle)),
                message: String(cString: mysql_error(handle)))
        }
    }

    private func perform(
        _ sql: String, _ parameters: [MariaDBValue]
    ) throws(MariaDBError) -> (rows: [MariaDBRow], outcome: MariaDBOutcome) {
        try refuseTooLarge(parameters)
        do throws(MariaDBError) {
            return try prepared(sql).run(parameters)
        } catch {
            // A statement that failed may be one that the server has forgotten.
            statements[sql] = nil
            guard case .missingRight(let code, let message, nil) = error else { throw error }
            throw .missingRight(code: code, message: message, account: account)
        }
    }

    /// A server that is sent more closes the connection, often without a word.
    private func refuseTooLarge(_ parameters: [MariaDBValue]) throws(MariaDBError) {
        let size = parameters.reduce(1024) { $0 + $1.size }
        guard size > packetLimit else { return }
        throw .statement(
            code: ServerCode.packetTooLarge, sqlState: "08S01",
            message: "\(size) bytes are more than the server's max_allowed_packet, \(packetLimit)")
    }

    private func prepared(_ sql: String) throws(MariaDBError) -> PreparedStatement {
        if let statement = statements[sql] { return statement }
        if statements.count >= Self.statementLimit { statements.removeAll() }
        let statement = try PreparedStatement(sql, session: handle)
        statements[sql] = statement
        return statement
    }
}

extension MariaDBValue {
    /// Bytes in a packet, roughly.
    fileprivate var size: Int {
        switch self {
        case .null: 1
        case .int, .double: 8
        case .text(let text): text.utf8.count + 9
        case .blob(let bytes): bytes.count + 9
        }
    }
}
