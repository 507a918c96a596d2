import Crypto
public import MariaDB
import Synchronization
public import Transcriber

/// Observations in a MariaDB database, which may be another application's: nothing outside `nids_*` is touched.
public struct MariaDBObservationStore: ObservationDatabase {
    let configuration: MariaDBConfiguration
    private let lists: NameBox
    private let takesDjangoLists: Bool
    private let connection: MariaDBConnection

    /// Names the server; connects when first used, and again after a lost connection.
    /// - Parameter takesDjangoLists: whether the lists of the Django application in the same database serve instead.
    public init(
        configuration: MariaDBConfiguration, names: NameReference = NameReference(), takesDjangoLists: Bool = false
    ) {
        self.configuration = configuration
        self.takesDjangoLists = takesDjangoLists
        lists = NameBox(names)
        connection = MariaDBConnection(configuration)
    }

    var names: NameReference { lists.current.withLock { $0 } }

    func takeForeignLists() async throws(ObservationError) {
        guard takesDjangoLists else { return }
        let given = lists.given
        let names = try await read { session in try DjangoTables(session: session).names(insteadOf: given) }
        lists.current.withLock { $0 = names }
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

    /// In a Galera cluster the lock is the node's alone: programs that share a database name its nodes in one order, and
    /// so prepare it through the same one.
    func migrate(_ body: @escaping @Sendable (any SQLSession) throws -> Void) async throws(ObservationError) {
        // Lock names are the whole server's.
        let digest = SHA256.hash(data: Array(configuration.name.utf8)).prefix(16).hexadecimal
        let lock = MariaDBValue.text("nids_" + digest)
        try await perform(nil) { connection in
            try await connection.exclusively { session in
                guard try session.lock(lock) else {
                    throw ObservationError.unreachable(
                        reason: "another nids-sync has been changing its tables for 30 s: its end is waited for")
                }
                do {
                    try body(Session(session: session))
                    try session.unlock(lock)
                } catch {
                    // The lock ends with the connection at the latest; the first error is the one to tell.
                    try? session.unlock(lock)
                    throw error
                }
            }
        }
    }

    /// Runs `body` again, as a whole, after a lost connection, a deadlock, a conflict with another node of the cluster
    /// or a race for a unique key, and on the next server after one that cannot work now: it is idempotent.
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
                guard attempts < error.attempts(servers: configuration.servers.count) else {
                    throw ObservationError(error, configuration, sheet: sheet)
                }
                if case .lockConflict = error { await Self.stepAside(attempts) }
            } catch {
                throw .unreachable(reason: "\(configuration.server): \(error)")
            }
        }
    }

    /// Two that were in each other's way do not meet again at once. A stopping task goes on without a pause.
    private static func stepAside(_ attempts: Int) async {
        try? await Task.sleep(for: .milliseconds(min(attempts, 10) * Int.random(in: 5...50)))
    }
}

extension MariaDBSession {
    /// Takes a lock of that name, waiting for 30 s; true without one in a Galera cluster whose version has none: there
    /// the cluster itself lets one node after the other change tables.
    fileprivate func lock(_ name: MariaDBValue) throws(MariaDBError) -> Bool {
        do throws(MariaDBError) {
            return try query("SELECT GET_LOCK(?, 30) AS v", [name]).first?["v"] == .int(1)
        } catch .statement(code: Self.notSupported, _, _) {
            return true
        }
    }

    fileprivate func unlock(_ name: MariaDBValue) throws(MariaDBError) {
        do throws(MariaDBError) {
            try execute("DO RELEASE_LOCK(?)", [name])
        } catch .statement(code: Self.notSupported, _, _) {}
    }

    private static let notSupported = 1235
}

/// The lists in use: those that were given, or what stands in their place.
private final class NameBox: Sendable {
    let given: NameReference
    let current: Mutex<NameReference>

    init(_ names: NameReference) {
        given = names
        current = Mutex(names)
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
        case .number(let number): self = .double(number)
        case .text(let text): self = .text(text)
        }
    }
}

extension SQLValue {
    fileprivate init(_ value: MariaDBValue) {
        switch value {
        case .null: self = .null
        case .int(let number): self = .integer(number)
        case .double(let number): self = .number(number)
        case .text(let text): self = .text(text)
        case .blob(let bytes): self = .text(String(decoding: bytes, as: UTF8.self))
        }
    }
}
