import Foundation

/// Everything the stand-in holds: nodes in memory, bytes in `files/<user id>/…`, metadata in `journal`.
struct Tree: ~Copyable {
    /// The folder on disk.
    let store: String
    private(set) var roots: [String: Node] = [:]
    private(set) var byID: [Int: Node] = [:]
    var tags: [Int: String] = [:]
    /// The tags of a file, by its id.
    var tagged: [Int: Set<Int>] = [:]
    /// Nextcloud's installation id: the end of `OC-FileId`, and the name of the session cookie.
    private(set) var instance: String
    var conditions = Conditions()
    var shares: [Share] = []
    private var lastShareID = 0
    var collectionETags = CollectionETags()
    private var lastID: Int
    private var journal: Journal

    private init(store: String, loaded: LoadedJournal, journal: consuming Journal) {
        self.store = store
        byID = loaded.nodes
        for root in loaded.roots { roots[root.name] = root }
        tags = loaded.tags
        tagged = loaded.tagged
        lastID = loaded.lastID
        instance = loaded.instance ?? "oc" + Identifiers.token(10, lowercase: true)
        self.journal = journal
        if loaded.instance == nil { self.journal.append(.instance(instance)) }
    }

    /// Loads a store, or makes one; then takes in what was put there by hand.
    static func open(store: String, users: [String]) throws(StandInError) -> Tree {
        try Disk.makeFolder(store + "/files")
        try Disk.remove(store + "/uploads")
        try Disk.makeFolder(store + "/uploads")
        var loaded = try LoadedJournal(path: store + "/journal")
        loaded.adoptOrphans()
        let journal = try Journal.open(path: store + "/journal", lines: loaded.lines, length: loaded.length)
        var tree = Tree(store: store, loaded: loaded, journal: journal)
        for user in users { tree.addRoot(user) }
        try tree.scan()
        if tree.journal.lines > 4 * tree.byID.count + 1_000 { try tree.compact() }
        return tree
    }

    private mutating func addRoot(_ user: String) {
        guard roots[user] == nil else { return }
        let root = make(isCollection: true, name: user, modified: Identifiers.now(), size: 0)
        roots[user] = root
        record(root)
    }

    func node(_ names: [String], of user: String) -> Node? {
        guard var node = roots[user] else { return nil }
        var rest = names[...]
        if let first = rest.first, let share = share(named: first, for: user), let shared = byID[share.node] {
            node = shared
            rest = rest.dropFirst()
        }
        for name in rest {
            guard let child = child(name, of: node) else { return nil }
            node = child
        }
        return node
    }

    /// The child of that name, as far as the conditions tell names apart.
    func child(_ name: String, of collection: Node) -> Node? {
        if let child = collection.child(name) { return child }
        if conditions.ignoresCase {
            let folded = name.lowercased()
            if let child = collection.children.first(where: { $0.name.lowercased() == folded }) { return child }
        }
        return name == collection.name && isEndless(collection) ? collection : nil
    }

    /// True for a collection that holds itself.
    func isEndless(_ node: Node) -> Bool {
        guard !conditions.endlessCollections.isEmpty, node.isCollection else { return false }
        let path = node.path
        return conditions.endlessCollections.contains { PathRules.names(of: $0) == path }
    }

    mutating func newShareID() -> Int {
        lastShareID += 1
        return lastShareID
    }

    func diskPath(of node: Node) -> String {
        ([store, "files", node.owner] + node.path).joined(separator: "/")
    }

    /// `00121414ocqhivkw6gi2`: the id as headers and `oc:id` have it.
    func longID(of node: Node) -> String {
        let digits = String(node.id)
        return String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits + instance
    }

    mutating func make(isCollection: Bool, name: String, modified: Int, size: Int, checksum: String? = nil) -> Node {
        lastID += 1
        let etag = isCollection ? collectionETags.next(now: Identifiers.now()) : Identifiers.fileETag()
        let node = Node(
            id: lastID, isCollection: isCollection, name: name, etag: etag, modified: modified, size: size,
            checksum: checksum)
        byID[node.id] = node
        return node
    }

    /// Forgets a node that was released, and all below.
    mutating func forget(_ node: Node) {
        var pending = [node]
        while let next = pending.popLast() {
            byID[next.id] = nil
            pending += next.children
        }
        journal.append(.gone(node.id))
    }

    /// Writes a node as it is now to the journal.
    mutating func record(_ node: Node) {
        journal.append(
            .node(
                .init(
                    id: node.id, parent: node.parent?.id ?? 0, isCollection: node.isCollection, etag: node.etag,
                    modified: node.modified, size: node.isCollection ? 0 : node.size, checksum: node.checksum ?? "",
                    name: node.name)))
    }

    /// Writes the properties that clients set to the journal.
    mutating func recordProperties(of node: Node) {
        for (name, value) in node.properties { journal.append(.property(node: node.id, name, value: value)) }
    }

    /// Something changed in these collections: new ETags and times, as far up as the conditions say.
    mutating func touch(_ collections: [Node]) {
        guard conditions.propagation != .none else { return }
        let now = Identifiers.now()
        let etag = collectionETags.next(now: now)
        var ids: [Int] = []
        for collection in collections {
            var next: Node? = collection
            while let node = next, node.etag != etag {
                node.etag = etag
                node.modified = now
                ids.append(node.id)
                next = conditions.propagation == .parentOnly ? nil : node.parent
            }
        }
        for share in shares where ids.contains(share.node) {
            guard let root = roots[share.recipient] else { continue }
            root.etag = etag
            ids.append(root.id)
        }
        journal.append(.touched(etag: etag, modified: now, ids: ids))
    }

    mutating func append(_ line: JournalLine) { journal.append(line) }

    /// Ends a change: what it appended to the journal is handed to the system.
    mutating func commit() throws(StandInError) { try journal.flush() }

    /// Writes the journal anew, one line a node.
    private mutating func compact() throws(StandInError) {
        let path = store + "/journal"
        try Disk.remove(path + ".new")
        journal = try Journal.open(path: path + ".new", lines: 0, length: 0)
        journal.append(.instance(instance))
        var pending = Array(roots.values)
        while let node = pending.popLast() {
            record(node)
            recordProperties(of: node)
            pending += node.children
        }
        for (id, name) in tags { journal.append(.tag(id: id, name: name)) }
        for (file, tags) in tagged {
            for tag in tags { journal.append(.tagged(tag: tag, file: file, on: true)) }
        }
        try journal.flush()
        try Disk.rename(path + ".new", to: path)
    }
}
