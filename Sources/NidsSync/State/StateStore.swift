import DAV
import Foundation
import GRDB

/// What we know between passes, in SQLite. Deleting it costs requests, never money and nobody's file.
struct StateStore: Sendable {
    let database: any DatabaseWriter

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
            try StateSchema.migrator.migrate(pool)
            database = pool
        } catch {
            throw .unreadable(path: directory, reason: Self.reason(error))
        }
    }

    /// A copy in memory of the state in a folder, or an empty one: for a run that must write nothing.
    /// - Throws: `StateError.unreadable`.
    init(copyOf directory: String) throws(StateError) {
        do {
            let memory = try DatabaseQueue(configuration: Self.configuration)
            if FileManager.default.fileExists(atPath: Self.file(in: directory)) {
                try Self.readOnly(Self.file(in: directory)).backup(to: memory)
            }
            try StateSchema.migrator.migrate(memory)
            database = memory
        } catch {
            throw .unreadable(path: directory, reason: Self.reason(error))
        }
    }

    /// Opens a database for reading, in such a way that not even SQLite leaves a file beside it.
    private static func readOnly(_ path: String) throws -> DatabaseQueue {
        var configuration = configuration
        configuration.readonly = true
        // While no log lies there nobody is writing, and a file that is called immutable needs no log of its own.
        if !FileManager.default.fileExists(atPath: path + "-wal"),
            let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed),
            let database = try? DatabaseQueue(path: "file:\(escaped)?immutable=1", configuration: configuration)
        {
            return database
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    static func file(in directory: String) -> String { directory + "/state.sqlite" }

    private static var configuration: GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in
            // An answer that was paid for must outlive a power cut: WAL alone syncs at checkpoints only.
            if !db.configuration.readonly { try db.execute(sql: "PRAGMA synchronous = FULL") }
        }
        return configuration
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
        /// How long the last walk over a plain WebDAV server took, in seconds.
        case walkDuration = "walk_duration"
    }

    func recall(_ key: MemoryKey) async throws -> String? {
        try await database.read { db in
            try String.fetchOne(db, sql: "SELECT value FROM memory WHERE key = ?", arguments: [key.rawValue])
        }
    }

    func remember(_ key: MemoryKey, _ value: String) async throws {
        try await database.write { db in
            try db.execute(
                sql: "INSERT INTO memory (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
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
            try db.execute(sql: "DELETE FROM memory WHERE key IN ('server', 'root_url', 'claim', 'full_check')")
        }
    }
}

extension RemotePath {
    /// The path as the state stores it.
    var blob: Data { Data(bytes) }

    /// A path that the state stored.
    static func stored(_ blob: Data) -> RemotePath { RemotePath(bytes: blob) ?? .root }
}
