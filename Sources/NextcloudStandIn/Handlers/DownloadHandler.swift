import Synchronization

/// Answers `GET` and `HEAD`.
struct DownloadHandler {
    let tree: SharedTree

    /// A file, a part of it, or 304; for a collection the sentence that Nextcloud shows.
    ///
    /// - Throws: ``DAVError``: 404, 412, 416; ``StandInError`` of the disk.
    func answer(_ exchange: Exchange) throws -> Answer {
        let (request, target) = (exchange.request, exchange.target)
        let preconditions = Preconditions(exchange)
        let range = request["Range"]
        let ifRange = request["If-Range"]
        return try tree.mutex.withLock { tree in
            guard let node = tree.node(target.names, of: target.user) else { throw DAVError.notFound(target.names) }
            let etag = "\"\(node.etag)\""
            let tags = Self.etags(of: node, exchange.conditions)
            if try preconditions.check(node) { return Answer(304, tags) }
            if node.isCollection {
                let text = "This is the WebDAV interface, for WebDAV clients only."
                return Answer(200, [("Content-Type", "text/html; charset=UTF-8")], body: .bytes(Array(text.utf8)))
            }
            let name = Href.rawEncoded(node.name)
            var headers: [(name: String, value: String)] = [
                ("Content-Type", MediaType.of(node.name)),
                ("Last-Modified", HTTPDate.string(seconds: node.modified / 1_000_000_000)),
                ("Content-Disposition", "attachment; filename*=UTF-8''\(name); filename=\"\(name)\""),
            ]
            headers += tags
            if let checksum = node.checksum { headers.append(("OC-Checksum", checksum)) }
            let part = ifRange == nil || ifRange == etag ? try range.flatMap { try Self.part($0, of: node.size) } : nil
            if let part {
                headers.append(("Content-Range", "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(node.size)"))
            }
            let file = try FileSource(path: tree.diskPath(of: node), range: part ?? 0..<node.size)
            return Answer(part == nil ? 200 : 206, headers, body: .file(file))
        }
    }

    /// The headers with an ETag, as the conditions distort them.
    private static func etags(of node: Node, _ conditions: Conditions) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        switch conditions.downloadETags {
        case .own: headers.append(("ETag", "\"\(node.etag)\""))
        case .ending(let ending): headers.append(("ETag", "\"\(node.etag)\(ending)\""))
        case .weak: headers.append(("ETag", "W/\"\(node.etag)\""))
        case .fresh: headers.append(("ETag", "\"\(Identifiers.fileETag())\""))
        case .absent: break
        }
        if conditions.sendsOCETag { headers.append(("OC-ETag", "\"\(node.etag)\"")) }
        return headers
    }

    /// The one range that a header asks for; nil for headers to ignore (RFC 9110, section 14.2).
    private static func part(_ header: String, of size: Int) throws(DAVError) -> Range<Int>? {
        guard header.hasPrefix("bytes=") else { return nil }
        let ends = header.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        let part: Range<Int>
        if let first = Int(ends[0]) {
            let last = Int(ends[1]) ?? size - 1
            guard last >= first else { throw unsatisfiable }
            part = first..<max(first, min(last + 1, size))
        } else {
            guard let count = Int(ends[1]) else { return nil }
            part = max(0, size - count)..<size
        }
        guard !part.isEmpty else { throw unsatisfiable }
        return part
    }

    private static let unsatisfiable = DAVError.sabre(
        416, "RequestedRangeNotSatisfiable", "The start offset exceeded the size of the entity")
}
