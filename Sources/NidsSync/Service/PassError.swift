public import DAV
import HTTP

/// The reason why a pass cannot do anything, with the exit status that goes with it.
public enum PassError: Error, Sendable, CustomStringConvertible {
    /// The root folder is not there.
    case missingRoot(String, user: String)
    /// Another machine works on this root.
    case claimed(by: String)
    /// The settings lost or changed something that the state remembers.
    case changedIdentity(String)
    /// Nextcloud cannot be asked.
    case server(DAVError, url: String)
    /// The path given with `--path` is not valid.
    case invalidPath(String)

    public var description: String {
        switch self {
        case .missingRoot(let root, let user):
            "the folder \"\(root)\" is not among the files of \(user): create it or share it with this account, "
                + "or correct nextcloud.root"
        case .claimed(let host):
            "another installation, on \(host), works on this folder (transcription_results/.nids-sync.json). Stop it "
                + "there for good and run once with --take-over, or give this one another nextcloud.root"
        case .changedIdentity(let what):
            "\(what). If that is meant, run once with --accept-change; if not, put it back"
        case .server(let error, let url): error.explanation(of: url)
        case .invalidPath(let path): "--path \(path) is no path below the root"
        }
    }

    /// The exit status that this error ends the program with.
    public var status: ExitStatus {
        switch self {
        case .missingRoot, .claimed, .changedIdentity: .configuration
        case .invalidPath: .usage
        case .server(let error, _):
            switch error.kind {
            case .unauthorized: .refused
            case .redirected, .transport(.invalidRequest), .transport(.tls): .configuration
            default: .unavailable
            }
        }
    }
}
