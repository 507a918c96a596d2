/// A failure of what was asked of the stand-in directly (over HTTP it answers with a status instead).
public enum StandInError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No account was given, or an account's id cannot be a folder's name.
    case accounts(reason: String)
    /// A file or folder of the store could not be read or written.
    case store(path: String, reason: String)
    /// There is nothing at that path.
    case notFound(path: String)
    /// Nextcloud would refuse that: the status it would answer, and its reason.
    case refused(path: String, status: Int, reason: String)
    /// The server could not listen on that port.
    case cannotListen(port: UInt16, reason: String)

    /// One sentence with the path or port concerned.
    public var description: String {
        switch self {
        case .accounts(let reason): "the stand-in's accounts cannot be used: \(reason)"
        case .store(let path, let reason): "the stand-in's store: \(path): \(reason)"
        case .notFound(let path): "the stand-in has nothing at \(path)"
        case .refused(let path, let status, let reason): "\(path): refused with \(status): \(reason)"
        case .cannotListen(let port, let reason): "cannot listen on 127.0.0.1:\(port): \(reason)"
        }
    }
}
