import Foundation

extension Tree {
    /// A file's bytes, already on disk at `upload`, take their place.
    ///
    /// - Parameters:
    ///   - modified: the time of the last change in seconds, where the client sets it.
    ///   - author: the id of the one who wrote them.
    /// - Returns: the file's node.
    mutating func place(
        _ upload: String, named name: String, in collection: Node, checksum: String?, modified: Int? = nil,
        author: String? = nil
    ) throws(StandInError) -> Node {
        if let seconds = modified ?? conditions.stoppedClock { Disk.setModified(upload, seconds: seconds) }
        let entry = try Disk.entry(at: upload)
        let known = child(name, of: collection)
        try Disk.rename(upload, to: diskPath(of: collection) + "/" + (known?.name ?? name))
        let node: Node
        if let known {
            collection.grow(by: entry.size - known.size)
            known.keepVersion(until: entry.modified)
            if conditions.fileETags == .everyWrite || known.modifiedSeconds != entry.modified / 1_000_000_000 {
                known.etag = Identifiers.fileETag()
            }
            known.size = entry.size
            known.modified = entry.modified
            known.checksum = checksum
            node = known
        } else {
            node = make(isCollection: false, name: name, modified: entry.modified, size: entry.size, checksum: checksum)
            collection.adopt(node)
        }
        node.author = author
        record(node)
        touch([collection])
        try commit()
        return node
    }

    mutating func makeCollection(named name: String, in collection: Node) throws(StandInError) -> Node {
        try Disk.makeFolder(diskPath(of: collection) + "/" + name)
        let node = make(isCollection: true, name: name, modified: Identifiers.now(), size: 0)
        collection.adopt(node)
        record(node)
        touch([collection])
        try commit()
        return node
    }

    /// Takes a file or collection away. Returns where its bytes wait to be removed, off the lock.
    mutating func delete(_ node: Node) throws(StandInError) -> String? {
        guard let collection = node.parent else { return nil }
        let bin = newUploadPath()
        try Disk.rename(diskPath(of: node), to: bin)
        collection.release(node)
        forget(node)
        touch([collection])
        try commit()
        return bin
    }

    /// Moves or renames: ids and ETags stay, below it too.
    mutating func move(_ node: Node, to collection: Node, named name: String) throws(StandInError) {
        guard let origin = node.parent else { return }
        try Disk.rename(diskPath(of: node), to: diskPath(of: collection) + "/" + name)
        origin.release(node)
        node.name = name
        collection.adopt(node)
        record(node)
        touch([origin, collection])
        try commit()
    }

    /// Copies a file or a whole collection: new ids, new ETags.
    mutating func copy(_ node: Node, to collection: Node, named name: String) throws(StandInError) -> Node {
        let target = diskPath(of: collection) + "/" + name
        do { try FileManager.default.copyItem(atPath: diskPath(of: node), toPath: target) } catch {
            throw .store(path: target, reason: error.localizedDescription)
        }
        let copy = try duplicate(node, named: name, in: collection, at: target)
        touch([collection])
        try commit()
        return copy
    }

    private mutating func duplicate(_ node: Node, named name: String, in collection: Node, at path: String)
        throws(StandInError) -> Node
    {
        let modified = node.isCollection ? Identifiers.now() : try Disk.entry(at: path).modified
        let copy = make(
            isCollection: node.isCollection, name: name, modified: modified, size: node.isCollection ? 0 : node.size,
            checksum: node.checksum)
        collection.adopt(copy)
        record(copy)
        copy.properties = node.properties
        recordProperties(of: copy)
        for child in node.children {
            _ = try duplicate(child, named: child.name, in: copy, at: path + "/" + child.name)
        }
        return copy
    }

    /// Nextcloud gives a file a new ETag (in a collection's format) when it is locked or unlocked.
    mutating func setLock(_ lock: UserLock?, on node: Node) throws(StandInError) {
        node.lock = lock
        node.etag = collectionETags.next(now: Identifiers.now())
        record(node)
        if let collection = node.parent { touch([collection]) }
        try commit()
    }

    /// Sets when a file was last changed; its ETag stays.
    mutating func setModified(_ node: Node, seconds: Int) throws(StandInError) {
        Disk.setModified(diskPath(of: node), seconds: seconds)
        node.modified = seconds * 1_000_000_000
        record(node)
        try commit()
    }

    /// Sets properties that clients made up, or takes them away: no ETag changes.
    mutating func setProperties(_ changes: [(name: PropertyName, value: String?)], of node: Node) throws(StandInError) {
        for (name, value) in changes {
            node.properties[name] = value
            append(.property(node: node.id, name, value: value))
        }
        try commit()
    }

    /// A name for bytes that have no place yet.
    func newUploadPath() -> String { store + "/uploads/" + Identifiers.token(20) }
}
