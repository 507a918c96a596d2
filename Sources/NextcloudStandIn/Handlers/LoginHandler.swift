import Synchronization

/// Nextcloud's login flow v2, as far as a client sees it; a person approves by ``NextcloudStandIn/approveLogins(of:)``.
struct LoginHandler {
    let installation: Installation

    /// `/index.php/login/v2` and what it leads to.
    ///
    /// - Throws: only what the connection throws while the body is read.
    func answer(_ request: Request) async throws -> Answer {
        let path = request.rawPath.hasPrefix("/index.php") ? String(request.rawPath.dropFirst(10)) : request.rawPath
        switch (request.method, path) {
        case ("POST", "/login/v2"): return begin()
        case ("POST", "/login/v2/poll"): return poll(String(decoding: try await request.body.text(), as: UTF8.self))
        default:
            let text = "<!DOCTYPE html><title>Login</title><p>The stand-in has no page to log in with."
            return Answer(200, [("Content-Type", "text/html; charset=UTF-8")], body: .bytes(Array(text.utf8)))
        }
    }

    private func begin() -> Answer {
        let token = Identifiers.token(128)
        installation.logins.withLock { _ = $0.pending.insert(token) }
        if installation.present.approvesLogins, let first = installation.accounts.withLock({ $0.first }) {
            installation.logins.withLock { $0.approveAll(for: first.userID) }
        }
        let server = installation.address.withLock { $0 }
        let poll = JSONText.object([
            ("token", JSONText.string(token)), ("endpoint", JSONText.string(server + "/login/v2/poll")),
        ])
        let link = JSONText.string(server + "/login/v2/flow/" + Identifiers.token(128))
        return .json(200, JSONText.object([("poll", poll), ("login", link)]))
    }

    private func poll(_ form: String) -> Answer {
        let token = form.split(separator: "&").first { $0.hasPrefix("token=") }.map { String($0.dropFirst(6)) }
        guard let token, let userID = installation.logins.withLock({ $0.approved.removeValue(forKey: token) }),
            let account = installation.accounts.withLock({ $0.first { $0.userID == userID } })
        else { return .json(404, "[]") }
        let password = Identifiers.token(72)
        installation.logins.withLock { $0.appPasswords[password] = userID }
        let members = [
            ("server", installation.address.withLock { $0 }), ("loginName", account.user), ("appPassword", password),
        ]
        return .json(200, JSONText.object(members.map { ($0, JSONText.string($1)) }))
    }
}
