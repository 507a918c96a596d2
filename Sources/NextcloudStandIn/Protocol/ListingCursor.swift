import Synchronization

/// Writes a ``Listing`` piece by piece. Holds the way down and the ids of siblings, never the whole tree.
struct ListingCursor {
    private struct Child {
        var id: Int
        /// Its name in this view, where that is not its own.
        var name: String?
    }

    private struct Frame {
        /// The collection's href, with a slash at the end.
        var href: [UInt8]
        var children: [Child]
        var next = 0
        var isUnscanned: Bool
    }

    private static let pieceSize = 65_536
    /// A collection that holds itself is followed so far.
    private static let depthLimit = 100
    private let listing: Listing
    private var writer: ResponseWriter
    private var frames: [Frame] = []
    private var hasBegun = false
    private var isDone = false
    private var responses = 0

    init(_ listing: Listing) {
        self.listing = listing
        writer = ResponseWriter(listing)
    }

    /// The next bytes; empty at the end.
    mutating func next(in tree: SharedTree) -> [UInt8] {
        guard !isDone else { return [] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.pieceSize + 4_096)
        tree.mutex.withLock { tree in
            if !hasBegun { begin(in: tree, into: &bytes) }
            while bytes.count < Self.pieceSize, !isDone { step(in: tree, into: &bytes) }
        }
        return bytes
    }

    private mutating func begin(in tree: borrowing Tree, into bytes: inout [UInt8]) {
        hasBegun = true
        bytes += Array(
            "<?xml version=\"1.0\"?>\n<d:multistatus xmlns:d=\"DAV:\" xmlns:s=\"http://sabredav.org/ns\" ".utf8)
        bytes += Array("xmlns:oc=\"http://owncloud.org/ns\" xmlns:nc=\"http://nextcloud.org/ns\">".utf8)
        guard let node = tree.byID[listing.start] else { return }
        var href = Array(listing.prefix.utf8)
        var isUnscanned = isMount(node)
        var ancestor = node.parent
        while let collection = ancestor {
            if isMount(collection) { isUnscanned = true }
            ancestor = collection.parent
        }
        for name in listing.names {
            href.append(UInt8(ascii: "/"))
            Href.encode(name, into: &href)
        }
        visit(node, href: href, isUnscanned: isUnscanned, in: tree, into: &bytes)
    }

    private mutating func step(in tree: borrowing Tree, into bytes: inout [UInt8]) {
        if let limit = listing.breaksAfter, responses >= limit {
            bytes += DAVError.sabre(500, "ServiceUnavailable", "The storage is temporarily not available").document
            isDone = true
            return
        }
        guard let top = frames.indices.last else {
            bytes += Array("</d:multistatus>\n".utf8)
            isDone = true
            return
        }
        guard frames[top].next < frames[top].children.count else {
            frames.removeLast()
            return
        }
        let child = frames[top].children[frames[top].next]
        frames[top].next += 1
        guard let node = tree.byID[child.id] else { return }
        var href = frames[top].href
        Href.encode(child.name ?? node.name, into: &href)
        visit(
            node, href: href, isUnscanned: frames[top].isUnscanned || isMount(node), in: tree,
            into: &bytes)
    }

    private mutating func visit(
        _ node: Node, href: [UInt8], isUnscanned: Bool, in tree: borrowing Tree, into bytes: inout [UInt8]
    ) {
        var href = href
        if node.isCollection { href.append(UInt8(ascii: "/")) }
        if listing.emptied == responses {
            bytes += Array("<d:response/>".utf8)
        } else if let failed = listing.failed, failed.position == responses {
            writer.writeFailure(href: href, status: failed.status, into: &bytes)
        } else {
            writer.write(
                node, href: href,
                .init(
                    longID: tree.longID(of: node), letters: letters(of: node, in: tree),
                    state: !isUnscanned ? .scanned : isMount(node) ? .mount : .unscanned),
                into: &bytes)
        }
        responses += 1
        let goesDown = listing.depth == .infinity || (listing.depth == .one && responses == 1)
        guard node.isCollection, goesDown, !listing.away.contains(node.id) else { return }
        var children = node.children.map { Child(id: $0.id) }
        if node.parent == nil {
            children += tree.shares(for: node.name).map { Child(id: $0.node, name: $0.name) }
        }
        if tree.isEndless(node), frames.count < Self.depthLimit { children.append(Child(id: node.id)) }
        frames.append(Frame(href: href, children: children, isUnscanned: isUnscanned))
    }

    private func letters(of node: Node, in tree: borrowing Tree) -> String {
        let letters = tree.letters(of: node, for: listing.account.userID)
        guard !listing.mounted.isEmpty else { return letters }
        let isMounted = sequence(first: node, next: \.parent).contains { listing.mounted.contains($0.id) }
        return isMounted ? "M" + letters.drop { $0 == "R" } : letters
    }

    /// True for the root of an external storage that is not looked into.
    private func isMount(_ node: Node) -> Bool {
        listing.unscanned.contains(node.id) || listing.away.contains(node.id)
    }
}
