import Synchronization

/// Locks, editors and shares: the acts of people by which others cannot write.
extension NextcloudStandIn {
    /// Locks a file as a person does who is editing it; nil unlocks it. The owner's id need not be an account's.
    ///
    /// - Throws: ``StandInError``: nothing there, or the store's disk.
    public func lock(_ path: String, by owner: String?, as userID: String? = nil) throws {
        try setLock(path, userID, owner.map { Self.lock(of: $0) })
    }

    /// Opens a file in Nextcloud's Text editor: it and all collections above get new ETags, and nobody may write it, by
    /// whatever way, until ``closeEditor(of:as:)``. A browser that was killed never closes it.
    ///
    /// - Throws: ``StandInError``: nothing there, or the store's disk.
    public func openInEditor(_ path: String, by person: String, as userID: String? = nil) throws {
        try setLock(path, userID, Self.lock(of: person, editor: "text"))
    }

    /// Closes the Text editor: new ETags again.
    ///
    /// - Throws: ``StandInError``: nothing there, or the store's disk.
    public func closeEditor(of path: String, as userID: String? = nil) throws { try setLock(path, userID, nil) }

    private func setLock(_ path: String, _ userID: String?, _ lock: UserLock?) throws {
        let target = try target(path, userID)
        try installation.tree.mutex.withLock { tree in
            guard let node = tree.node(target.names, of: target.user) else { throw StandInError.notFound(path: path) }
            try tree.setLock(lock, on: node)
        }
    }

    private static func lock(of owner: String, editor: String? = nil) -> UserLock {
        UserLock(
            owner: owner, displayName: owner, time: Identifiers.now() / 1_000_000_000,
            token: "files_lock/" + Identifiers.token(32, lowercase: true), editor: editor)
    }

    /// Shares a file or collection of one account with another, or changes the rights of a share that exists.
    ///
    /// - Parameters:
    ///   - recipient: the id of the account that finds it at the top of its files, under the same name unless another
    ///     is given.
    ///   - userID: the id of the owner; the first account unless given.
    /// - Throws: ``StandInError``: nothing there, or the store's disk.
    public func share(
        _ path: String, with recipient: String, as name: String? = nil, permissions: SharePermissions = .all,
        of userID: String? = nil
    ) throws {
        let target = try target(path, userID)
        try installation.tree.mutex.withLock { tree in
            guard let node = tree.node(target.names, of: target.user), node.parent != nil else {
                throw StandInError.notFound(path: path)
            }
            try tree.share(node, with: recipient, as: name ?? node.name, permissions)
        }
    }

    /// Takes a share back: it is gone from its recipient's files, and untouched among its owner's.
    ///
    /// - Throws: ``StandInError``: nothing there, or the store's disk.
    public func unshare(_ path: String, with recipient: String, of userID: String? = nil) throws {
        let target = try target(path, userID)
        try installation.tree.mutex.withLock { tree in
            guard let node = tree.node(target.names, of: target.user) else { throw StandInError.notFound(path: path) }
            try tree.unshare(node, with: recipient)
        }
    }
}
