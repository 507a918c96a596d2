import Synchronization

/// Answers `MOVE` and `COPY` (RFC 4918, sections 9.8 and 9.9).
struct TransferHandler {
    let tree: SharedTree

    /// Moves or copies.
    ///
    /// - Throws: ``DAVError``: 400, 403, 404, 409, 412, 415, 423; ``StandInError`` of the disk.
    func answer(_ exchange: Exchange) throws -> Answer {
        let request = exchange.request
        let destination = try destination(of: exchange)
        let overwrites = request["Overwrite"]?.uppercased() != "F"
        let isMove = request.method == "MOVE"
        let preconditions = Preconditions(exchange)
        let result = try tree.mutex.withLock { tree -> (answer: Answer, bin: String?) in
            let source = tree.node(exchange.target.names, of: exchange.target.user)
            _ = try preconditions.check(source)
            guard let source else { throw DAVError.notFound(exchange.target.names) }
            let (collection, existing) = try Self.place(for: destination, in: tree)
            if existing != nil, !overwrites {
                throw DAVError.precondition(
                    "Overwrite", "The destination node already exists, and the overwrite header is set to false")
            }
            try Self.check(source, exchange.target, destination)
            if isMove { try source.checkLock(exchange.account) }
            try existing?.checkLock(exchange.account)
            if isMove, exchange.target.names.count == 1, source.owner != exchange.target.user {
                return (try Self.renameShare(source, destination, in: &tree), nil)
            }
            if isMove { try tree.check(.update, on: source, for: destination.user) }
            try tree.check(.create, on: collection, for: destination.user)
            let bin = try existing.flatMap { try tree.delete($0) }
            guard let name = destination.names.last else { throw DAVError.notFound([]) }
            let node = if isMove { source } else { try tree.copy(source, to: collection, named: name) }
            if isMove { try tree.move(source, to: collection, named: name) }
            let etag = "\"\(node.etag)\""
            var headers: [(name: String, value: String)] =
                isMove && !node.isCollection ? [("OC-ETag", etag), ("ETag", etag)] : []
            headers.append(("OC-FileId", tree.longID(of: node)))
            return (.empty(existing == nil ? 201 : 204, headers), bin)
        }
        if let bin = result.bin { try Disk.remove(bin) }
        return result.answer
    }

    /// Gives what somebody shared another name: it stays at the top of one's files.
    private static func renameShare(_ source: Node, _ destination: DAVTarget, in tree: inout Tree) throws -> Answer {
        guard destination.names.count == 1, let name = destination.names.last else {
            throw DAVError.sabre(403, "Forbidden", "A share stays at the top of one's files")
        }
        try tree.renameShare(of: source, for: destination.user, to: name)
        return .empty(201, [("OC-FileId", tree.longID(of: source))])
    }

    /// Where it is to go.
    private func destination(of exchange: Exchange) throws(DAVError) -> DAVTarget {
        guard let header = exchange.request["Destination"] else {
            throw .sabre(400, "BadRequest", "The destination header was not supplied")
        }
        guard let destination = DAVTarget(rawPath: Self.pathOfURL(header), account: exchange.account),
            destination.user == exchange.account.userID, !destination.names.isEmpty
        else { throw .sabre(403, "Forbidden", "The destination is out of reach: \(header)") }
        return destination
    }

    /// Refuses what cannot be, whatever is at either end.
    private static func check(_ source: Node, _ target: DAVTarget, _ destination: DAVTarget) throws(DAVError) {
        if destination.names == target.names {
            throw .sabre(403, "Forbidden", "Source and destination uri are identical.")
        }
        if destination.names.starts(with: target.names) {
            throw .sabre(
                409, "Conflict", "The destination may not be part of the same subtree as the source path.")
        }
        if source.parent == nil || target.names.starts(with: destination.names) {
            throw .sabre(403, "Forbidden", "\(target.path) cannot be moved there")
        }
        if let refusal = NameRules.refusal(of: destination.names) { throw refusal }
    }

    private static func place(for destination: DAVTarget, in tree: borrowing Tree) throws(DAVError) -> (Node, Node?) {
        guard let collection = tree.node(destination.names.dropLast(), of: destination.user) else {
            throw .sabre(409, "Conflict", "The destination node is not found")
        }
        guard collection.isCollection, let name = destination.names.last else {
            throw .sabre(415, "UnsupportedMediaType", "The destination node is not a collection")
        }
        return (collection, tree.child(name, of: collection))
    }

    /// The path of an absolute URL; a path stays as it is.
    private static func pathOfURL(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return text }
        let rest = text[scheme.upperBound...]
        return String(rest[(rest.firstIndex(of: "/") ?? rest.endIndex)...])
    }
}
