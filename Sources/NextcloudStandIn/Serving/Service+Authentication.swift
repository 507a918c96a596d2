import Foundation
import Synchronization

extension Service {
    /// Who asks.
    enum Login {
        case account(Account)
        case none
        case wrong
    }

    func login(of request: Request) -> Login {
        guard let header = request["Authorization"], header.lowercased().hasPrefix("basic ") else { return .none }
        let encoded = header.dropFirst(6).trimmingCharacters(in: .whitespaces)
        guard let data = Data(base64Encoded: encoded), let pair = String(data: data, encoding: .utf8),
            let colon = pair.firstIndex(of: ":")
        else { return .wrong }
        let user = String(pair[..<colon])
        let password = String(pair[pair.index(after: colon)...])
        guard
            let account = accounts.withLock({ $0.first { $0.user == user || $0.userID == user } }),
            password == account.password
                || logins.withLock({ $0.appPasswords[password] == account.userID })
        else { return .wrong }
        return .account(account)
    }

    /// The account that a DAV request is made with.
    func authenticated(_ request: Request) throws(DAVError) -> Account {
        let reason: String
        switch login(of: request) {
        case .account(let account): return account
        case .none: reason = "No public access to this resource., No 'Authorization: Basic' header found."
        case .wrong: reason = "No public access to this resource., Username or password was incorrect"
        }
        throw DAVError(
            401, #"Sabre\DAV\Exception\NotAuthenticated"#, reason,
            headers: ["WWW-Authenticate": "Basic realm=\"Nextcloud\", charset=\"UTF-8\""], anonymous: true)
    }
}
