/// Why the database did not do what it was asked. The server's own words are kept; it never repeats a password.
public enum MariaDBError: Error, Sendable, Hashable {
    /// Nobody answers there, or not in time.
    case cannotConnect(server: String, reason: String)
    /// No encrypted connection came about, or the server's certificate is not the one the CA file vouches for.
    case tls(server: String, reason: String)
    /// The login was refused: name, password, host or expiry.
    case accessDenied(user: String, reason: String)
    /// There is no such database, or this login may not see it.
    case unknownDatabase(name: String, reason: String)
    /// The connection broke, or the server fell silent; what was asked last may have been done or not.
    case lostConnection(reason: String)
    /// The server cannot just now: it is stopping, full, read-only, or has too many connections.
    case unavailable(code: Int, message: String)
    /// A deadlock, or a lock that another connection holds for too long; the transaction has been rolled back.
    case lockConflict(code: Int, message: String)
    /// The login lacks a right; the message names it.
    case missingRight(code: Int, message: String)
    /// The server refused the statement or its data, with its error number and SQLSTATE.
    case statement(code: Int, sqlState: String, message: String)
    /// `open()` has not been called, or the connection has been lost since.
    case notConnected
}

extension MariaDBError {
    /// Whether the same thing may succeed when done again, on a new connection where this one is lost.
    public var isRetryable: Bool {
        switch self {
        case .cannotConnect, .lostConnection, .unavailable, .lockConflict, .notConnected: true
        case .tls, .accessDenied, .unknownDatabase, .missingRight, .statement: false
        }
    }

    /// Whether the connection is of no more use.
    var endsConnection: Bool {
        switch self {
        case .cannotConnect, .tls, .accessDenied, .unknownDatabase, .lostConnection, .notConnected: true
        case .unavailable(let code, _): code == ServerCode.shutdown || code == ServerCode.killed
        case .lockConflict, .missingRight, .statement: false
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
        case .lostConnection(let reason): "the connection to MariaDB was lost: \(reason)"
        case .unavailable(let code, let message): "MariaDB cannot do this now: \(message) (error \(code))"
        case .lockConflict(let code, let message): "another connection was in the way: \(message) (error \(code))"
        case .missingRight(let code, let message): "the login lacks a right: \(message) (error \(code))"
        case .statement(let code, let sqlState, let message): "MariaDB: \(message) (error \(code), \(sqlState))"
        case .notConnected: "not connected to MariaDB"
        }
    }
}
