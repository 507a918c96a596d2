import Foundation

/// The few file operations the stand-in needs, with typed errors.
enum Disk {
    struct Entry {
        var name: String
        var isFolder: Bool
        var size: Int
        /// Nanoseconds since 1970.
        var modified: Int
    }

    /// The system's words for the last failed call.
    static func reason() -> String { String(cString: strerror(errno)) }

    static func makeFolder(_ path: String) throws(StandInError) {
        if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw .store(path: path, reason: reason())
        }
        try makeFolder(String(path[..<slash]))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .store(path: path, reason: reason()) }
    }

    static func rename(_ from: String, to target: String) throws(StandInError) {
        guard Foundation.rename(from, target) == 0 else { throw .store(path: target, reason: reason()) }
    }

    /// Removes a file, or a folder with all that is in it; nothing there is fine.
    static func remove(_ path: String) throws(StandInError) {
        if unlink(path) == 0 || errno == ENOENT { return }
        do { try FileManager.default.removeItem(atPath: path) } catch {
            throw .store(path: path, reason: error.localizedDescription)
        }
    }

    static func entry(at path: String) throws(StandInError) -> Entry {
        var info = stat()
        guard lstat(path, &info) == 0 else { throw .store(path: path, reason: reason()) }
        return entry(named: path, info)
    }

    /// The content of a folder: files and folders only; names that are not UTF-8 are left out.
    static func entries(of path: String) throws(StandInError) -> [Entry] {
        guard let folder = opendir(path) else { throw .store(path: path, reason: reason()) }
        defer { closedir(folder) }
        let descriptor = dirfd(folder)
        var entries: [Entry] = []
        while let item = readdir(folder) {
            let name = withUnsafePointer(to: &item.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(validatingCString: $0) }
            }
            guard let name, name != ".", name != ".." else { continue }
            var info = stat()
            guard fstatat(descriptor, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            let kind = info.st_mode & S_IFMT
            if kind == S_IFDIR || kind == S_IFREG { entries.append(entry(named: name, info)) }
        }
        return entries
    }

    private static func entry(named name: String, _ info: stat) -> Entry {
        #if os(Linux)
            let time = info.st_mtim
        #else
            let time = info.st_mtimespec
        #endif
        return Entry(
            name: name, isFolder: info.st_mode & S_IFMT == S_IFDIR, size: Int(info.st_size),
            modified: time.tv_sec * 1_000_000_000 + time.tv_nsec)
    }

    static func setModified(_ path: String, seconds: Int) {
        let times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
        utimensat(AT_FDCWD, path, times, 0)
    }

    static func create(_ path: String) throws(StandInError) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .store(path: path, reason: reason()) }
        return descriptor
    }

    static func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, path: String) throws(StandInError) {
        var rest = bytes
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR { continue }
                throw .store(path: path, reason: reason())
            }
            rest = rest.dropFirst(written)
        }
    }

    static func writeFile(_ bytes: [UInt8], to path: String) throws(StandInError) {
        let descriptor = try create(path)
        defer { close(descriptor) }
        try writeAll(bytes[...], to: descriptor, path: path)
    }

    /// A whole file.
    static func readFile(_ path: String) throws(StandInError) -> [UInt8] {
        do { return try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) } catch {
            throw .store(path: path, reason: error.localizedDescription)
        }
    }
}
