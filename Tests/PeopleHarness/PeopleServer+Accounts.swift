import Foundation
import TestSupport

extension PeopleServer {
    /// Makes three accounts with an administrator's login (Nextcloud's provisioning API), and a server with theirs.
    ///
    /// They are called `people-…` and stay; accounts that are there already get a new password.
    /// - Throws: `TestFailure` where the administrator may not, `HTTPError`.
    public static func withAccounts(at url: String, admin: Login) async throws -> PeopleServer {
        let server = PeopleServer(url: url, service: admin)
        let visitor = Visitor(server, admin, name: "admin")
        var logins: [Login] = []
        for name in ["people-service", "people-owner", "people-other"] {
            let password = "Nid-" + UUID().uuidString
            let made = try await visitor.ocs("POST", "/cloud/users", ["userid": name, "password": password])
            if made.status != 200 {
                let changed = try await visitor.ocs(
                    "PUT", "/cloud/users/\(name)", ["key": "password", "value": password])
                guard changed.status == 200 else {
                    throw TestFailure("the account \(name) cannot be made: \(made.status), \(changed.status)")
                }
            }
            let account = Visitor(server, Login(user: name, password: password), name: name)
            // Requests with the account's password take ten times as long.
            let reply = try await account.ocs("GET", "/core/getapppassword")
            let app = (reply.data as? [String: Any])?["apppassword"] as? String
            logins.append(Login(user: name, password: app ?? password))
        }
        return PeopleServer(url: url, service: logins[0], owner: logins[1], other: logins[2])
    }
}
