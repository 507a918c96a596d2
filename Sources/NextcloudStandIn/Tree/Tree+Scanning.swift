extension Tree {
    /// Takes in what changed on disk behind the server's back, as `occ files:scan` does.
    mutating func scan() throws(StandInError) {
        var changed: [Node] = []
        for (user, root) in roots {
            let path = store + "/files/" + user
            try Disk.makeFolder(path)
            try scan(root, at: path, changed: &changed)
        }
        if !changed.isEmpty { touch(changed) }
        try commit()
    }

    private mutating func scan(_ collection: Node, at path: String, changed: inout [Node]) throws(StandInError) {
        var found: Set<String> = []
        var isChanged = false
        for entry in try Disk.entries(of: path).sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            // Nextcloud knows names in NFC only.
            let name = PathRules.normalised(entry.name)
            if !name.utf8.elementsEqual(entry.name.utf8) {
                try Disk.rename(path + "/" + entry.name, to: path + "/" + name)
            }
            found.insert(name)
            var known = collection.child(name)
            if let node = known, node.isCollection != entry.isFolder {
                collection.release(node)
                forget(node)
                known = nil
            }
            if let node = known {
                if !node.isCollection, update(node, entry) { isChanged = true }
            } else {
                let node = make(
                    isCollection: entry.isFolder, name: name, modified: entry.modified,
                    size: entry.isFolder ? 0 : entry.size)
                collection.adopt(node)
                record(node)
                known = node
                isChanged = true
            }
            if let node = known, node.isCollection { try scan(node, at: path + "/" + name, changed: &changed) }
        }
        for node in collection.children where !found.contains(node.name) {
            collection.release(node)
            forget(node)
            isChanged = true
        }
        if isChanged { changed.append(collection) }
    }

    /// Takes in a known file as it is on disk; false where nothing changed.
    private mutating func update(_ node: Node, _ entry: Disk.Entry) -> Bool {
        guard node.size != entry.size || node.modified != entry.modified else { return false }
        node.parent?.grow(by: entry.size - node.size)
        node.size = entry.size
        node.modified = entry.modified
        node.etag = Identifiers.fileETag()
        node.checksum = nil
        record(node)
        return true
    }
}
