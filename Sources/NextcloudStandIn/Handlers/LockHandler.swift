import Synchronization

/// Answers `LOCK` and `UNLOCK` as Nextcloud's files_lock does with `X-User-Lock: 1`.
struct LockHandler {
    let tree: SharedTree

    /// Locks a file for the person who asks.
    ///
    /// - Throws: ``DAVError``: 404; ``StandInError`` of the disk.
    func lock(_ exchange: Exchange) throws -> Answer {
        let (target, account) = (exchange.target, exchange.account)
        return try tree.mutex.withLock { tree in
            guard let node = tree.node(target.names, of: target.user) else { throw DAVError.notFound(target.names) }
            if let lock = node.lock, lock.editor != nil || lock.owner != account.userID {
                return .xml(423, Self.properties(of: node))
            }
            let token = "files_lock/" + Identifiers.token(32, lowercase: true)
            let lock = UserLock(
                owner: account.userID, displayName: account.displayName, time: Identifiers.now() / 1_000_000_000,
                token: token)
            try tree.setLock(lock, on: node)
            return .xml(200, Self.properties(of: node))
        }
    }

    /// Takes one's own lock away.
    ///
    /// - Throws: ``DAVError``: 404, 412 without a lock; ``StandInError`` of the disk.
    func unlock(_ exchange: Exchange) throws -> Answer {
        let (target, account) = (exchange.target, exchange.account)
        return try tree.mutex.withLock { tree in
            guard let node = tree.node(target.names, of: target.user) else { throw DAVError.notFound(target.names) }
            guard let lock = node.lock else {
                throw DAVError.sabre(412, "PreconditionFailed", "The file is not locked")
            }
            guard lock.editor == nil, lock.owner == account.userID else { return .xml(423, Self.properties(of: node)) }
            try tree.setLock(nil, on: node)
            return .xml(200, Self.properties(of: node))
        }
    }

    private static func properties(of node: Node) -> [UInt8] {
        let lock = node.lock
        let values = [
            ("lock-owner-type", lock.map { $0.editor == nil ? "0" : "1" }), ("lock-owner", lock?.owner),
            ("lock-owner-displayname", lock?.displayName), ("lock-owner-editor", lock.map { $0.editor ?? $0.owner }),
            ("lock-time", lock.map { String($0.time) }), ("lock-timeout", lock.map { _ in "-60" }),
            ("lock-token", lock?.token),
        ]
        let lines = values.map { name, value in
            value.map { " <nc:\(name)>\(XMLText.escaped($0))</nc:\(name)>\n" } ?? " <nc:\(name)/>\n"
        }
        return Array(
            ("<?xml version=\"1.0\"?>\n<d:prop xmlns:d=\"DAV:\" xmlns:s=\"http://sabredav.org/ns\" "
                + "xmlns:oc=\"http://owncloud.org/ns\" xmlns:nc=\"http://nextcloud.org/ns\">\n"
                + " <d:getetag>\(node.etag)</d:getetag>\n <nc:lock>\(lock == nil ? "" : "1")</nc:lock>\n"
                + lines.joined() + "</d:prop>\n").utf8)
    }
}
