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
        let path = resolved(file(in: directory))
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

    private static func resolved(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The database as it lies there, `nil` where only a copy can be read: a process that was killed has left a log,
    /// which SQLite does not read without writing beside it.
    private static func inPlace(_ path: String, _ directory: String, isHeld: Bool) -> StateDatabase? {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -1000; PRAGMA temp_store = MEMORY") }
        let name: String
        if isHeld {
            // The process that works with it shares its log with us.
            guard access(path + "-wal", R_OK) == 0, access(path + "-shm", R_OK) == 0 else { return nil }
            name = path
        } else {
            guard access(path + "-wal", F_OK) != 0 else { return nil }
            // Nobody works with it: nothing is locked, and no file is made beside it.
            name = "file:\(Self.encoded(path))?immutable=1"
        }
        return (try? DatabaseQueue(path: name, configuration: configuration))
            .map { StateDatabase(database: $0, directory: directory) }
    }

    /// A path in a URI of SQLite.
    private static func encoded(_ path: String) -> String {
        path.utf8.map { byte in
            let isPlain = (UInt8(ascii: "/")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: ".")
            let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte < 0x80
            let digits = String(byte, radix: 16)
            return isPlain || isLetter
                ? String(UnicodeScalar(byte)) : "%" + (digits.count < 2 ? "0" : "") + digits
        }.joined()
    }

    private init(database: any DatabaseWriter, directory: String) {
        self.database = database
        self.directory = directory
        copy = nil
    }
}
