import Foundation
import TestSupport

/// A small disk of its own for the program's state, which a test can fill and free: a file system in memory, mounted
/// where only that process sees it.
struct SmallDisk: Sendable {
    /// The state's folder.
    let directory: String

    /// Set where this user may mount one.
    static let isAvailable: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments = privileges + ["mount", "-t", "tmpfs", "none", "/mnt"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    private static let privileges = geteuid() == 0 ? ["-m"] : ["-rm"]

    /// What becomes the program once the disk is there.
    ///
    /// - Parameters:
    ///   - size: its size in kilobytes.
    ///   - commands: are run first.
    func mounted(size: Int, _ commands: String = "") -> [String] {
        ["unshare"] + Self.privileges
            + Shell.after("mkdir -p '\(directory)' && mount -t tmpfs -o size=\(size)k none '\(directory)'\n\(commands)")
    }

    /// A file on the disk, as the program sees it.
    func path(_ name: String, _ program: RunningProgram) -> String {
        "/proc/\(program.identifier)/root\(directory)/\(name)"
    }

    /// Leaves no room.
    func fill(_ program: RunningProgram) throws {
        let descriptor = open(path("others", program), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard descriptor >= 0 else { throw TestFailure("the disk cannot be filled: errno \(errno)") }
        defer { close(descriptor) }
        for size in [65_536, 4096, 512, 1] {
            let bytes = [UInt8](repeating: 0x20, count: size)
            while write(descriptor, bytes, size) == size {}
        }
    }

    /// Makes room again.
    func free(_ program: RunningProgram) throws {
        guard unlink(path("others", program)) == 0 else { throw TestFailure("nothing to remove: errno \(errno)") }
    }

    func exists(_ name: String, _ program: RunningProgram) -> Bool { access(path(name, program), F_OK) == 0 }

    /// Set where a file takes no room: it is not there, or empty.
    func isEmpty(_ name: String, _ program: RunningProgram) -> Bool {
        var status = stat()
        return stat(path(name, program), &status) != 0 || status.st_size == 0
    }
}
