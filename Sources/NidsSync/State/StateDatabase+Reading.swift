import Foundation
import GRDB

extension StateDatabase {
    /// Reads the state in a folder without writing anything there, and without a copy where that can be avoided: it may
    /// be a hundred times as large as what is asked of it.
    ///
    /// - Parameter isHeld: `true` where a process works with it.
    /// - Throws: `StateError`, and what the body throws.
    static func reading<Value: Sendable>(
        _ directory: String, isHeld: Bool, _ body: @escaping @Sendable (StateTables) throws -> Value
    ) async throws -> Value {
        let path = URL(filePath: file(in: directory)).resolvingSymlinksInPath().path(percentEncoded: false)
        // What is read while a process starts or ends is read again.
        for _ in 0..<3 {
            let before = StateSnapshot.generation(of: path)
            guard let state = inPlace(path, directory, isHeld: isHeld) else { break }
            do {
                let value = try await state.read { tables in
                    let migrator = StateSchema.migrator
                    guard try migrator.hasCompletedMigrations(tables.db), try !migrator.hasBeenSuperseded(tables.db)
                    else { throw OtherRelease() }
                    return try body(tables)
                }
                if isHeld || StateSnapshot.generation(of: path) == before { return value }
            } catch is OtherRelease {
                break
            } catch let error as StateError {
                // Damage that a copy shows, too, is damage.
                if case .unreadable = error, isHeld || StateSnapshot.generation(of: path) == before { break }
            }
        }
        return try await StateDatabase(copyOf: directory).read(body)
    }

    private struct OtherRelease: Error {}

    /// The database as it lies there, `nil` where it cannot be opened so.
    ///
    /// A process that works with it shares its log with us. Where none does, nothing is locked, and no file is made
    /// beside it: SQLite keeps what it needs of the log in memory.
    private static func inPlace(_ path: String, _ directory: String, isHeld: Bool) -> StateDatabase? {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        guard !isHeld else {
            guard access(path + "-wal", R_OK) == 0, access(path + "-shm", R_OK) == 0 else { return nil }
            return (try? DatabaseQueue(path: path, configuration: configuration))
                .map { StateDatabase(database: $0, directory: directory) }
        }
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
        var place = URLComponents()
        place.scheme = "file"
        place.path = path
        place.queryItems = [URLQueryItem(name: "mode", value: "ro"), URLQueryItem(name: "vfs", value: "unix-none")]
        return place.string.flatMap { try? DatabaseQueue(path: $0, configuration: configuration) }
            .map { StateDatabase(database: $0, directory: directory) }
    }

    private init(database: any DatabaseWriter, directory: String) {
        self.database = database
        self.directory = directory
        copy = nil
    }
}
