/// A reason for which the database did not do what it was asked. The server's own words are kept; it never repeats a password.
public enum MariaDBError: Error, Sendable, Hashable {
    /// Nobody answers there, or not in time.
    case cannotConnect(server: String, reason: String)
    /// No encrypted connection came about, or the server's certificate is not one that the CA file vouches for.
    case tls(server: String, reason: String)
    /// The login was refused: name, password, host or expiry.
    case accessDenied(user: String, reason: String)
    /// There is no such database, or this login may not see it.
    case unknownDatabase(name: String, reason: String)
    /// It is no MariaDB of a version that will do, or does not let a session be what it must be.
    case unsuitable(server: String, reason: String)
    /// The connection broke, or the server fell silent; what was asked last may have been done or not.
    case lostConnection(reason: String)
    /// The server cannot just now: it is stopping, full, read-only, no part of its cluster, or has too many connections.
    case unavailable(code: Int, message: String)
    /// A deadlock, a conflict with another node's transaction, or a lock held for too long by another connection: the
    /// transaction has been rolled back and may be repeated as a whole.
    case lockConflict(code: Int, message: String)
    /// The login lacks a right; the message names it. `account` is what the server matched the login with
    /// (`'anne'@'%'`), where it is known.
    case missingRight(code: Int, message: String, account: String?)
    /// There is no such table or column.
    case missingTable(code: Int, message: String)
    /// The server refused the statement or its data, with its error number and SQLSTATE.
    case statement(code: Int, sqlState: String, message: String)
    /// `open()` has not been called, or the connection has been lost since.
    case notConnected
}

extension MariaDBError {
    /// True where the same thing may succeed when done again, on a new connection where this one is lost.
    public var isRetryable: Bool {
        switch self {
        case .cannotConnect, .lostConnection, .unavailable, .lockConflict, .notConnected: true
        case .tls, .accessDenied, .unknownDatabase, .unsuitable, .missingRight, .missingTable, .statement: false
        }
    }

    /// True where the connection is of no more use.
    var endsConnection: Bool {
        switch self {
        case .cannotConnect, .tls, .accessDenied, .unknownDatabase, .unsuitable, .lostConnection, .notConnected: true
        case .unavailable(let code, _): ServerCode.endsConnection.contains(code)
        case .lockConflict, .missingRight, .missingTable, .statement: false
        }
    }
}

extension MariaDBError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cannotConnect(let server, let reason): "cannot connect to MariaDB at \(server): \(reason)"
        case .tls(let server, let reason): "no trusted TLS connection to MariaDB at \(server): \(reason)"
        case .accessDenied(let user, let reason): "MariaDB refuses the login \(user): \(reason)"
        case .unknownDatabase(let name, let reason): "the database \(name) cannot be used: \(reason)"
        case .unsuitable(let server, let reason): "the server at \(server) will not do: \(reason)"
        case .lostConnection(let reason): "the connection to MariaDB was lost: \(reason)"
        case .unavailable(let code, let message): "MariaDB cannot do this now: \(message) (error \(code))"
        case .lockConflict(let code, let message): "another connection was in the way: \(message) (error \(code))"
        case .missingRight(let code, let message, _): "the login lacks a right: \(message) (error \(code))"
        case .missingTable(let code, let message): "\(message) (error \(code))"
        case .statement(let code, let sqlState, let message): "MariaDB: \(message) (error \(code), \(sqlState))"
        case .notConnected: "not connected to MariaDB"
        }
    }
}
