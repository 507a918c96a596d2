import Synchronization

extension Service {
    func makeCollection(_ request: Request, _ target: DAVTarget) throws -> Answer {
        let preconditions = Preconditions(request)
        return try tree.mutex.withLock { tree in
            let existing = tree.node(target.names, of: target.user)
            _ = try preconditions.check(existing)
            guard existing == nil, let name = target.names.last else {
                throw DAVError(
                    405, #"Sabre\DAV\Exception\MethodNotAllowed"#, "The resource you tried to create already exists",
                    headers: ["Allow": Self.allowed])
            }
            guard let parent = tree.node(target.names.dropLast(), of: target.user), parent.isCollection else {
                throw DAVError.sabre(409, "Conflict", "Parent node does not exist")
            }
            if let refusal = PathRules.refusal(of: target.names) { throw refusal }
            let node = try tree.makeCollection(named: name, in: parent)
            return .empty(201, [("OC-FileId", tree.longID(of: node))])
        }
    }

    func delete(_ request: Request, _ target: DAVTarget, account: Account) throws -> Answer {
        let preconditions = Preconditions(request)
        let bin = try tree.mutex.withLock { tree in
            let node = tree.node(target.names, of: target.user)
            _ = try preconditions.check(node)
            guard let node else { throw DAVError.notFound(target.names) }
            if node.parent == nil { throw DAVError.sabre(403, "Forbidden", "The root cannot be deleted") }
            try Self.checkLock(node, account)
            return try tree.delete(node)
        }
        if let bin { try Disk.remove(bin) }
        return .empty(204)
    }

    /// `MOVE` and `COPY`.
    func transfer(_ request: Request, _ target: DAVTarget, account: Account) throws -> Answer {
        guard let header = request["Destination"] else {
            throw DAVError.sabre(400, "BadRequest", "The destination header was not supplied")
        }
        guard let destination = DAVTarget(rawPath: Self.pathOfURL(header), account: account),
            destination.user == account.userID, let name = destination.names.last
        else { throw DAVError.sabre(403, "Forbidden", "The destination is out of reach: \(header)") }
        let overwrites = request["Overwrite"]?.uppercased() != "F"
        let isMove = request.method == "MOVE"
        let preconditions = Preconditions(request)
        let result = try tree.mutex.withLock { tree -> (answer: Answer, bin: String?) in
            let source = tree.node(target.names, of: target.user)
            _ = try preconditions.check(source)
            guard let source else { throw DAVError.notFound(target.names) }
            let (collection, existing) = try Self.place(for: destination, in: tree)
            if existing != nil, !overwrites {
                throw DAVError.precondition(
                    "Overwrite", "The destination node already exists, and the overwrite header is set to false")
            }
            if destination.names == target.names {
                throw DAVError.sabre(403, "Forbidden", "Source and destination uri are identical.")
            }
            if destination.names.starts(with: target.names) {
                throw DAVError.sabre(
                    409, "Conflict", "The destination may not be part of the same subtree as the source path.")
            }
            if source.parent == nil || target.names.starts(with: destination.names) {
                throw DAVError.sabre(403, "Forbidden", "\(target.path) cannot be moved there")
            }
            if let refusal = PathRules.refusal(of: destination.names) { throw refusal }
            if isMove { try Self.checkLock(source, account) }
            if let existing { try Self.checkLock(existing, account) }
            let bin = try existing.flatMap { try tree.delete($0) }
            let node: Node
            var headers: [(name: String, value: String)] = []
            if isMove {
                try tree.move(source, to: collection, named: name)
                node = source
                let etag = "\"\(node.etag)\""
                if !node.isCollection { headers += [("OC-ETag", etag), ("ETag", etag)] }
            } else {
                node = try tree.copy(source, to: collection, named: name)
            }
            headers.append(("OC-FileId", tree.longID(of: node)))
            return (.empty(existing == nil ? 201 : 204, headers), bin)
        }
        if let bin = result.bin { try Disk.remove(bin) }
        return result.answer
    }

    private static func place(for destination: DAVTarget, in tree: borrowing Tree) throws -> (Node, Node?) {
        guard let collection = tree.node(destination.names.dropLast(), of: destination.user) else {
            throw DAVError.sabre(409, "Conflict", "The destination node is not found")
        }
        guard collection.isCollection, let name = destination.names.last else {
            throw DAVError.sabre(415, "UnsupportedMediaType", "The destination node is not a collection")
        }
        return (collection, collection.child(name))
    }

    /// The path of an absolute URL; a path stays as it is.
    private static func pathOfURL(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return text }
        let rest = text[scheme.upperBound...]
        return String(rest[(rest.firstIndex(of: "/") ?? rest.endIndex)...])
    }
}
