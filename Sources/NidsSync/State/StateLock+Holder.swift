import Foundation
import Glibc

extension StateLock {
    /// The process that holds the lock on a state folder.
    struct Holder: Sendable, Hashable {
        /// Its process id as it wrote it, which is another one inside a container.
        var process: String?
        /// Since when.
        var since: Date
    }

    /// The process that works with a state folder, `nil` when none does. The folder stays as it is.
    static func holder(of directory: String) -> Holder? {
        let path = path(directory)
        guard isHeld(directory) || isHeld(path) else { return nil }
        // Not with fstat: optimised builds of Swift 6.3 do not find the fields of its times.
        let attributes =
            (try? FileManager.default.attributesOfItem(atPath: path))
            ?? (try? FileManager.default.attributesOfItem(atPath: directory))
        guard let since = attributes?[.modificationDate] as? Date else { return nil }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        let process = descriptor >= 0 ? read(descriptor) : ""
        return Holder(process: process.isEmpty ? nil : process, since: since)
    }

    private static func isHeld(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // Shared, and given back at once: whoever takes the lock in that moment tries again.
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }
}
