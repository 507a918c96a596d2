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
