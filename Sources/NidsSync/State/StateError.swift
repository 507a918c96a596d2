/// Why the state cannot be used.
public enum StateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The folder or a file in it cannot be made or written.
    case unwritable(path: String, reason: String)
    /// Another process works with this state.
    case locked(path: String, holder: String)
    /// The database is damaged, or of a newer release.
    case unreadable(path: String, reason: String)

    public var description: String {
        switch self {
        case .unwritable(let path, let reason):
            "the state folder \(path) cannot be written: \(reason). "
                + "Give a folder that this user may write as state.directory (NIDS_STATE_DIRECTORY)."
        case .locked(let path, let holder):
            "another nids-sync works with the state folder \(path): \(holder). Wait until it has finished, or stop it."
        case .unreadable(let path, let reason):
            "the state in \(path) cannot be read: \(reason). "
                + "Deleting the folder is safe: the next pass adopts what is in Nextcloud and asks no model again."
        }
    }
}
