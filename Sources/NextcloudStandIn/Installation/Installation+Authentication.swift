import Foundation
import Synchronization

extension Installation {
    /// The one who asks.
    enum Login {
        case account(Account)
        case none
        case wrong
    }

    /// Reads an `Authorization` header of the Basic scheme (RFC 7617): the account's password or an app password.
    func login(_ header: String?) -> Login {
        guard let header, header.lowercased().hasPrefix("basic ") else { return .none }
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
}
