import Crypto
public import MariaDB

/// Observations in a MariaDB database, which may be another application's: nothing outside `nids_*` is touched.
public struct MariaDBObservationStore: ObservationDatabase {
    private let configuration: MariaDBConfiguration
    private let connection: MariaDBConnection

    /// Names the server; connects when first used, and again after a lost connection.
    public init(configuration: MariaDBConfiguration) {
        self.configuration = configuration
        connection = MariaDBConnection(configuration)
    }

    func write<Result: Sendable>(
        concerning sheet: SheetKey?, _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(ObservationError) -> Result {
        try await perform(sheet) { connection in
            try await connection.transaction { try body(Session(session: $0)) }
        }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(ObservationError) -> Result {
        try await write(concerning: nil, body)
    }

    func migrate(_ body: @escaping @Sendable (any SQLSession) throws -> Void) async throws(ObservationError) {
        // Lock names are the whole server's.
        let digest = SHA256.hash(data: Array(configuration.name.utf8)).prefix(16).hexadecimal
        let lock = MariaDBValue.text("nids_" + digest)
        try await perform(nil) { connection in
            try await connection.exclusively { session in
                guard try session.query("SELECT GET_LOCK(?, 30) AS v", [lock]).first?["v"] == .int(1) else {
                    throw ObservationError.unreachable(reason: "another nids-sync is changing its tables")
                }
                do {
                    try body(Session(session: session))
                    try session.execute("DO RELEASE_LOCK(?)", [lock])
                } catch {
                    // The lock ends with the connection at the latest; the first error is the one to tell.
                    _ = try? session.execute("DO RELEASE_LOCK(?)", [lock])
                    throw error
                }
            }
        }
    }

    /// Again after a lost connection, a deadlock or a race for a unique key: whatever `body` does is idempotent.
    private func perform<Result: Sendable>(
        _ sheet: SheetKey?, _ body: (MariaDBConnection) async throws -> Result
    ) async throws(ObservationError) -> Result {
        var attempts = 0
        while true {
            attempts += 1
            do {
                try await connection.open()
                return try await body(connection)
            } catch let error as ObservationError {
                throw error
            } catch let error as MariaDBError {
                guard attempts < error.attempts else {
                    throw ObservationError(error, configuration, sheet: sheet)
                }
            } catch {
                throw .unreachable(reason: "\(configuration.server): \(error)")
            }
        }
    }
}

private struct Session: SQLSession {
    let session: MariaDBSession

    var dialect: SQLDialect { .mariaDB }

    func rows(_ sql: String, _ arguments: [SQLValue]) throws -> [[SQLValue]] {
        try session.query(sql, arguments.map(MariaDBValue.init)).map { $0.values.map(SQLValue.init) }
    }

    func run(_ sql: String, _ arguments: [SQLValue]) throws -> Int64 {
        try session.execute(sql, arguments.map(MariaDBValue.init)).lastInsertID
    }
}

extension MariaDBValue {
    fileprivate init(_ value: SQLValue) {
        switch value {
        case .null: self = .null
        case .integer(let number): self = .int(number)
        case .text(let text): self = .text(text)
        }
    }
}

extension SQLValue {
    fileprivate init(_ value: MariaDBValue) {
        switch value {
        case .null: self = .null
        case .int(let number): self = .integer(number)
        case .double(let number): self = .text("\(number)")
        case .text(let text): self = .text(text)
        case .blob(let bytes): self = .text(String(decoding: bytes, as: UTF8.self))
        }
    }
}
