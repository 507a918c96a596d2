import Foundation
import GRDB

/// The state between passes, in SQLite. Deleting it costs requests, never money and nobody's file.
struct StateDatabase: Sendable {
    let database: any DatabaseWriter
    /// The labels of the configured models, the primary's first.
    var models: [String] = []
    /// The folder; for a copy, the one that it was made of.
    let directory: String
    /// The room in the folder, where something is stored that must not be lost.
    var room: StateRoom?
    /// The folder as it was found, where this process works in it.
    var presence: StatePresence?
    /// The copy that is worked on, for a run that must write nothing.
    let copy: StateSnapshot?

    /// Opens the state in a folder, making and migrating it where needed.
    /// - Throws: `StateError`.
    init(directory: String) throws(StateError) {
        self.directory = directory
        try Self.makeFolder(directory)
        do {
            let pool = try DatabasePool(path: Self.file(in: directory), configuration: Self.configuration)
            // An answer that was paid for must outlive a power cut. GRDB chooses NORMAL as it turns WAL on, which syncs
            // at checkpoints only.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try Self.migrate(pool)
            database = pool
            copy = nil
        } catch {
            throw Self.error(directory, error)
        }
    }

    /// Makes the folder of a state, and those above it, for this user alone.
    /// - Throws: `StateError.unwritable`, `StateError.wanting`.
    static func makeFolder(_ directory: String) throws(StateError) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .unwritable(path: directory, reason: reason(error))
        }
        guard access(directory, W_OK | X_OK) == 0 else { throw StateFolder.error(directory, errno) }
    }

    /// Opens a copy of the state in a folder, or an empty one: for a run that must write nothing. The copy lies in the
    /// temporary folder and goes with the last use of this value.
    /// - Throws: `StateError.unreadable`.
    init(copyOf directory: String) throws(StateError) {
        self.directory = directory
        do {
            copy = try StateSnapshot(of: Self.file(in: directory))
            let queue = try copy.map { try DatabaseQueue(path: $0.path, configuration: Self.configuration) }
            // Nobody needs the copy after a power cut.
            try queue?.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = OFF") }
            let database = try queue ?? DatabaseQueue(configuration: Self.configuration)
            try Self.migrate(database)
            self.database = database
        } catch {
            throw Self.error(directory, error)
        }
    }

    /// Reads from several tables as of one moment.
    /// - Throws: `StateError`, `DatabaseError`, or what the body throws.
    func read<Value: Sendable>(_ body: @escaping @Sendable (StateTables) throws -> Value) async throws -> Value {
        let models = models
        return try await meeting(keeps: false) {
            try await database.read { db in try body(StateTables(db: db, models: models)) }
        }
    }

    /// Changes several tables in one transaction. Where the machine stands in the way it is tried again for some time.
    ///
    /// - Parameter keeps: `true` for what has been paid for and would be lost: it is tried until somebody asks to stop.
    /// - Throws: `StateError`, `DatabaseError`, or what the body throws; then nothing is changed.
    func write<Value: Sendable>(
        keeps: Bool = false, _ body: @escaping @Sendable (StateTables) throws -> Value
    ) async throws -> Value {
        let models = models
        return try await meeting(keeps: keeps) {
            try await database.write { db in try body(StateTables(db: db, models: models)) }
        }
    }

    /// Says of the machine's faults and of damage where they are and what can be done.
    private func meeting<Value>(keeps: Bool, _ work: () async throws -> Value) async throws -> Value {
        do {
            guard let room else { return try await work() }
            return try await room.storing(keeps: keeps, in: presence, work)
        } catch let error as DatabaseError where error.isOfMachine || error.isOfDamage {
            throw Self.error(directory, error)
        }
    }

    /// A number that changes when another process writes to the state.
    /// - Throws: `DatabaseError`.
    func version() async throws -> Int {
        try await database.writeWithoutTransaction { db in try db.value("PRAGMA data_version") ?? 0 }
    }
}

extension StateDatabase {
    static func file(in directory: String) -> String { directory + "/state.sqlite" }

    /// `true` when a folder holds a state.
    /// - Throws: `StateError.forbidden`, `StateError.unreadable`.
    static func exists(in directory: String) throws(StateError) -> Bool {
        if access(file(in: directory), R_OK) == 0 { return true }
        switch errno {
        case ENOENT, ENOTDIR: return false
        case EACCES, EPERM: throw .forbidden(path: directory)
        case let code: throw .unreadable(path: directory, reason: String(cString: strerror(code)))
        }
    }

    private static var configuration: GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 3
        // In kB, for each connection: the system keeps the file in memory as well. And what is sorted needs no disk.
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = -500; PRAGMA temp_store = MEMORY")
        }
        return configuration
    }

    private struct NewerRelease: Error, LocalizedError {
        var errorDescription: String? { "a newer release of nids-sync has worked with it: update this one" }
    }

    private static func migrate(_ database: some DatabaseWriter) throws {
        guard try !database.read(StateSchema.migrator.hasBeenSuperseded) else { throw NewerRelease() }
        try StateSchema.migrator.migrate(database)
    }

    private static func error(_ directory: String, _ error: any Error) -> StateError {
        if let error = error as? StateError { return error }
        guard let fault = error as? DatabaseError, fault.isOfMachine else {
            let reason = (error as? DatabaseError)?.reason(in: directory) ?? reason(error)
            return .unreadable(path: directory, reason: reason)
        }
        let reason = fault.reason(in: directory)
        switch fault.resultCode.primaryResultCode {
        case .SQLITE_CANTOPEN, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_PERM:
            guard let number = DiskRoom.obstacle(directory) else { return .unwritable(path: directory, reason: reason) }
            return StateFolder.error(directory, number)
        default: return .wanting(path: directory, reason: reason)
        }
    }

    private static func reason(_ error: any Error) -> String {
        if let posix = (error as NSError).userInfo[NSUnderlyingErrorKey] as? POSIXError {
            return String(cString: strerror(posix.code.rawValue))
        }
        return (error as NSError).localizedDescription.trimmingCharacters(in: ["."])
    }
}
