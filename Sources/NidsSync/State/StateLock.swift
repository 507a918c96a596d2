import Glibc

/// The lock on a state folder: one working process at a time. Held until `release()` or the process ends, however it ends.
final class StateLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, without waiting.
    /// - Throws: `StateError.locked` that names the process which holds it, `StateError.unwritable`.
    init(directory: String) throws(StateError) {
        let path = directory + "/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unwritable(path: directory, reason: String(cString: strerror(errno)))
        }
        guard Self.take(descriptor) else {
            let holder = Self.read(descriptor)
            close(descriptor)
            throw .locked(path: directory, holder: holder.isEmpty ? "an unknown process" : "process \(holder)")
        }
        ftruncate(descriptor, 0)
        let text = "\(getpid())"
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Somebody who only asks whether the lock is held has it for a moment.
    private static func take(_ descriptor: Int32) -> Bool {
        for _ in 0..<5 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            usleep(20_000)
        }
        return false
    }

    static func read(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).trimmed
    }
}
