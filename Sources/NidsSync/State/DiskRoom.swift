import Foundation

/// The room on a disk, and what else keeps files from being written there.
enum DiskRoom {
    /// The free bytes for this user, `nil` where nobody says.
    static func free(_ directory: String) -> Int? {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else { return nil }
        let (bytes, overflows) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflows ? Int.max : Int(clamping: bytes)
    }

    /// The free room in words.
    static func words(_ directory: String) -> String {
        guard let free = free(directory) else { return "free room unknown" }
        return String(format: "%.1f MB free", Double(free) / 1_000_000)
    }

    /// The reason why no file can be written in a folder, found out by trying; `nil` where one can.
    static func fault(_ directory: String) -> String? { obstacle(directory).map { reason($0, directory) } }

    /// The same as a number of the C library.
    static func obstacle(_ directory: String) -> Int32? {
        let path = directory + "/.try-\(getpid())"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return errno }
        defer {
            close(descriptor)
            unlink(path)
        }
        let page = [UInt8](repeating: 0, count: 4096)
        return write(descriptor, page, page.count) == page.count ? nil : errno
    }

    /// Words for a number of the C library.
    static func reason(_ number: Int32, _ directory: String) -> String {
        switch number {
        case ENOSPC: "no room is left on its disk (\(words(directory))): make room there"
        case EDQUOT: "this user's quota on its disk is used up: make room there"
        case EFBIG: "its files may not grow further: raise the limit (ulimit -f)"
        case EMFILE: "too many files are open: raise the limit (ulimit -n, LimitNOFILE)"
        case ENFILE: "too many files are open on this machine: raise fs.file-max"
        case EROFS: "its disk is mounted read-only"
        case EIO: "its disk fails (input/output error)"
        default: String(cString: strerror(number))
        }
    }
}
