/// A reason why the state cannot be used.
public enum StateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The folder or a file in it cannot be made or written.
    case unwritable(path: String, reason: String)
    /// Another process works with this state.
    case locked(path: String, holder: String)
    /// This user may not look at it.
    case forbidden(path: String)
    /// The database is damaged, or of a newer release.
    case unreadable(path: String, reason: String)

    /// The machine has no room, files or memory for what has to be stored.
    case wanting(path: String, reason: String)
    /// The folder, or the database in it, is not the one any more that this process works with.
    case removed(path: String)

    /// A stored word is none that this release knows.
    case unknownWord(column: String, word: String)

    /// The exit status that this error ends the program with.
    public var status: ExitStatus {
        switch self {
        case .locked, .wanting: .unavailable
        case .unwritable, .forbidden, .unreadable, .removed, .unknownWord: .configuration
        }
    }

    public var description: String {
        switch self {
        case .wanting(let path, let reason): "nothing can be stored in \(path): \(reason)"
        case .removed(let path):
            "the state folder \(path) was removed or replaced while nids-sync worked with it. See to it that nothing "
                + "clears that place, and start it again: the next pass adopts what is in Nextcloud, or goes on where the "
                + "folder that is there now stood."
        case .unwritable(let path, let reason):
            "the state folder \(path) cannot be written: \(reason). "
                + "Give a folder that this user may write as state.directory (NIDS_STATE_DIRECTORY)."
        case .locked(let path, let holder):
            "another nids-sync works with the state folder \(path): \(holder). Wait until it has finished, or stop it."
        case .forbidden(let path):
            "the state in \(path) may not be read by this user: run the command as the user that the service runs as."
        case .unknownWord(let column, let word):
            "the state holds \(word) as \(column), which this release does not know: update nids-sync. "
                + "Deleting the state folder is safe: the next pass adopts what is in Nextcloud and asks no model again."
        case .unreadable(let path, let reason):
            "the state in \(path) cannot be read: \(reason). "
                + "Deleting the folder is safe: the next pass adopts what is in Nextcloud and asks no model again."
        }
    }
}
