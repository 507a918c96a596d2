/// The URL of a collection, and the way between hrefs and paths below it.
public struct CollectionURL: Sendable, Hashable {
    /// `https://host:port`
    public let origin: String
    /// The decoded path of the collection on its host, without a slash at the end; empty for the host's root.
    public let path: [UInt8]

    /// The collection at an absolute http or https URL, percent-encoded.
    /// - Returns: `nil` when it is no such URL, or its path leaves the host's root.
    public init?(_ url: String) {
        guard let separator = url.firstRange(of: "://"),
            ["http", "https"].contains(url[..<separator.lowerBound].lowercased())
        else { return nil }
        let rest = url[separator.upperBound...].prefix { $0 != "?" && $0 != "#" }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        guard slash > rest.startIndex, !rest[..<slash].contains("@") else { return nil }
        guard let decoded = RemotePath(bytes: PercentEncoding.decode(rest[slash...].utf8)) else { return nil }
        origin = String(url[..<slash])
        path = decoded.isRoot ? [] : [UInt8(ascii: "/")] + decoded.bytes
    }

    private init(origin: String, path: [UInt8]) {
        self.origin = origin
        self.path = path
    }

    /// The collection of that path below this one.
    public func appending(_ relative: RemotePath) -> CollectionURL {
        CollectionURL(origin: origin, path: relative.isRoot ? path : path + [UInt8(ascii: "/")] + relative.bytes)
    }

    /// The collection as people know it: its path below the account's files of a Nextcloud, else on its host.
    var readableName: String {
        let segments = path.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
        var name = segments[...]
        if let index = segments.firstIndex(of: "remote.php"), index + 3 < segments.count, segments[index + 1] == "dav" {
            name = segments[(index + 4)...]
        }
        return name.isEmpty ? "the account's files" : name.joined(separator: "/")
    }

    /// The name of a resource in an error: never an empty path.
    func readableName(of resource: RemotePath) -> String {
        resource.isRoot ? readableName : resource.description
    }

    /// Words for a server that names a resource by another path than that of its URL: a proxy that takes a
    /// prefix away from requests, and gives the answers back unchanged.
    /// - Returns: `nil` where the href names the resource.
    func misnaming(of resource: RemotePath, decodedHref: [UInt8]) -> String? {
        var named = decodedHref[...]
        while named.last == UInt8(ascii: "/") { named.removeLast() }
        let asked = resource.isRoot ? path : path + [UInt8(ascii: "/")] + resource.bytes
        guard !named.elementsEqual(asked) else { return nil }
        let (ours, theirs) = (String(decoding: asked, as: UTF8.self), String(decoding: named, as: UTF8.self))
        if ours.utf8.count > theirs.utf8.count, ours.hasSuffix(theirs) {
            let prefix = ours.dropLast(theirs.count)
            return "the server's addresses lack \(prefix): it calls \(ours) \(theirs.isEmpty ? "/" : theirs)"
        }
        if theirs.utf8.count > ours.utf8.count, theirs.hasSuffix(ours) {
            return "the server's addresses have \(theirs.dropLast(ours.count)) in front: it calls \(ours) \(theirs)"
        }
        return
            "the server's addresses are others: it calls \(ours.isEmpty ? "/" : ours) \(theirs.isEmpty ? "/" : theirs)"
    }

    /// The same place as a server spells it, which may be another Unicode form of the same text.
    func respelled(_ serverPath: [UInt8]) -> CollectionURL? {
        var spelling = serverPath
        while spelling.last == UInt8(ascii: "/") { spelling.removeLast() }
        guard String(decoding: spelling, as: UTF8.self) == String(decoding: path, as: UTF8.self) else { return nil }
        return CollectionURL(origin: origin, path: spelling)
    }

    /// The URL of a resource, percent-encoded; collections end in a slash.
    public func url(of resource: RemotePath, isCollection: Bool = false) -> String {
        let slash = [UInt8(ascii: "/")]
        let full = resource.isRoot ? path : path + slash + resource.bytes
        return origin + PercentEncoding.encode(full) + (isCollection || full.isEmpty ? "/" : "")
    }

    /// The path that an href of a multistatus stands for (RFC 4918, section 8.3: absolute URI or absolute path).
    /// - Returns: `nil` when it does not lie in this collection.
    func resource(href: some Collection<UInt8>) -> RemotePath? {
        let href = Array(href)
        // "%2F" decodes to a slash that was no separator: such a name cannot be told from a path.
        guard !Self.holdsEncodedSlash(href) else { return nil }
        let decoded = Self.decodedPath(ofHref: href)
        guard decoded.starts(with: path) else { return nil }
        let rest = decoded[path.count...]
        guard rest.isEmpty || rest.first == UInt8(ascii: "/"), !rest.starts(with: "//".utf8) else { return nil }
        return RemotePath(bytes: rest)
    }

    /// The decoded path of an href, whatever host it names.
    static func decodedPath(ofHref href: [UInt8]) -> [UInt8] {
        var encoded = href[...]
        if encoded.first != UInt8(ascii: "/"), let separator = encoded.firstRange(of: Array("://".utf8)) {
            encoded = encoded[separator.upperBound...].drop { $0 != UInt8(ascii: "/") }
        }
        return PercentEncoding.decode(encoded)
    }

    private static func holdsEncodedSlash(_ href: [UInt8]) -> Bool {
        var index = 0
        while index + 2 < href.count {
            if href[index] == UInt8(ascii: "%"), href[index + 1] == UInt8(ascii: "2"),
                href[index + 2] | 0x20 == UInt8(ascii: "f")
            {
                return true
            }
            index += 1
        }
        return false
    }
}

extension CollectionURL: CustomStringConvertible {
    public var description: String { url(of: .root, isCollection: true) }
}
