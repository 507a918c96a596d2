extension Tree {
    /// `oc:permissions` of a file or collection, as Nextcloud 34 writes them.
    func letters(of node: Node, for user: String) -> String {
        guard let rights = sharePermissions(of: node, for: user) else {
            return node.isCollection ? "RGDNVCK" : "RGDNVW"
        }
        let isMount = shares.contains { $0.node == node.id && $0.recipient == user }
        var letters = rights.contains(.reshare) ? "SRG" : "SG"
        if isMount {
            letters += rights.contains(.update) ? "DNV" : "DN"
        } else {
            if rights.contains(.delete) { letters += "D" }
            if rights.contains(.update) { letters += "NV" }
        }
        if node.isCollection {
            if rights.contains(.create) { letters += "CK" }
        } else if rights.contains(.update) {
            letters += "W"
        }
        return letters
    }

    /// Refuses what somebody may not do.
    ///
    /// - Throws: 403, without a word, as Nextcloud.
    func check(_ right: SharePermissions, on node: Node, for user: String) throws(DAVError) {
        guard allows(right, on: node, for: user) else { throw .sabre(403, "Forbidden", "") }
    }
}
