import Synchronization

/// Writes a ``Listing`` piece by piece. Holds the way down and the ids of siblings, never the whole tree.
struct ListingCursor {
    private struct Frame {
        /// The collection's href, with a slash at the end.
        var href: [UInt8]
        var children: [Int]
        var next = 0
        var isUnscanned: Bool
    }

    private static let pieceSize = 65_536
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
        var isUnscanned = listing.unscanned.contains(node.id)
        var ancestor = node.parent
        while let collection = ancestor {
            if listing.unscanned.contains(collection.id) { isUnscanned = true }
            ancestor = collection.parent
        }
        for name in node.path {
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
        let id = frames[top].children[frames[top].next]
        frames[top].next += 1
        guard let node = tree.byID[id] else { return }
        var href = frames[top].href
        Href.encode(node.name, into: &href)
        visit(
            node, href: href, isUnscanned: frames[top].isUnscanned || listing.unscanned.contains(id), in: tree,
            into: &bytes)
    }

    private mutating func visit(
        _ node: Node, href: [UInt8], isUnscanned: Bool, in tree: borrowing Tree, into bytes: inout [UInt8]
    ) {
        var href = href
        if node.isCollection { href.append(UInt8(ascii: "/")) }
        if let failed = listing.failed, failed.position == responses {
            writer.writeFailure(href: href, status: failed.status, into: &bytes)
        } else {
            writer.write(
                node, href: href, longID: tree.longID(of: node),
                state: !isUnscanned ? .scanned : listing.unscanned.contains(node.id) ? .mount : .unscanned,
                into: &bytes)
        }
        responses += 1
        let goesDown = listing.depth == .infinity || (listing.depth == .one && responses == 1)
        if node.isCollection, goesDown {
            frames.append(Frame(href: href, children: node.children.map(\.id), isUnscanned: isUnscanned))
        }
    }
}
