import Synchronization

/// Answers Nextcloud's sharing interface (`/ocs/v2.php/apps/files_sharing/api/v1/shares`) for shares with one person.
struct SharingHandler {
    static let path = "/apps/files_sharing/api/v1/shares"

    let installation: Installation

    /// Makes, changes and takes back shares of one's own files.
    ///
    /// - Throws: only what the connection throws while the body is read.
    func answer(_ request: Request) async throws -> Answer {
        let form = Self.form(try await request.body.text())
        guard case .account(let account) = installation.login(request["Authorization"]), !account.isDisabled else {
            return .json(401, OCSHandler.failure(997, "Unauthorised"))
        }
        let rest = request.rawPath.dropFirst("/ocs/v1.php".count + Self.path.count)
        let id = rest.split(separator: "/").first.flatMap { Int($0) }
        let permissions = form["permissions"].flatMap { Int($0) }.map(SharePermissions.init)
        let outcome = try installation.tree.mutex.withLock { tree -> (status: Int, share: Share?) in
            switch (request.method, id) {
            case ("POST", nil): return try Self.make(form, permissions ?? .all, account, in: &tree)
            case ("PUT", let id?): return try Self.change(id, permissions, account, in: &tree)
            case ("DELETE", let id?): return try Self.takeBack(id, account, in: &tree)
            default: return (405, nil)
            }
        }
        guard outcome.status == 200 else { return .json(outcome.status, OCSHandler.failure(outcome.status, "")) }
        let data = outcome.share.map { share in
            JSONText.object([
                ("id", JSONText.string(String(share.id))), ("share_type", "0"),
                ("permissions", String(share.permissions.rawValue)), ("share_with", JSONText.string(share.recipient)),
            ])
        }
        return .json(200, OCSHandler.success(data ?? "[]", code: 200), [("X-User-Id", account.userID)])
    }

    private static func make(
        _ form: [String: String], _ permissions: SharePermissions, _ account: Account, in tree: inout Tree
    ) throws -> (Int, Share?) {
        guard let names = form["path"].flatMap(PathRules.names(of:)), let recipient = form["shareWith"],
            let node = tree.node(names, of: account.userID), node.parent != nil, node.owner == account.userID,
            tree.roots[recipient] != nil
        else { return (404, nil) }
        if tree.shares.contains(where: { $0.node == node.id && $0.recipient == recipient }) { return (403, nil) }
        try tree.share(node, with: recipient, as: node.name, permissions)
        return (200, tree.shares.last)
    }

    private static func change(
        _ id: Int, _ permissions: SharePermissions?, _ account: Account, in tree: inout Tree
    ) throws -> (Int, Share?) {
        guard let share = tree.shares.first(where: { $0.id == id }), let node = tree.byID[share.node],
            node.owner == account.userID
        else { return (404, nil) }
        guard let permissions else { return (400, nil) }
        try tree.share(node, with: share.recipient, as: share.name, permissions)
        return (200, tree.shares.first { $0.id == id })
    }

    private static func takeBack(_ id: Int, _ account: Account, in tree: inout Tree) throws -> (Int, Share?) {
        guard let share = tree.shares.first(where: { $0.id == id }), let node = tree.byID[share.node],
            node.owner == account.userID
        else { return (404, nil) }
        try tree.unshare(node, with: share.recipient)
        return (200, nil)
    }

    /// The fields of a form (`application/x-www-form-urlencoded`).
    private static func form(_ body: [UInt8]) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in String(decoding: body, as: UTF8.self).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            let value = parts[1].replacing("+", with: " ")
            fields[String(parts[0])] = PercentEncoding.decoded(String(value)) ?? String(value)
        }
        return fields
    }
}
