import Foundation
public import GRDB
import TestSupport

/// A database of the program's as somebody else may read it.
public enum DatabaseCopy {
    /// Reads a copy: whoever opens a database after a crash mends it, and that is the program's to do.
    ///
    /// - Parameter file: the database, which no process works with at present.
    /// - Returns: nil where there is none.
    /// - Throws: `TestFailure`, `DatabaseError`, and what `body` throws.
    public static func reading<Value>(_ file: String, _ body: (Database) throws -> Value) throws -> Value? {
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        let copies = try TemporaryDirectory()
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: file + suffix) {
            try FileManager.default.copyItem(atPath: file + suffix, toPath: copies.file("copy" + suffix))
        }
        let queue = try DatabaseQueue(path: copies.file("copy"))
        defer { try? queue.close() }
        return try queue.read(body)
    }
}
