/// One connection to a MariaDB server, whose blocking calls run on a queue of their own, one after the other.
///
/// Nothing reconnects by itself: after a lost connection every call throws ``MariaDBError/notConnected`` until
/// ``open()`` is called again. A call under way ends with its timeout, not with its task's cancellation.
public actor MariaDBConnection {
    private let configuration: MariaDBConfiguration
    private let executor = DispatchQueueExecutor(label: "nids-sync.mariadb")
    private var session: MariaDBSession?
    /// The index of the server that is tried first.
    private var preferred = 0

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Prepares a connection without making it.
    public init(_ configuration: MariaDBConfiguration) {
        self.configuration = configuration
    }

    /// False after a connection was closed or lost, and before it was opened.
    public var isOpen: Bool { session != nil }

    /// The server that the connection leads to, or led to last.
    public var server: MariaDBAddress? {
        configuration.servers.isEmpty ? nil : configuration.servers[preferred]
    }

    /// Connects, logs in and sets the session's variables; does nothing where the connection stands already.
    ///
    /// Servers that cannot be reached, or cannot work just now, are passed over. Any other refusal ends the search: it
    /// is a fault of the configuration, which the next server would hide.
    /// - Throws: `cannotConnect`, `unavailable` or `lostConnection` when no server would do; `tls`, `accessDenied`,
    ///   `unknownDatabase` or `unsuitable`.
    public func open() throws(MariaDBError) {
        guard session == nil else { return }
        let servers = configuration.servers
        var failures: [(address: MariaDBAddress, error: MariaDBError)] = []
        for offset in servers.indices {
            let index = (preferred + offset) % servers.count
            do throws(MariaDBError) {
                session = try MariaDBSession(configuration, servers[index])
                preferred = index
                return
            } catch {
                guard error.isRetryable else { throw error }
                failures.append((servers[index], error))
            }
        }
        if failures.count == 1 { throw failures[0].error }
        throw .cannotConnect(
            server: configuration.server, reason: failures.map(Self.reason).joined(separator: "; "))
    }

    /// Ends the connection, rolling back what is not committed.
    public func close() {
        session = nil
    }

    /// Runs one statement in a transaction of its own and returns its rows.
    /// - Throws: `MariaDBError`; a connection that it ended stays closed.
    public func query(_ sql: String, _ parameters: [MariaDBValue] = []) throws(MariaDBError) -> [MariaDBRow] {
        let session = try current()
        do {
            return try session.query(sql, parameters)
        } catch {
            note(error)
            throw error
        }
    }

    /// Runs one statement in a transaction of its own and returns what it changed.
    /// - Throws: `MariaDBError`; a connection that it ended stays closed.
    @discardableResult
    public func execute(_ sql: String, _ parameters: [MariaDBValue] = []) throws(MariaDBError) -> MariaDBOutcome {
        let session = try current()
        do {
            return try session.execute(sql, parameters)
        } catch {
            note(error)
            throw error
        }
    }

    /// Runs several statements with nothing of this connection's other users in between, but no transaction.
    /// - Throws: what `body` throws, or `MariaDBError.notConnected`.
    public func exclusively<Result: Sendable>(
        _ body: @Sendable (MariaDBSession) throws -> Result
    ) throws -> Result {
        let session = try current()
        do {
            return try body(session)
        } catch let error as MariaDBError {
            note(error)
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
            } catch let error as MariaDBError where error.endsConnection {
                throw error
            } catch {
                // What is not rolled back would be committed with the next transaction's first statement.
                do throws(MariaDBError) { try session.rollback() } catch let failure { throw failure.asLoss }
                throw error
            }
        }
    }

    private static func reason(_ address: MariaDBAddress, _ error: MariaDBError) -> String {
        guard case .cannotConnect(_, let reason) = error else { return "\(address): \(error)" }
        return "\(address): \(reason)"
    }

    private func current() throws(MariaDBError) -> MariaDBSession {
        guard let session else { throw .notConnected }
        return session
    }

    /// Forgets a connection that is of no more use. A server that fell silent, or cannot work now, gives way to the next
    /// one, if any: it may accept the next connection, and fall silent again.
    private func note(_ error: MariaDBError) {
        if error.endsConnection { session = nil }
        guard configuration.servers.count > 1 else { return }
        switch error {
        case .unavailable, .lostConnection:
            session = nil
            preferred = (preferred + 1) % configuration.servers.count
        default: break
        }
    }
}
