/// Writes one `d:response`: what is there with 200, what is not with 404.
struct ResponseWriter {
    enum State {
        /// As usual.
        case scanned
        /// The root of an external storage never scanned.
        case mount
        /// Below one.
        case unscanned
    }

    private let listing: Listing
    private var dates = HTTPDate()
    private var missing: [Int] = []

    private static let open = Array("<d:response><d:href>".utf8)
    private static let found = Array("</d:href>".utf8)
    private static let properties = Array("<d:propstat><d:prop>".utf8)
    private static let present = Array("</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>".utf8)
    private static let absent = Array("</d:prop><d:status>HTTP/1.1 404 Not Found</d:status></d:propstat>".utf8)
    private static let close = Array("</d:response>".utf8)
    private static let quote = Array("&quot;".utf8)

    init(_ listing: Listing) { self.listing = listing }

    /// What is told of a node that does not lie in the node itself.
    struct Facts {
        var longID: String
        /// `oc:permissions`
        var letters: String
        var state = State.scanned
    }

    mutating func write(_ node: Node, href: [UInt8], _ facts: Facts, into bytes: inout [UInt8]) {
        bytes += Self.open
        bytes += href
        bytes += Self.found
        let start = bytes.count
        bytes += Self.properties
        let first = bytes.count
        missing.removeAll(keepingCapacity: true)
        for (index, property) in listing.properties.enumerated() {
            guard let kind = property.kind else {
                if !writeOwn(property, of: node, into: &bytes) { missing.append(index) }
                continue
            }
            let before = bytes.count
            bytes += property.opening
            if write(kind, of: node, facts, into: &bytes) {
                bytes += property.closing
            } else {
                bytes.removeLast(bytes.count - before)
                missing.append(index)
            }
            if kind == .resourceType, !node.isCollection { replace(from: before, with: property.empty, in: &bytes) }
        }
        if bytes.count == first { bytes.removeLast(bytes.count - start) } else { bytes += Self.present }
        if !missing.isEmpty, !listing.omitsMissing {
            bytes += Self.properties
            for index in missing { bytes += listing.properties[index].empty }
            bytes += Self.absent
        }
        bytes += Self.close
    }

    func writeFailure(href: [UInt8], status: Int, into bytes: inout [UInt8]) {
        bytes += Self.open
        bytes += href
        bytes += Self.found
        bytes += Array("<d:status>HTTP/1.1 \(status) \(StatusPhrase.of(status))</d:status>".utf8)
        bytes += Self.close
    }

    /// Writes a property that a client set; false where it did not.
    private func writeOwn(_ property: Property, of node: Node, into bytes: inout [UInt8]) -> Bool {
        let name = PropertyName(namespace: property.namespace, name: property.name)
        guard let value = node.properties[name] else { return false }
        bytes += property.opening
        bytes.append(contentsOf: value.utf8)
        bytes += property.closing
        return true
    }

    private func replace(from index: Int, with piece: [UInt8], in bytes: inout [UInt8]) {
        bytes.removeLast(bytes.count - index)
        bytes += piece
    }

    /// Writes a property's value; false where the node has none.
    private mutating func write(
        _ kind: Property.Kind, of node: Node, _ facts: Facts, into bytes: inout [UInt8]
    ) -> Bool {
        switch kind {
        case .etag:
            bytes += Self.quote
            if facts.state == .scanned { bytes.append(contentsOf: node.etag.utf8) }
            bytes += Self.quote
        case .resourceType:
            if node.isCollection { bytes.append(contentsOf: "<d:collection/>".utf8) }
        case .length:
            guard !node.isCollection else { return false }
            bytes.append(contentsOf: String(node.size).utf8)
        case .mediaType:
            guard !node.isCollection else { return false }
            bytes.append(contentsOf: MediaType.of(node.name).utf8)
        case .modified:
            guard facts.state != .mount else { return false }
            bytes.append(contentsOf: dates.string(nanoseconds: node.modified).utf8)
        case .created: bytes.append(contentsOf: HTTPDate.iso(seconds: node.modified / 1_000_000_000).utf8)
        case .displayName: bytes.append(contentsOf: XMLText.escaped(node.name).utf8)
        case .quotaUsed, .quotaAvailable:
            guard node.isCollection else { return false }
            bytes.append(contentsOf: String(kind == .quotaUsed ? node.size : available(node)).utf8)
        case .fileID: bytes.append(contentsOf: String(node.id).utf8)
        case .longID: bytes.append(contentsOf: facts.longID.utf8)
        case .permissions: bytes.append(contentsOf: (facts.state == .mount ? "MGDNVCK" : facts.letters).utf8)
        case .checksums:
            guard let checksum = node.checksum else { return false }
            bytes.append(contentsOf: "<oc:checksum>\(XMLText.escaped(checksum))</oc:checksum>".utf8)
        case .size: bytes.append(contentsOf: String(node.size).utf8)
        case .ownerID: bytes.append(contentsOf: XMLText.escaped(node.owner).utf8)
        case .ownerName: bytes.append(contentsOf: XMLText.escaped(listing.displayNames[node.owner] ?? node.owner).utf8)
        case .favorite: bytes.append(UInt8(ascii: "0"))
        case .dataFingerprint: return node.parent == nil
        case .lock: if node.lock != nil { bytes.append(UInt8(ascii: "1")) }
        case .lockOwner: bytes.append(contentsOf: XMLText.escaped(node.lock?.owner ?? "").utf8)
        case .lockOwnerName: bytes.append(contentsOf: XMLText.escaped(node.lock?.displayName ?? "").utf8)
        case .lockOwnerType:
            if let lock = node.lock { bytes.append(UInt8(ascii: lock.editor == nil ? "0" : "1")) }
        case .lockEditor: bytes.append(contentsOf: XMLText.escaped(node.lock?.editor ?? node.lock?.owner ?? "").utf8)
        case .lockTime: if let lock = node.lock { bytes.append(contentsOf: String(lock.time).utf8) }
        }
        return true
    }

    private func available(_ node: Node) -> Int {
        guard let quota = listing.account.quotaBytes else { return -3 }
        return max(0, quota - node.root.size)
    }
}
