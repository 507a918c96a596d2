import Synchronization

extension Service {
    func propfind(_ request: Request, _ target: DAVTarget, account: Account) async throws -> Answer {
        let body = try PropfindBody(try await request.body.text())
        let conditions = conditions.withLock { $0 }
        var depth = Self.depth(request["Depth"])
        if depth == .infinity, let refusal = conditions.infinityRefusal {
            switch refusal {
            case .answeredAsOne: depth = .one
            case .status(let status):
                throw DAVError.sabre(status, "Forbidden", "Depth infinity is not allowed on this server")
            }
        }
        let isMinimal = request["Prefer"]?.contains("return=minimal") ?? (request["Brief"]?.lowercased() == "t")
        let preconditions = Preconditions(request)
        let found = try tree.mutex.withLock { tree -> (start: Int, unscanned: Set<Int>) in
            let node = tree.node(target.names, of: target.user)
            _ = try preconditions.check(node)
            guard let node else { throw DAVError.notFound(target.names) }
            var unscanned: Set<Int> = []
            for path in conditions.emptyETagsBelow {
                if let mount = PathRules.names(of: path).flatMap({ tree.node($0, of: target.user) }) {
                    unscanned.insert(mount.id)
                }
            }
            return (node.id, unscanned)
        }
        let listing = Listing(
            prefix: target.prefix, start: found.start, depth: depth, properties: body.properties,
            omitsMissing: body.omitsMissing || isMinimal, account: account, unscanned: found.unscanned)
        return Answer(207, [("Content-Type", "application/xml; charset=utf-8")], body: .listing(listing))
    }

    /// sabre/dav takes an absent depth for 1.
    private static func depth(_ header: String?) -> Listing.Depth {
        switch header?.lowercased() {
        case "0": .zero
        case "infinity": .infinity
        default: .one
        }
    }

    /// Only the time of the last change can be set; anything else is refused with 403 inside the 207.
    func proppatch(_ request: Request, _ target: DAVTarget) async throws -> Answer {
        let root: XMLElement
        do { root = try SmallXMLReader.read(try await request.body.text()) } catch let problem as XMLProblem {
            throw DAVError.sabre(400, "BadRequest", problem.reason)
        }
        let wanted = root.children.filter { $0.namespace == "DAV:" && ($0.name == "set" || $0.name == "remove") }
            .flatMap { $0.first("DAV:", "prop")?.children ?? [] }
        let seconds = wanted.first { $0.namespace == "DAV:" && $0.name == "lastmodified" }.flatMap { Int($0.text) }
        try tree.mutex.withLock { tree in
            guard let node = tree.node(target.names, of: target.user) else { throw DAVError.notFound(target.names) }
            if let seconds, !node.isCollection { try tree.setModified(node, seconds: seconds) }
        }
        let groups = [("200 OK", true), ("403 Forbidden", false)].map { status, isSet in
            let names = wanted.filter { ($0.name == "lastmodified" && seconds != nil) == isSet }
                .map { String(decoding: Property(namespace: $0.namespace, name: $0.name).empty, as: UTF8.self) }
            return names.isEmpty ? "" : Multistatus.propstat(names, status)
        }
        let href = ([target.prefix] + target.names.map(Href.encoded)).joined(separator: "/")
        let response = "<d:response><d:href>\(href)</d:href>\(groups.joined())</d:response>"
        return .xml(207, Multistatus.document(response))
    }
}
