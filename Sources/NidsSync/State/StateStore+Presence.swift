import Foundation
import Glibc

extension StateStore {
    /// Whether a folder holds a state.
    /// - Throws: `StateError.unreadable` where this user may not even look.
    static func exists(in directory: String) throws(StateError) -> Bool {
        var status = stat()
        if stat(file(in: directory), &status) == 0 { return true }
        let code = errno
        if code == ENOENT || code == ENOTDIR { return false }
        throw .unreadable(path: directory, reason: String(cString: strerror(code)))
    }
}
