/// An entity tag (RFC 9110, section 8.8.3). An empty or absent one is no ETag and equals nothing.
public struct ETag: Sendable, Hashable {
    /// The opaque text between the quotes.
    public let value: String
    /// True when it was marked `W/`: such an ETag never goes into `If-Match`.
    public let isWeak: Bool

    /// An ETag as a server writes it: quoted or not, with or without `W/`, in a header or in XML.
    /// - Returns: `nil` for an empty one; an external storage never scanned answers `""`.
    public init?(_ text: String) { self.init(bytes: Array(text.utf8)[...]) }

    init?(bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while let first = rest.first, Self.isBlank(first) { rest.removeFirst() }
        while let last = rest.last, Self.isBlank(last) { rest.removeLast() }
        let isWeak = rest.starts(with: "W/".utf8) || rest.starts(with: "w/".utf8)
        if isWeak { rest = rest.dropFirst(2) }
        let quote = UInt8(ascii: "\"")
        if rest.first == quote, rest.last == quote, rest.count >= 2 { rest = rest.dropFirst().dropLast() }
        guard !rest.isEmpty, rest.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != quote }) else { return nil }
        value = String(decoding: rest, as: UTF8.self)
        self.isWeak = isWeak
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// Weak comparison (RFC 9110, section 8.8.3.2): the same opaque text, `W/` or not.
    public func matches(_ other: ETag?) -> Bool { value == other?.value }

    /// Comparison between a listing and a download: weak, and without the suffix that a compressing server appends
    /// (`-gzip` of Apache's mod_deflate, `-br` of mod_brotli, `--gzip` of Jetty, `;gzip`).
    public func agrees(with other: ETag?) -> Bool {
        guard let other else { return false }
        return matches(other) || stem == other.stem
    }

    private var stem: Substring {
        for coding in ["gzip", "br", "deflate", "zstd"] where value.hasSuffix(coding) {
            let rest = value.dropLast(coding.count)
            guard let separator = rest.last, "-;:".contains(separator) else { continue }
            let stem = rest.trimmingSeparators
            if !stem.isEmpty { return stem }
        }
        return value[...]
    }

    /// The ETag as it stands in a header.
    public var headerValue: String { (isWeak ? "W/" : "") + "\"\(value)\"" }
}

extension Substring {
    fileprivate var trimmingSeparators: Substring {
        var rest = self
        while let last = rest.last, "-;:".contains(last) { rest.removeLast() }
        return rest
    }
}
