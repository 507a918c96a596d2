import Foundation

/// The state folder as a process found it: what becomes of it under the process is noticed.
final class StatePresence: Sendable {
    private struct Identity: Equatable {
        var device: UInt
        var file: UInt
    }

    private let directory: String
    private let lock: StateLock
    private let database: Identity?

    /// - Parameters:
    ///   - directory: the folder, in which the database is open.
    ///   - lock: the lock on it.
    init(directory: String, lock: StateLock) {
        self.directory = directory
        self.lock = lock
        database = Self.identity(StateDatabase.file(in: directory))
    }

    /// Checks that the folder and the database are those that are open. Whatever is stored in others is lost.
    /// - Throws: `StateError.removed`.
    func verify() throws(StateError) {
        try lock.verify()
        guard database == Self.identity(StateDatabase.file(in: directory)) else {
            throw .removed(path: directory)
        }
    }

    private static func identity(_ path: String) -> Identity? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Identity(device: UInt(status.st_dev), file: UInt(status.st_ino))
    }
}
