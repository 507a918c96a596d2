import Synchronization

/// Answers `PROPPATCH` (RFC 4918, section 9.2): the time of the last change can be set, and properties that nobody else
/// knows are kept; those that the server makes itself are refused, and then nothing is changed at all.
struct PropertyHandler {
    let tree: SharedTree

    private struct Change {
        var property: Property
        /// The value as XML; nil takes the property away.
        var value: String?
        /// The value as text.
        var text: String

        var isTime: Bool { property.namespace == "DAV:" && property.name == "lastmodified" }
        var isRefused: Bool { isTime ? Int(text) == nil : property.isProtected }
        var name: PropertyName { PropertyName(namespace: property.namespace, name: property.name) }
    }

    /// Changes properties.
    ///
    /// - Throws: ``DAVError``: 400, 404, 423; ``StandInError`` of the disk.
    func answer(_ exchange: Exchange) async throws -> Answer {
        let target = exchange.target
        let changes = try Self.changes(in: try await exchange.request.body.text())
        let isRefused = changes.contains(where: \.isRefused)
        try tree.mutex.withLock { tree in
            guard let node = tree.node(target.names, of: target.user) else { throw DAVError.notFound(target.names) }
            try tree.check(.update, on: node, for: target.user)
            try node.checkLock(exchange.account)
            guard !isRefused else { return }
            try tree.setProperties(changes.filter { !$0.isTime }.map { ($0.name, $0.value) }, of: node)
            if let seconds = changes.last(where: \.isTime).flatMap({ Int($0.text) }), !node.isCollection {
                try tree.setModified(node, seconds: seconds)
            }
        }
        let refused = Self.group(changes.filter(\.isRefused), "403 Forbidden")
        let others = Self.group(changes.filter { !$0.isRefused }, isRefused ? "424 Failed Dependency" : "200 OK")
        let href = ([target.prefix] + target.names.map(Href.encoded)).joined(separator: "/")
        return .xml(
            207, Multistatus.document("<d:response><d:href>\(href)</d:href>\(others)\(refused)</d:response>"))
    }

    /// The changes in the order of the document, which is the order in which they are made.
    private static func changes(in body: [UInt8]) throws(DAVError) -> [Change] {
        let root: XMLElement
        do { root = try SmallXMLReader.read(body) } catch { throw .sabre(400, "BadRequest", error.reason) }
        guard root.namespace == "DAV:", root.name == "propertyupdate" else {
            throw .sabre(400, "BadRequest", "Expected {DAV:}propertyupdate")
        }
        return root.children.filter { $0.namespace == "DAV:" && ($0.name == "set" || $0.name == "remove") }
            .flatMap { instruction in
                (instruction.first("DAV:", "prop")?.children ?? []).map { element in
                    Change(
                        property: Property(namespace: element.namespace, name: element.name),
                        value: instruction.name == "set" ? element.content : nil, text: element.text)
                }
            }
    }

    private static func group(_ changes: [Change], _ status: String) -> String {
        guard !changes.isEmpty else { return "" }
        return Multistatus.propstat(changes.map { String(decoding: $0.property.empty, as: UTF8.self) }, status)
    }
}
