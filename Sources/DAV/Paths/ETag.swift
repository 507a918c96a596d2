/// An entity tag (RFC 9110, section 8.8.3). An empty or absent one is no tag at all and equals nothing.
public struct ETag: Sendable, Hashable {
    /// What stands between the quotes.
    public let value: String
    /// Whether it was marked `W/`: such a tag never goes into `If-Match`.
    public let isWeak: Bool

    /// A tag as a server writes it: quoted or not, with or without `W/`, in a header or in XML.
    /// - Returns: `nil` for an empty one; an external storage never scanned answers `""`.
    public init?(_ text: String) {
        var rest = text[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        let isWeak = rest.hasPrefix("W/") || rest.hasPrefix("w/")
        if isWeak { rest = rest.dropFirst(2) }
        if rest.hasPrefix("\""), rest.hasSuffix("\""), rest.count >= 2 { rest = rest.dropFirst().dropLast() }
        guard !rest.isEmpty, rest.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\"") }) else {
            return nil
        }
        value = String(rest)
        self.isWeak = isWeak
    }

    /// Weak comparison (RFC 9110, section 8.8.3.2): the same opaque tag, `W/` or not.
    public func matches(_ other: ETag?) -> Bool { value == other?.value }

    /// The tag as it stands in a header.
    public var headerValue: String { (isWeak ? "W/" : "") + "\"\(value)\"" }
}
