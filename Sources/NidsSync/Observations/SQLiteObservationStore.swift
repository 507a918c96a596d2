import Dispatch
import Foundation
import GRDB
import Synchronization
public import Transcriber

/// Observations in one SQLite file, for installations without a database server.
///
/// The file is made by `prepare()`, not before; other programs may read it meanwhile.
public final class SQLiteObservationStore: ObservationDatabase {
    let names: NameReference
    let path: String
    private let pool = Mutex<DatabasePool?>(nil)
    private let queue = DispatchQueue(label: "nids-sync.observations")

    /// Names the file; opens nothing yet.
    public init(path: String, names: NameReference = NameReference()) {
        self.path = path
        self.names = names
    }

    /// There is none: nobody else's tables lie in our file.
    func takeForeignLists() async throws(ObservationError) {}

    func migrate(_ body: @escaping @Sendable (any SQLSession) throws -> Void) async throws(ObservationError) {
        try await perform(nil, creating: true) { pool in
            try await pool.write { try body(SQLiteSession(database: $0)) }
        }
    }

    func write<Result: Sendable>(
        concerning sheet: SheetKey?, _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(ObservationError) -> Result {
        try await perform(sheet) { pool in try await pool.write { try body(SQLiteSession(database: $0)) } }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws(ObservationError) -> Result {
        try await perform(nil) { pool in try await pool.read { try body(SQLiteSession(database: $0)) } }
    }

    private func perform<Result: Sendable>(
        _ sheet: SheetKey?, creating: Bool = false, _ body: (DatabasePool) async throws -> Result
    ) async throws(ObservationError) -> Result {
        do {
            return try await body(try await opened(creating: creating))
        } catch let error as ObservationError {
            throw error
        } catch let error as DatabaseError {
            throw ObservationError(error, path: path, sheet: sheet)
        } catch {
            throw .unreachable(reason: "\(path): \(error)")
        }
    }

    private func opened(creating: Bool) async throws -> DatabasePool {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result { try self.pool.withLock { try self.open(&$0, creating: creating) } })
            }
        }
    }

    private func open(_ pool: inout DatabasePool?, creating: Bool) throws -> DatabasePool {
        if let pool { return pool }
        guard creating || FileManager.default.fileExists(atPath: path) else {
            throw ObservationError.misconfigured(
                reason: "there is no \(path) yet: a run of nids-sync makes it when it records its first sheet")
        }
        var configuration = Configuration()
        configuration.busyMode = .timeout(20)
        // In kB, for each connection: the system keeps the file in memory as well.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -500") }
        let opened = try DatabasePool(path: path, configuration: configuration)
        // GRDB's default loses the last transactions in a power failure, but what is recorded is never recorded again.
        try opened.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        pool = opened
        return opened
    }
}

private struct SQLiteSession: SQLSession {
    let database: Database

    var dialect: SQLDialect { .sqlite }

    func rows(_ sql: String, _ arguments: [SQLValue]) throws -> [[SQLValue]] {
        let statement = try database.cachedStatement(sql: sql)
        return try Row.fetchAll(statement, arguments: StatementArguments(arguments.map(\.databaseValue))).map { row in
            row.databaseValues.map(SQLValue.init)
        }
    }

    func run(_ sql: String, _ arguments: [SQLValue]) throws -> Int64 {
        let statement = try database.cachedStatement(sql: sql)
        try statement.execute(arguments: StatementArguments(arguments.map(\.databaseValue)))
        return database.lastInsertedRowID
    }
}

extension SQLValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .number(let number): number.databaseValue
        case .text(let text): text.databaseValue
        }
    }

    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .number(number)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .text(String(decoding: data, as: UTF8.self))
        }
    }
}

extension ObservationError {
    fileprivate init(_ error: DatabaseError, path: String, sheet: SheetKey?) {
        let message = "\(path): \(error.message ?? "error") (SQLite \(error.extendedResultCode.rawValue))"
        switch error.resultCode {
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self = .misconfigured(reason: "\(message): check that its folder exists and can be written")
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            self = .misconfigured(
                reason: "\(message): not a database, or a damaged one; move it away for a new one to be made")
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG, .SQLITE_RANGE:
            self = sheet.map { .rejected(sheet: $0, reason: message) } ?? .misconfigured(reason: message)
        case .SQLITE_ERROR, .SQLITE_SCHEMA, .SQLITE_MISUSE:
            self = .misconfigured(reason: "\(message): its tables are not those of this version of nids-sync")
        default:
            self = .unreachable(reason: message)
        }
    }
}
