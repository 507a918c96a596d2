import DAV
import Foundation
import GRDB

/// What we know between passes, in SQLite. Deleting it costs requests, never money and nobody's file.
struct StateStore: Sendable {
    let database: any DatabaseWriter
    /// The labels of the configured models, the primary's first.
    var models: [String] = []

    /// Opens the state in a folder, making and migrating it where needed.
    /// - Throws: `StateError`.
    init(directory: String) throws(StateError) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .unwritable(path: directory, reason: Self.reason(error))
        }
        guard access(directory, W_OK | X_OK) == 0 else {
            throw .unwritable(path: directory, reason: String(cString: strerror(errno)))
        }
        do {
            let pool = try DatabasePool(path: Self.file(in: directory), configuration: Self.configuration)
            // An answer that was paid for must outlive a power cut. GRDB chooses NORMAL as it turns WAL on, which syncs
            // at checkpoints only.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try Self.migrate(pool)
            database = pool
        } catch {
            throw Self.isUnwritable(error)
                ? .unwritable(path: directory, reason: Self.reason(error))
                : .unreadable(path: directory, reason: Self.reason(error))
        }
    }

    /// A copy in memory of the state in a folder, or an empty one: for a run that must write nothing.
    /// - Throws: `StateError.unreadable`.
    init(copyOf directory: String) throws(StateError) {
        do {
            let memory = try DatabaseQueue(configuration: Self.configuration)
            if let snapshot = try StateSnapshot(of: Self.file(in: directory)) {
                defer { snapshot.remove() }
                let copy = try DatabaseQueue(path: snapshot.path, configuration: Self.configuration)
                try copy.backup(to: memory)
                try copy.close()
            }
            try Self.migrate(memory)
            database = memory
        } catch {
            throw .unreadable(path: directory, reason: Self.reason(error))
        }
    }

    static func file(in directory: String) -> String { directory + "/state.sqlite" }

    private static var configuration: GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(10)
        return configuration
    }

    private struct NewerRelease: Error, LocalizedError {
        var errorDescription: String? { "a newer release of nids-sync has worked with it: update this one" }
    }

    private static func migrate(_ database: some DatabaseWriter) throws {
        guard try !database.read(StateSchema.migrator.hasBeenSuperseded) else { throw NewerRelease() }
        try StateSchema.migrator.migrate(database)
    }

    private static func isUnwritable(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        let codes: [ResultCode] = [.SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_PERM]
        return codes.contains(error.resultCode.primaryResultCode)
    }

    private static func reason(_ error: any Error) -> String {
        if let error = error as? DatabaseError { return error.message ?? "SQLite error \(error.resultCode.rawValue)" }
        if let posix = (error as NSError).userInfo[NSUnderlyingErrorKey] as? POSIXError {
            return String(cString: strerror(posix.code.rawValue))
        }
        return (error as NSError).localizedDescription.trimmingCharacters(in: ["."])
    }
}

extension StateStore {
    /// Single facts, each under a name.
    enum MemoryKey: String {
        /// What `ServerProbe` found, as JSON.
        case server
        /// The URL of the root collection in the server's spelling.
        case rootURL = "root_url"
        /// The settings that a run may not lose unnoticed, as JSON.
        case identity
        /// This installation's id.
        case installation
        /// The tag of `.nids-sync.json` when we last read it as ours.
        case claim
        /// When everything was last looked at, in seconds since 1970.
        case fullCheck = "full_check"
        /// Since when our folder's tags are believed that our own uploads explain, in seconds since 1970.
        case unverifiedResults = "unverified_results"
        /// Whether folders' tags tell of changes below, where that was found out.
        case propagation
        /// The models of which it is known whether a state of before has sent batches, with commas.
        case examinedBatches = "examined_batches"
        /// The collection that the server did not list with `Depth: infinity`.
        case treeRefused = "tree_refused"
        /// Which of the provider's models each label means, as JSON.
        case providerModels = "provider_models"
    }

    func recall(_ key: MemoryKey) async throws -> String? {
        try await database.read { db in
            try String.fetchOne(db, sql: "SELECT value FROM memory WHERE key = ?", arguments: [key.rawValue])
        }
    }

    func remember(_ key: MemoryKey, _ value: String) async throws {
        try await database.write { db in
            try db.execute(
                sql:
                    "INSERT INTO memory (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                arguments: [key.rawValue, value])
        }
    }

    func forget(_ key: MemoryKey) async throws {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM memory WHERE key = ?", arguments: [key.rawValue])
        }
    }

    /// Forgets everything that belongs to one root of one server; paid answers stay.
    func forgetRoot() async throws {
        try await database.write { db in
            for table in ["publication", "job", "scan", "sheet", "result_file", "collection"] {
                try db.execute(sql: "DELETE FROM \(table)")
            }
            try db.execute(
                sql: """
                    DELETE FROM memory WHERE key IN
                    ('server', 'root_url', 'claim', 'full_check', 'propagation', 'tree_refused',
                    'unverified_results')
                    """)
        }
    }
}

extension RemotePath {
    /// The path as the state stores it.
    var blob: Data { Data(bytes) }

    /// A path that the state stored.
    static func stored(_ blob: Data) -> RemotePath { RemotePath(bytes: blob) ?? .root }
}
