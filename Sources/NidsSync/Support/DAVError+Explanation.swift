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
        case .transport(.tls): "\(detail). Set nextcloud.ca_file if the server has a certificate of your own"
        case .transport: "\(url) cannot be reached: \(detail)"
        default: "\(url) answers with an error for \(path): \(detail)"
        }
    }
}
