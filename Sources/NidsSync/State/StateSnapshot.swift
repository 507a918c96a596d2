import Foundation

/// A private copy of the database's files, taken without opening them: SQLite makes files beside a database in WAL mode
/// even to read it, and a run that writes nothing must not. It is removed with this object.
final class StateSnapshot: Sendable {
    private let directory: String

    /// The copy.
    var path: String { directory + "/state.sqlite" }

    /// Copies the database at that path, `nil` when there is none.
    /// - Throws: `CocoaError`, or `Busy` while another process never leaves it alone.
    init?(of path: String) throws {
        let source = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: source) else { return nil }
        directory =
            FileManager.default.temporaryDirectory.path(percentEncoded: false) + "/nids-sync-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        // A failure takes the copy away with this object.
        try copy(source)
    }

    deinit { Self.remove(directory) }

    private static func remove(_ directory: String) { try? FileManager.default.removeItem(atPath: directory) }

    struct Busy: Error, LocalizedError {
        var errorDescription: String? { "another process writes to it without a pause: try again" }
    }

    /// The log is copied after the database. A checkpoint in between writes to the database only what the log still
    /// holds, so that the copy of the log makes up for it, unless the log began anew: its header then has another salt.
    private func copy(_ source: String) throws {
        for _ in 0..<100 {
            let before = Self.generation(of: source)
            try? FileManager.default.removeItem(atPath: path)
            try? FileManager.default.removeItem(atPath: path + "-wal")
            try FileManager.default.copyItem(atPath: source, toPath: path)
            if !before.log.isEmpty {
                // It may be gone by now, which the generation tells.
                try? FileManager.default.copyItem(atPath: source + "-wal", toPath: path + "-wal")
            }
            if Self.generation(of: source) == before { return }
        }
        throw Busy()
    }

    struct Generation: Equatable {
        /// The header of the write-ahead log (32 bytes, with the salt); empty without a log.
        var log: Data
        /// The time at which the database itself was written, where there is no log to tell.
        var written: Date?
    }

    static func generation(of source: String) -> Generation {
        let log = FileHandle(forReadingAtPath: source + "-wal")
        defer { try? log?.close() }
        let header = (try? log?.read(upToCount: 32)) ?? Data()
        let attributes = header.isEmpty ? try? FileManager.default.attributesOfItem(atPath: source) : nil
        return Generation(log: header, written: attributes?[.modificationDate] as? Date)
    }
}
