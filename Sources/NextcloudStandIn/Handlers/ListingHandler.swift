import Synchronization

/// Answers `PROPFIND` (RFC 4918, section 9.1).
struct ListingHandler {
    let installation: Installation

    /// A listing of one's own files.
    ///
    /// - Throws: ``DAVError``: 400, 404, 412, or what the conditions say to `Depth: infinity`.
    func answer(_ exchange: Exchange) async throws -> Answer {
        let (request, target) = (exchange.request, exchange.target)
        let body = try PropfindBody(try await request.body.text())
        let conditions = installation.present
        let depth = try Self.depth(request["Depth"], conditions)
        let isMinimal = request["Prefer"]?.contains("return=minimal") ?? (request["Brief"]?.lowercased() == "t")
        let preconditions = Preconditions(request)
        let found = try installation.tree.mutex.withLock { tree -> (start: Int, unscanned: Set<Int>) in
            let node = tree.node(target.names, of: target.user)
            _ = try preconditions.check(node)
            guard let node else { throw DAVError.notFound(target.names) }
            let mounts = conditions.emptyETagsBelow.compactMap { path in
                PathRules.names(of: path).flatMap { tree.node($0, of: target.user) }
            }
            return (node.id, Set(mounts.map(\.id)))
        }
        let listing = Listing(
            prefix: target.prefix, start: found.start, depth: depth, properties: body.properties,
            omitsMissing: body.omitsMissing || isMinimal, account: exchange.account, unscanned: found.unscanned)
        return Answer(207, [("Content-Type", "application/xml; charset=utf-8")], body: .listing(listing))
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
