import Synchronization

extension Service {
    /// `/index.php/login/v2` and what it leads to.
    func login(_ request: Request) async throws -> Answer {
        let path = request.rawPath.hasPrefix("/index.php") ? String(request.rawPath.dropFirst(10)) : request.rawPath
        let server = address.withLock { $0 }
        switch (request.method, path) {
        case ("POST", "/login/v2"):
            let token = Identifiers.token(128)
            logins.withLock { _ = $0.pending.insert(token) }
            if conditions.withLock({ $0.approvesLogins }), let first = accounts.withLock({ $0.first }) {
                logins.withLock { $0.approveAll(for: first.userID) }
            }
            let body = JSONText.object([
                (
                    "poll",
                    JSONText.object([
                        ("token", JSONText.string(token)), ("endpoint", JSONText.string(server + "/login/v2/poll")),
                    ])
                ),
                ("login", JSONText.string(server + "/login/v2/flow/" + Identifiers.token(128))),
            ])
            return json(200, body)
        case ("POST", "/login/v2/poll"):
            let form = String(decoding: try await request.body.text(), as: UTF8.self)
            let token = form.split(separator: "&").first { $0.hasPrefix("token=") }.map { String($0.dropFirst(6)) }
            guard let token, let userID = logins.withLock({ $0.approved.removeValue(forKey: token) }),
                let account = accounts.withLock({ $0.first { $0.userID == userID } })
            else { return json(404, "[]") }
            let password = Identifiers.token(72)
            logins.withLock { $0.appPasswords[password] = userID }
            return json(
                200,
                JSONText.object([
                    ("server", JSONText.string(server)), ("loginName", JSONText.string(account.user)),
                    ("appPassword", JSONText.string(password)),
                ]))
        default:
            let text = "<!DOCTYPE html><title>Login</title><p>The stand-in has no page to log in with."
            return Answer(200, [("Content-Type", "text/html; charset=UTF-8")], body: .bytes(Array(text.utf8)))
        }
    }

    /// A JSON answer outside DAV, with the headers that Nextcloud gives those.
    func json(_ status: Int, _ text: String, _ headers: [(name: String, value: String)] = []) -> Answer {
        Answer(
            status,
            [
                ("Content-Type", "application/json; charset=utf-8"),
                ("Cache-Control", "no-cache, no-store, must-revalidate"),
                ("X-Request-Id", Identifiers.token(20)), ("X-Robots-Tag", "noindex, nofollow"),
            ] + headers, body: .bytes(Array(text.utf8)))
    }
}
