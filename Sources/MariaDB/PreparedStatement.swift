internal import CMariaDB

/// A statement that the server has parsed, to be run with bound values any number of times.
final class PreparedStatement {
    let handle: UnsafeMutablePointer<MYSQL_STMT>

    init(_ sql: String, session: UnsafeMutablePointer<MYSQL>) throws(MariaDBError) {
        guard let handle = mysql_stmt_init(session) else {
            throw .lostConnection(reason: String(cString: mysql_error(session)))
        }
        self.handle = handle
        let status = sql.withCString { mysql_stmt_prepare(handle, $0, UInt(sql.utf8.count)) }
        guard status == 0 else { throw lastError }
    }

    deinit { mysql_stmt_close(handle) }

    func run(_ parameters: [MariaDBValue]) throws(MariaDBError) -> (rows: [MariaDBRow], outcome: MariaDBOutcome) {
        let expected = Int(mysql_stmt_param_count(handle))
        guard expected == parameters.count else {
            throw .statement(
                code: Int(CR_PARAMS_NOT_BOUND), sqlState: "HY000",
                message: "the statement has \(expected) parameters, \(parameters.count) were given")
        }
        let bound = BoundParameters(parameters)
        if !parameters.isEmpty {
            guard mysql_stmt_bind_param(handle, bound.binds.baseAddress) == 0 else { throw lastError }
        }
        let status = mysql_stmt_execute(handle)
        // The server is sent the parameters' memory during execute, and not later.
        withExtendedLifetime(bound) {}
        guard status == 0 else { throw lastError }
        let rows = try fetchRows()
        // libmariadb answers -1, all bits set, after a SELECT.
        let affected = Int(exactly: mysql_stmt_affected_rows(handle)) ?? 0
        let outcome = MariaDBOutcome(
            affectedRows: affected, lastInsertID: Int64(clamping: mysql_stmt_insert_id(handle)))
        return (rows, outcome)
    }

    var lastError: MariaDBError {
        MariaDBError(
            code: Int(mysql_stmt_errno(handle)), sqlState: String(cString: mysql_stmt_sqlstate(handle)),
            message: String(cString: mysql_stmt_error(handle)))
    }
}
