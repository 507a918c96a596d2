public import DAV
import HTTP

/// The reason why a pass cannot do anything, with the exit status that goes with it.
public enum PassError: Error, Sendable, CustomStringConvertible {
    /// The root folder is not there.
    case missingRoot(String, user: String)
    /// The root folder, which was there before, is not there just now.
    case rootAway(String, user: String)
    /// Another folder of the root's name is in its place.
    case otherRoot(String)
    /// Nothing can be created in the root.
    case unwritableRoot(reason: String)
    /// Another machine works on this root.
    case claimed(by: String)
    /// Another installation on this machine works on this root.
    case claimedHere
    /// The settings lost or changed something that the state remembers.
    case changedIdentity(String)
    /// Nextcloud cannot be asked.
    case server(DAVError, url: String)
    /// The path given with `--path` is not valid.
    case invalidPath(String)
    /// Nothing is at the path given with `--path`; something is at one that is similar.
    case unknownPath(String, similar: String?)

    public var description: String {
        switch self {
        case .missingRoot(let root, let user):
            "the folder \"\(root)\" is not among the files of \(user): create it or share it with this account, "
                + "or correct nextcloud.root"
        case .rootAway(let root, let user):
            "the folder \"\(root)\" is not among the files of \(user) just now; it was before, so that nothing is "
                + "inferred from it. Put it back, share it with this account again, or correct nextcloud.root"
        case .otherRoot(let root):
            "the folder \"\(root)\" is another one than before (its file id is another): nothing is done there. If that "
                + "is meant, run once with --accept-change; if not, put the one of before back in its place"
        case .unwritableRoot(let reason):
            "nothing can be written in \(ResultNames.folder) below nextcloud.root: \(reason). Give this account the right "
                + "to create and change files there (in Nextcloud: share with editing), or correct nextcloud.root"
        case .claimed(let host):
            "another installation, on \(host), works on this folder (transcription_results/.nids-sync.json). Stop it "
                + "there for good and run once with --take-over, or give this one another nextcloud.root"
        case .claimedHere:
            "another installation on this machine, with its state in another folder (state.directory), works on this "
                + "folder (transcription_results/.nids-sync.json). Use its state, or stop it for good and run once with "
                + "--take-over"
        case .changedIdentity(let what):
            "\(what). If that is meant, run once with --accept-change; if not, put it back"
        case .server(let error, let url): error.explanation(of: url)
        case .invalidPath(let path): "--path \(path) is no path below the root"
        case .unknownPath(let path, let similar):
            "--path \(path): nothing of that name is below nextcloud.root"
                + (similar.map { ". Did you mean \($0)?" } ?? "; it is written as in Nextcloud, from there on")
        }
    }

    /// Set where it may pass without anybody touching the settings: a daemon waits.
    public var mayPass: Bool {
        switch self {
        case .rootAway, .otherRoot: true
        default: status == .unavailable
        }
    }

    /// Set where a daemon ends whenever it is met: those who insist on a refused login are throttled, and of two
    /// installations on one root only one goes on.
    var endsDaemon: Bool {
        switch self {
        case .claimed, .claimedHere: true
        default: status == .refused
        }
    }

    /// The exit status that this error ends the program with.
    public var status: ExitStatus {
        switch self {
        case .missingRoot, .rootAway, .otherRoot, .unwritableRoot, .claimed, .claimedHere, .changedIdentity:
            .configuration
        case .invalidPath, .unknownPath: .usage
        case .server(let error, _):
            switch error.kind {
            case .unauthorized: .refused
            case .redirected, .wrongAddress, .transport(.invalidRequest), .transport(.tls): .configuration
            default: .unavailable
            }
        }
    }
}
