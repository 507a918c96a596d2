import Synchronization

/// Answers about the installation and the account that asks. Always as JSON: nobody here asks for XML.
struct OCSHandler {
    let installation: Installation

    /// `/status.php`
    func status() -> Answer {
        let maintenance = installation.present.maintenance
        let text = JSONText.object([
            ("installed", "true"), ("maintenance", maintenance ? "true" : "false"), ("needsDbUpgrade", "false"),
            ("version", JSONText.string(installation.version)),
            ("versionstring", JSONText.string(installation.shortVersion)),
            ("edition", "\"\""), ("productname", "\"Nextcloud\""), ("extendedSupport", "false"),
        ])
        return Answer(
            200, [("Content-Type", "application/json"), ("Access-Control-Allow-Origin", "*")],
            body: .bytes(Array(text.utf8)))
    }

    /// `/ocs/v1.php/…` and `/ocs/v2.php/…`.
    func answer(_ request: Request) -> Answer {
        let isFirst = request.rawPath.hasPrefix("/ocs/v1.php")
        if installation.present.maintenance {
            let body = Self.failure(503, "Service unavailable")
            return .json(503, body, [("X-Nextcloud-Maintenance-Mode", "1")])
        }
        guard case .account(let account) = installation.login(request["Authorization"]), !account.isDisabled else {
            return .json(
                401, Self.failure(997, "Unauthorised"),
                [("WWW-Authenticate", "Basic realm=\"Authorisation Required\"")])
        }
        let lockPath = "/apps/files_lock/lock/"
        let path = request.rawPath.dropFirst("/ocs/v1.php".count)
        if request.method == "DELETE", path.hasPrefix(lockPath) {
            return unlock(Int(path.dropFirst(lockPath.count)), account)
        }
        let data: String
        switch path {
        case "/cloud/user": data = user(account)
        case "/cloud/capabilities": data = capabilities()
        default:
            return .json(
                isFirst ? 200 : 404, Self.failure(isFirst ? 998 : 404, "Invalid query"), [("X-User-Id", account.userID)]
            )
        }
        return .json(200, Self.success(data, code: isFirst ? 100 : 200), [("X-User-Id", account.userID)])
    }

    /// A file's owner takes away a lock that somebody's editor left.
    private func unlock(_ id: Int?, _ account: Account) -> Answer {
        let status = installation.tree.mutex.withLock { tree in
            guard let node = id.flatMap({ tree.byID[$0] }), tree.names(of: node, for: account.userID) != nil else {
                return 404
            }
            guard node.owner == account.userID else { return 423 }
            return (try? tree.setLock(nil, on: node)) == nil ? 500 : 200
        }
        let body = status == 200 ? Self.success("[]", code: 200) : Self.failure(status, "")
        return .json(status, body, [("X-User-Id", account.userID)])
    }

    static func success(_ data: String, code: Int) -> String {
        let meta = JSONText.object([
            ("status", "\"ok\""), ("statuscode", String(code)), ("message", "\"OK\""),
        ])
        return JSONText.object([("ocs", JSONText.object([("meta", meta), ("data", data)]))])
    }

    static func failure(_ code: Int, _ message: String) -> String {
        let meta = JSONText.object([
            ("status", "\"failure\""), ("statuscode", String(code)), ("message", JSONText.string(message)),
        ])
        return JSONText.object([("ocs", JSONText.object([("meta", meta), ("data", "[]")]))])
    }

    private func user(_ account: Account) -> String {
        let used = installation.tree.mutex.withLock { $0.roots[account.userID]?.size ?? 0 }
        let total = account.quotaBytes ?? -3
        let free = account.quotaBytes.map { max(0, $0 - used) } ?? -3
        let quota = JSONText.object([
            ("free", String(free)), ("used", String(used)), ("total", String(total)),
            ("relative", total > 0 ? String(100 * used / total) : "0"), ("quota", String(total)),
        ])
        return JSONText.object([
            ("enabled", "true"), ("id", JSONText.string(account.userID)), ("backend", "\"Database\""),
            ("subadmin", "[]"), ("quota", quota), ("email", "null"),
            ("displayname", JSONText.string(account.displayName)),
            ("display-name", JSONText.string(account.displayName)), ("groups", "[]"), ("language", "\"en\""),
        ])
    }

    /// No chunked and no bulk upload: the stand-in has neither.
    private func capabilities() -> String {
        let numbers = installation.version.split(separator: ".").map(String.init) + ["0", "0", "0"]
        let version = JSONText.object([
            ("major", numbers[0]), ("minor", numbers[1]), ("micro", numbers[2]),
            ("string", JSONText.string(installation.shortVersion)), ("edition", "\"\""), ("extendedSupport", "false"),
        ])
        let core = #"{"pollinterval":60,"webdav-root":"remote.php\/webdav"}"#
        let files =
            #"{"forbidden_filenames":[".htaccess"],"forbidden_filename_characters":["\\","\/"],"#
            + #""forbidden_filename_extensions":[".filepart",".part"],"bigfilechunking":false,"locking":"1.0"}"#
        let all = JSONText.object([
            ("core", core), ("files", files), ("dav", "{}"), ("systemtags", #"{"enabled":true}"#),
        ])
        return JSONText.object([("version", version), ("capabilities", all)])
    }
}
