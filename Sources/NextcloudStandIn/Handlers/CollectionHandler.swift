import Synchronization

/// Answers `MKCOL` and `DELETE` (RFC 4918, sections 9.3 and 9.6).
struct CollectionHandler {
    let tree: SharedTree

    /// Makes a collection.
    ///
    /// - Throws: ``DAVError``: 405 where something is, 409 without a parent, 412, 415 for a body that is no XML; ``StandInError`` of the disk.
    func make(_ exchange: Exchange) async throws -> Answer {
        let target = exchange.target
        try Self.check(try await exchange.request.body.text(), type: exchange.request["Content-Type"])
        let preconditions = Preconditions(exchange)
        return try tree.mutex.withLock { tree in
            let existing = tree.node(target.names, of: target.user)
            _ = try preconditions.check(existing)
            guard existing == nil, let name = target.names.last else {
                throw DAVError(
                    405, #"Sabre\DAV\Exception\MethodNotAllowed"#, "The resource you tried to create already exists",
                    headers: ["Allow": DAVCapabilities.methods])
            }
            guard let parent = tree.node(target.names.dropLast(), of: target.user), parent.isCollection else {
                throw DAVError.sabre(409, "Conflict", "Parent node does not exist")
            }
            if let refusal = NameRules.refusal(of: target.names) { throw refusal }
            try tree.check(.create, on: parent, for: target.user)
            let node = try tree.makeCollection(named: name, in: parent)
            return .empty(201, [("OC-FileId", tree.longID(of: node))])
        }
    }

    /// Takes the body of an extended `MKCOL` (RFC 5689), as far as sabre/dav does.
    private static func check(_ body: [UInt8], type: String?) throws(DAVError) {
        guard !body.isEmpty else { return }
        guard let type, type.contains("application/xml") || type.contains("text/xml") else {
            throw .sabre(
                415, "UnsupportedMediaType", "The request body for the MKCOL request must have an xml Content-Type")
        }
        let root: XMLElement
        do { root = try SmallXMLReader.read(body) } catch { throw .sabre(400, "BadRequest", error.reason) }
        let properties = root.children.compactMap { $0.first("DAV:", "prop") }
        guard root.name == "mkcol", properties.contains(where: { $0.first("DAV:", "resourcetype") != nil }) else {
            throw .sabre(400, "BadRequest", "The mkcol request must include a {DAV:}resourcetype property")
        }
    }

    /// Deletes a file or a collection; what somebody shared is only taken out of one's own files.
    ///
    /// - Throws: ``DAVError``: 403 for the root, 404, 412, 423; ``StandInError`` of the disk.
    func delete(_ exchange: Exchange) throws -> Answer {
        let target = exchange.target
        let preconditions = Preconditions(exchange)
        let bin = try tree.mutex.withLock { tree -> String? in
            let node = tree.node(target.names, of: target.user)
            _ = try preconditions.check(node)
            guard let node else { throw DAVError.notFound(target.names) }
            if node.parent == nil { throw DAVError.sabre(403, "Forbidden", "The root cannot be deleted") }
            if target.names.count == 1, node.owner != target.user {
                try tree.unshare(node, with: target.user)
                return nil
            }
            try tree.check(.delete, on: node, for: target.user)
            try node.checkLock(exchange.account)
            return try tree.delete(node)
        }
        if let bin { try Disk.remove(bin) }
        return .empty(204)
    }
}
