import Synchronization

/// Answers `PROPPATCH` (RFC 4918, section 9.2).
struct PropertyHandler {
    let tree: SharedTree

    /// Only the time of the last change can be set; anything else is refused with 403 inside the 207.
    ///
    /// - Throws: ``DAVError``: 400, 404.
    func answer(_ exchange: Exchange) async throws -> Answer {
        let target = exchange.target
        let root: XMLElement
        do { root = try SmallXMLReader.read(try await exchange.request.body.text()) } catch let problem as XMLProblem {
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
