import Foundation
import Glibc

extension StateStore {
    /// Whether a folder holds a state.
    /// - Throws: `StateError.forbidden`, `StateError.unreadable`.
    static func exists(in directory: String) throws(StateError) -> Bool {
        if access(file(in: directory), R_OK) == 0 { return true }
        switch errno {
        case ENOENT, ENOTDIR: return false
        case EACCES, EPERM: throw .forbidden(path: directory)
        case let code: throw .unreadable(path: directory, reason: String(cString: strerror(code)))
        }
    }
}
