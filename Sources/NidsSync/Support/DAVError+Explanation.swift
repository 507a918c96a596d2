import DAV
import HTTP

extension DAVError {
    /// Says what happened and what the person can do, for an error that concerns the server as a whole.
    ///
    /// - Parameter url: the server as the person wrote it.
    func explanation(of url: String) -> String {
        switch kind {
        case .unauthorized:
            "\(url) refuses the login: check nextcloud.user and the password; best is an app password "
                + "(Nextcloud: Settings, Security, Devices & sessions)"
        case .forbidden: "\(url) does not let this account read \(path): \(detail)"
        case .maintenance: "\(url) is in maintenance mode: try again later"
        case .redirected(let location): "\(url) sends us to \(location): set nextcloud.url to that address"
        case .transport(.tls): detail + (advice.map { ". \($0)" } ?? "")
        case .transport: "\(url) cannot be reached: \(detail)"
        default: "\(url): \(description)"
        }
    }
}
