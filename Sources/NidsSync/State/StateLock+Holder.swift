import Foundation
import Glibc

extension StateLock {
    /// Who holds the lock on a state folder.
    struct Holder: Sendable, Hashable {
        /// Its process id as it wrote it, which is another one inside a container.
        var process: String?
        /// Since when.
        var since: Date
    }

    /// The process that works with a state folder, `nil` when none does. The folder stays as it is.
    static func holder(of directory: String) -> Holder? {
        let descriptor = open(directory + "/lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // Shared, and given back at once: whoever takes the lock in that moment tries again.
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        let process = read(descriptor)
        let seconds = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
        return Holder(process: process.isEmpty ? nil : process, since: Date(timeIntervalSince1970: seconds))
    }
}
