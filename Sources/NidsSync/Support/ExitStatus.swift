/// The exit status of the program (see `sysexits.h`).
public enum ExitStatus: Int32, Sendable {
    /// Nothing failed in this pass.
    case success = 0
    /// A sheet failed in this pass.
    case sheetFailed = 1
    /// The command line is wrong.
    case usage = 64
    /// Nextcloud, the database or the model is out of reach, or another pass holds the lock.
    case unavailable = 69
    /// A login or key is refused.
    case refused = 77
    /// The configuration, a missing root folder, an unwritable state folder.
    case configuration = 78
    /// What was to be printed could not be written.
    case unwritableOutput = 74
    /// A second signal ended it at once.
    case interrupted = 130
}
