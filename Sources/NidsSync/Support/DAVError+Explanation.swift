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
        case .forbidden: advised("\(url) does not let this account read \(path): \(detail)")
        case .maintenance: "\(url) is in maintenance mode: try again later"
        case .accountDisabled: advised("\(url) says that this account is disabled")
        case .redirected(let location) where !isRetryable:
            "\(url) sends us to \(location): set nextcloud.url to that address"
        case .redirected(let location): "\(url) sends us to \(location) for the moment: it is tried again"
        case .wrongAddress: advised("\(url) is not the server's address: \(detail)")
        case .transport(.tls): advised(detail)
        case .transport: advised("\(url) cannot be reached: \(detail)")
        default: "\(url): \(description)"
        }
    }

    private func advised(_ words: String) -> String { words + (advice.map { ". \($0)" } ?? "") }
}
