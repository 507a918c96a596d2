import Foundation
import TestSupport

/// A small disk of its own for the state: a file system in memory, where this user may mount one.
final class CrashDisk: Sendable {
    let path: String

    /// `nil` where none can be mounted.
    init?(at path: String) {
        self.path = path
        guard geteuid() == 0 else { return nil }
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard Self.run("/bin/mount", ["-t", "tmpfs", "-o", "size=64m", "none", path]) else { return nil }
    }

    deinit { unmount() }

    /// Takes it away with all that lies on it.
    func unmount() { _ = Self.run("/bin/umount", ["--lazy", path]) }

    /// Leaves no room.
    func fill() throws {
        let descriptor = open(path + "/others", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard descriptor >= 0 else { throw TestFailure("the disk cannot be filled: errno \(errno)") }
        defer { close(descriptor) }
        for size in [1 << 20, 65_536, 4096, 512, 1] {
            let bytes = [UInt8](repeating: 0x20, count: size)
            while write(descriptor, bytes, size) == size {}
        }
    }

    /// Makes room again.
    func free() { unlink(path + "/others") }

    private static func run(_ program: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
