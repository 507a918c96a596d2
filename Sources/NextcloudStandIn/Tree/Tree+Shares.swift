extension Tree {
    /// The share that somebody has under a name at the top of their files.
    func share(named name: String, for user: String) -> Share? {
        shares.first { $0.recipient == user && $0.name == name }
    }

    /// The shares at the top of somebody's files.
    func shares(for user: String) -> [Share] { shares.filter { $0.recipient == user } }

    /// The path by which somebody has a file or collection; nil for one that is not theirs.
    func names(of node: Node, for user: String) -> [String]? {
        if node.owner == user { return node.path }
        for share in shares(for: user) {
            guard let shared = byID[share.node], let below = node.path(below: shared) else { continue }
            return [share.name] + below
        }
        return nil
    }

    /// Somebody's rights, those of all shares that it comes by together; nil for one's own.
    func sharePermissions(of node: Node, for user: String) -> SharePermissions? {
        guard node.owner != user else { return nil }
        var permissions: SharePermissions = []
        for share in shares(for: user) {
            if let shared = byID[share.node], node.path(below: shared) != nil {
                permissions.formUnion(share.permissions)
            }
        }
        return permissions
    }

    /// True where somebody may do that.
    func allows(_ right: SharePermissions, on node: Node, for user: String) -> Bool {
        sharePermissions(of: node, for: user)?.isSuperset(of: right) ?? true
    }

    /// Shares a file or collection, or changes the rights of a share that exists.
    mutating func share(_ node: Node, with recipient: String, as name: String, _ permissions: SharePermissions)
        throws(StandInError)
    {
        if let index = shares.firstIndex(where: { $0.node == node.id && $0.recipient == recipient }) {
            shares[index].permissions = permissions
        } else {
            shares.append(
                Share(id: newShareID(), node: node.id, recipient: recipient, name: name, permissions: permissions))
        }
        if let root = roots[recipient] { touch([root]) }
        try commit()
    }

    /// Takes a share away.
    mutating func unshare(_ node: Node, with recipient: String) throws(StandInError) {
        shares.removeAll { $0.node == node.id && $0.recipient == recipient }
        if let root = roots[recipient] { touch([root]) }
        try commit()
    }

    /// Gives a share another name at the top of its recipient's files.
    mutating func renameShare(of node: Node, for recipient: String, to name: String) throws(StandInError) {
        for index in shares.indices where shares[index].node == node.id && shares[index].recipient == recipient {
            shares[index].name = name
        }
        if let root = roots[recipient] { touch([root]) }
        try commit()
    }
}

extension Node {
    /// The names from a collection above, not included, down to this node; nil where that is not above.
    fileprivate func path(below collection: Node) -> [String]? {
        var names: [String] = []
        var node = self
        while node !== collection {
            guard let parent = node.parent else { return nil }
            names.append(node.name)
            node = parent
        }
        return names.reversed()
    }
}
