import Glibc
import Synchronization

/// The lock on a state folder: one working process at a time. Held until `release()` or the process ends, however it ends.
///
/// It lies on the folder itself, which nobody deletes by mistake, and on a file in it, where other releases look and
/// where the holder says who it is.
final class StateLock: Sendable {
    private let directory: String
    private let folder: Int32
    private let file: Mutex<Int32>

    /// Takes the lock, without waiting.
    /// - Throws: `StateError.locked` that names the process which holds it, `StateError.unwritable`.
    init(directory: String) throws(StateError) {
        self.directory = directory
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else {
            throw .unwritable(path: directory, reason: String(cString: strerror(errno)))
        }
        guard Self.take(folder) else {
            close(folder)
            throw Self.locked(directory)
        }
        do throws(StateError) {
            file = Mutex(try Self.takeFile(directory))
        } catch {
            close(folder)
            throw error
        }
        self.folder = folder
    }

    deinit {
        close(folder)
        file.withLock { descriptor in _ = close(descriptor) }
    }

    /// Checks that the folder that is locked is still the one at its path, and puts the file in it back where somebody
    /// deleted that.
    /// - Throws: `StateError.removed`.
    func verify() throws(StateError) {
        guard Self.isSame(folder, directory) else { throw .removed(path: directory) }
        let (path, directory) = (Self.path(directory), directory)
        file.withLock { descriptor in
            guard !Self.isSame(descriptor, path), let new = try? Self.takeFile(directory) else { return }
            close(descriptor)
            descriptor = new
        }
    }

    static func path(_ directory: String) -> String { directory + "/lock" }

    private static func takeFile(_ directory: String) throws(StateError) -> Int32 {
        let descriptor = open(path(directory), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unwritable(path: directory, reason: String(cString: strerror(errno)))
        }
        guard take(descriptor) else {
            close(descriptor)
            throw locked(directory)
        }
        guard givesLocks(descriptor) else {
            close(descriptor)
            throw .unwritable(
                path: directory,
                reason:
                    "its file system gives no locks, as network shares without a lock service do, and nothing would "
                    + "keep two programs from writing there at once")
        }
        ftruncate(descriptor, 0)
        let text = "\(getpid())"
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
        return descriptor
    }

    private static func locked(_ directory: String) -> StateError {
        let descriptor = open(path(directory), O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        let holder = descriptor >= 0 ? read(descriptor) : ""
        return .locked(path: directory, holder: holder.isEmpty ? "an unknown process" : "process \(holder)")
    }

    /// `true` where the open file is the one at a path: names come and go, the inode stays.
    private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
        var (held, found) = (stat(), stat())
        return fstat(descriptor, &held) == 0 && stat(path, &found) == 0 && held.st_dev == found.st_dev
            && held.st_ino == found.st_ino
    }

    /// Somebody who only asks whether the lock is held has it for a moment. A file system that knows no such locks
    /// gives it to everybody.
    private static func take(_ descriptor: Int32) -> Bool {
        for _ in 0..<5 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK { return true }
            usleep(20_000)
        }
        return false
    }

    /// Whether a file can be locked as SQLite does it: where it cannot, SQLite takes every file for a busy one.
    private static func givesLocks(_ descriptor: Int32) -> Bool {
        var range = Glibc.flock()
        range.l_type = Int16(F_WRLCK)
        range.l_whence = Int16(SEEK_SET)
        defer {
            range.l_type = Int16(F_UNLCK)
            _ = fcntl(descriptor, F_SETLK, &range)
        }
        return fcntl(descriptor, F_SETLK, &range) == 0 || ![ENOLCK, ENOSYS, EOPNOTSUPP].contains(errno)
    }

    static func read(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).trimmed
    }
}
