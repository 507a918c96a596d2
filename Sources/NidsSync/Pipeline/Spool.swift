import Foundation
import Synchronization

/// The folder in which scans lie while they are worked on; what an earlier run left there is cleared away.
final class Spool: Sendable {
    private let directory: String
    private let counter = Atomic<Int>(0)

    /// Makes or empties the folder.
    /// - Throws: `StateError.unwritable`.
    init(stateDirectory: String) throws(StateError) {
        directory = stateDirectory + "/spool"
        do {
            try? FileManager.default.removeItem(atPath: directory)
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .unwritable(path: directory, reason: (error as NSError).localizedDescription)
        }
    }

    /// A path for a new file; names from outside are not part of it.
    func newFile() -> String { directory + "/scan-\(counter.add(1, ordering: .relaxed).newValue)" }

    /// Removes a file, if it is there.
    func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
