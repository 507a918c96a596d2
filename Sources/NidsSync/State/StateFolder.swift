import Foundation

/// Folders of ours inside the state's.
enum StateFolder {
    /// Makes a folder for this user alone, where it is not there.
    /// - Throws: `StateError.wanting` without room for it, `StateError.unwritable`.
    static func make(_ path: String) throws(StateError) {
        // A link to a folder is one.
        if mkdir(path, 0o700) == 0 { return }
        let number = errno
        var status = stat()
        if number == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
        throw error(path, number == EEXIST ? ENOTDIR : number)
    }

    /// Makes a folder, or empties the one that is there.
    /// - Throws: `StateError.wanting` without room for it, `StateError.unwritable`.
    static func renew(_ path: String) throws(StateError) {
        try? FileManager.default.removeItem(atPath: path)
        // And those above it; where that fails, so does what follows, which says why.
        try? FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try make(path)
    }

    /// The error for a number of the C library.
    static func error(_ path: String, _ number: Int32) -> StateError {
        let reason = DiskRoom.reason(number, path)
        let isPassing = [ENOSPC, EDQUOT, EFBIG, EMFILE, ENFILE, EIO, ENOMEM].contains(number)
        return isPassing ? .wanting(path: path, reason: reason) : .unwritable(path: path, reason: reason)
    }
}
