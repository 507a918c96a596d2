import Synchronization

/// Answers `PROPFIND` (RFC 4918, section 9.1).
struct ListingHandler {
    let installation: Installation

    /// What is asked for, and the collections that are shown in another way than others.
    private struct Found {
        var start: Int
        var unscanned: Set<Int>
        var away: Set<Int>
        var mounted: Set<Int>
    }

    /// A listing of one's own files.
    ///
    /// - Throws: ``DAVError``: 400, 404, 412, or what the conditions say to `Depth: infinity`.
    func answer(_ exchange: Exchange) async throws -> Answer {
        let (request, target) = (exchange.request, exchange.target)
        let body = try PropfindBody(try await request.body.text())
        let conditions = installation.present
        let depth = try Self.depth(request["Depth"], conditions)
        let isMinimal = request["Prefer"]?.contains("return=minimal") ?? (request["Brief"]?.lowercased() == "t")
        let preconditions = Preconditions(exchange)
        let found = try installation.tree.mutex.withLock { tree -> Found in
            let node = tree.node(target.names, of: target.user)
            _ = try preconditions.check(node)
            guard let node else { throw DAVError.notFound(target.names) }
            return Found(
                start: node.id, unscanned: Self.ids(of: conditions.emptyETagsBelow, target.user, tree),
                away: Self.ids(of: conditions.awayStorages, target.user, tree),
                mounted: Self.ids(of: conditions.mountedStorages, target.user, tree))
        }
        var listing = Listing(
            prefix: target.prefix, names: target.names, start: found.start, depth: depth, properties: body.properties,
            omitsMissing: body.omitsMissing || isMinimal, account: exchange.account, unscanned: found.unscanned,
            mounted: found.mounted, away: found.away)
        listing.displayNames = installation.accounts.withLock { accounts in
            Dictionary(accounts.map { ($0.userID, $0.displayName) }) { first, _ in first }
        }
        return Answer(207, [("Content-Type", "application/xml; charset=utf-8")], body: .listing(listing))
    }

    private static func ids(of paths: [String], _ user: String, _ tree: borrowing Tree) -> Set<Int> {
        var ids: Set<Int> = []
        for path in paths {
            if let node = PathRules.names(of: path).flatMap({ tree.node($0, of: user) }) { ids.insert(node.id) }
        }
        return ids
    }

    /// A listing of other people's files: Nextcloud shows that their root exists, no more.
    ///
    /// - Throws: ``DAVError``: 404 for anything else.
    func answerForeign(_ exchange: Exchange) async throws -> Answer {
        let (request, target) = (exchange.request, exchange.target)
        let exists = installation.accounts.withLock { $0.contains { $0.userID == target.user } }
        guard exists, target.names.isEmpty, request.method == "PROPFIND" else {
            throw DAVError.sabre(404, "NotFound", "File not found: \(target.path)")
        }
        let body = try PropfindBody(try await request.body.text())
        let properties = body.properties.filter { !body.omitsMissing || $0.kind == .resourceType }
        let response = Multistatus.response(
            target.prefix + "/",
            properties.map { ($0, $0.kind == .resourceType ? "<d:collection/>" : nil) })
        return .xml(207, Multistatus.document(response))
    }

    /// The depth that is listed: sabre/dav takes an absent one for 1.
    private static func depth(_ header: String?, _ conditions: Conditions) throws(DAVError) -> Listing.Depth {
        switch header?.lowercased() {
        case "0": return .zero
        case "infinity": break
        default: return .one
        }
        switch conditions.infinityRefusal {
        case nil: return .infinity
        case .answeredAsOne: return .one
        case .status(let status):
            throw DAVError.sabre(status, "Forbidden", "Depth infinity is not allowed on this server")
        }
    }
}
