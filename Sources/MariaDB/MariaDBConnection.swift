/// One connection to a MariaDB server, whose blocking calls run on a queue of their own, one after the other.
///
/// Nothing reconnects by itself: after a lost connection every call throws ``MariaDBError/notConnected`` until
/// ``open()`` is called again. A call under way ends with its timeout, not with its task's cancellation.
public actor MariaDBConnection {
    private let configuration: MariaDBConfiguration
    private let executor = DispatchQueueExecutor(label: "nids-sync.mariadb")
    private var session: MariaDBSession?

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Prepares a connection without making it.
    public init(_ configuration: MariaDBConfiguration) {
        self.configuration = configuration
    }

    /// Whether the last thing known of the connection is that it stands.
    public var isOpen: Bool { session != nil }

    /// Connects and logs in; nothing where the connection stands already.
    /// - Throws: `cannotConnect`, `tls`, `accessDenied`, `unknownDatabase` or `unavailable`.
    public func open() throws(MariaDBError) {
        if session == nil { session = try MariaDBSession(configuration) }
    }

    /// Ends the connection, rolling back what is not committed.
    public func close() {
        session = nil
    }

    /// Runs one statement in a transaction of its own and returns its rows.
    public func query(_ sql: String, _ parameters: [MariaDBValue] = []) throws(MariaDBError) -> [MariaDBRow] {
        let session = try current()
        do {
            return try session.query(sql, parameters)
        } catch {
            if error.endsConnection { self.session = nil }
            throw error
        }
    }

    /// Runs one statement in a transaction of its own and tells what it changed.
    @discardableResult
    public func execute(_ sql: String, _ parameters: [MariaDBValue] = []) throws(MariaDBError) -> MariaDBOutcome {
        let session = try current()
        do {
            return try session.execute(sql, parameters)
        } catch {
            if error.endsConnection { self.session = nil }
            throw error
        }
    }

    /// Runs several statements with nothing of this connection's other users in between, but no transaction.
    public func exclusively<Result: Sendable>(
        _ body: @Sendable (MariaDBSession) throws -> Result
    ) throws -> Result {
        let session = try current()
        do {
            return try body(session)
        } catch let error as MariaDBError {
            if error.endsConnection { self.session = nil }
            throw error
        }
    }

    /// Runs several statements as one transaction: committed when `body` returns, rolled back when it throws.
    ///
    /// After `lostConnection` it is not known whether a commit under way was done.
    /// - Throws: what `body` throws, or `MariaDBError`.
    public func transaction<Result: Sendable>(
        _ body: @Sendable (MariaDBSession) throws -> Result
    ) throws -> Result {
        try exclusively { session in
            try session.begin()
            do {
                let result = try body(session)
                try session.commit()
                return result
            } catch {
                let lost = (error as? MariaDBError)?.endsConnection ?? false
                if !lost { try session.rollback() }
                throw error
            }
        }
    }

    private func current() throws(MariaDBError) -> MariaDBSession {
        guard let session else { throw .notConnected }
        return session
    }
}
