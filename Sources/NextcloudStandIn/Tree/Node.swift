/// A file or a collection. Used only under the lock that guards the ``Tree``.
final class Node {
    let id: Int
    let isCollection: Bool
    /// In NFC.
    var name: String
    var etag: String
    /// Nanoseconds since 1970, as on disk for a file.
    var modified: Int
    /// Bytes; for a collection those of everything below.
    var size: Int
    /// As the client sent it in `OC-Checksum`; Nextcloud stores it without verifying.
    var checksum: String?
    var lock: UserLock?
    /// The id of the account that wrote the content; nil when it was put on disk by hand.
    var author: String?
    /// The contents that were replaced, the oldest first. Kept in memory only.
    private(set) var versions: [FileVersion] = []
    /// Properties that a client set, with their values as XML.
    var properties: [PropertyName: String] = [:]
    unowned var parent: Node?
    /// In the order of their ids, which is how Nextcloud lists them.
    private(set) var children: [Node] = []
    private var byName: [String: Node] = [:]

    init(id: Int, isCollection: Bool, name: String, etag: String, modified: Int, size: Int, checksum: String? = nil) {
        self.id = id
        self.isCollection = isCollection
        self.name = name
        self.etag = etag
        self.modified = modified
        self.size = size
        self.checksum = checksum
    }

    /// In whole seconds since 1970.
    var modifiedSeconds: Int { modified / 1_000_000_000 }

    /// Remembers the content that is about to be replaced; one of the same second is no version of its own.
    func keepVersion(until modified: Int) {
        guard modifiedSeconds != modified / 1_000_000_000 else { return }
        versions.append(FileVersion(seconds: modifiedSeconds, size: size, author: author))
    }

    func child(_ name: String) -> Node? { byName[name] }

    /// Adds a node and its bytes to this collection and those above.
    func adopt(_ node: Node) {
        node.parent = self
        byName[node.name] = node
        children.insert(node, at: index(of: node.id))
        grow(by: node.size)
    }

    /// Takes a child out, and its bytes.
    func release(_ node: Node) {
        byName[node.name] = nil
        let index = index(of: node.id)
        if index < children.count, children[index] === node { children.remove(at: index) }
        node.parent = nil
        grow(by: -node.size)
    }

    /// Adds bytes to this node and every collection above.
    func grow(by bytes: Int) {
        guard bytes != 0 else { return }
        var node: Node? = self
        while let current = node {
            current.size += bytes
            node = current.parent
        }
    }

    /// The names from the account's root (not included) down to this node.
    var path: [String] {
        var names: [String] = []
        var node = self
        while let parent = node.parent {
            names.append(node.name)
            node = parent
        }
        return names.reversed()
    }

    /// The account's root that this node is below, or is.
    var root: Node {
        var node = self
        while let parent = node.parent { node = parent }
        return node
    }

    /// The id of the account whose files this is among.
    var owner: String { root.name }

    /// Where a child of that id is, or belongs.
    private func index(of id: Int) -> Int {
        var low = 0
        var high = children.count
        if let last = children.last, last.id < id { return high }
        while low < high {
            let middle = (low + high) / 2
            if children[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
