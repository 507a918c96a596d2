/// A path below a root collection, as the server spells it: its bytes are kept, sent back and compared as they came.
///
/// Swift strings hold NFC and NFD spellings to be equal; servers do not all agree, so a path is its UTF-8 bytes.
/// The empty path is the root itself. Segments are never empty, `.` or `..`, and hold no `/` and no NUL.
public struct RemotePath: Sendable, Hashable {
    /// The bytes, decoded, without a slash at either end.
    public let bytes: [UInt8]

    /// The root.
    public static let root = RemotePath(unchecked: [])

    private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// A path from its decoded bytes; slashes at either end are dropped.
    /// - Returns: `nil` where a segment is empty, `.` or `..`, or holds a NUL.
    public init?(bytes: some Sequence<UInt8>) {
        let all = Array(bytes)
        var trimmed = all[...]
        while trimmed.first == UInt8(ascii: "/") { trimmed.removeFirst() }
        while trimmed.last == UInt8(ascii: "/") { trimmed.removeLast() }
        guard Self.isValid(trimmed) else { return nil }
        self.bytes = trimmed.count == all.count ? all : Array(trimmed)
    }

    /// A path as a person writes it, slashes between the segments.
    public init?(_ text: String) { self.init(bytes: text.utf8) }

    private static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
        if bytes.isEmpty { return true }
        // The segment under way: how long it is, and whether it is dots alone.
        var (length, isDots) = (0, true)
        for byte in bytes {
            if byte == 0 { return false }
            if byte == UInt8(ascii: "/") {
                if length == 0 || isDots && length <= 2 { return false }
                (length, isDots) = (0, true)
            } else {
                length += 1
                if byte != UInt8(ascii: ".") { isDots = false }
            }
        }
        return length > 0 && !(isDots && length <= 2)
    }

    /// True for the root.
    public var isRoot: Bool { bytes.isEmpty }

    /// The last segment, empty for the root.
    public var name: ArraySlice<UInt8> {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return bytes[...] }
        return bytes[(slash + 1)...]
    }

    /// The collection that holds this, `nil` for the root.
    public var parent: RemotePath? {
        if isRoot { return nil }
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return .root }
        return RemotePath(unchecked: Array(bytes[..<slash]))
    }

    /// The number of segments; 0 for the root.
    public var depth: Int { isRoot ? 0 : bytes.count { $0 == UInt8(ascii: "/") } + 1 }

    /// The segments, outermost first.
    public var segments: [ArraySlice<UInt8>] { bytes.split(separator: UInt8(ascii: "/")) }

    /// The collections above this one, the outermost first, without the root.
    var ancestors: [RemotePath] {
        var found: [RemotePath] = []
        var current = parent
        while let path = current, !path.isRoot {
            found.append(path)
            current = path.parent
        }
        return found.reversed()
    }

    /// The resource of that relative path below this one.
    /// - Returns: `nil` where the name is no valid path.
    public func appending(_ relative: some Sequence<UInt8>) -> RemotePath? {
        guard let tail = RemotePath(bytes: relative) else { return nil }
        return appending(tail)
    }

    /// The resource of that relative path below this one.
    public func appending(_ relative: RemotePath) -> RemotePath {
        if isRoot { return relative }
        if relative.isRoot { return self }
        return RemotePath(unchecked: bytes + [UInt8(ascii: "/")] + relative.bytes)
    }

    /// True when this is that collection or lies below it.
    public func isInside(_ collection: RemotePath) -> Bool {
        if collection.isRoot || self == collection { return true }
        return bytes.count > collection.bytes.count && bytes.starts(with: collection.bytes)
            && bytes[collection.bytes.count] == UInt8(ascii: "/")
    }

    /// The rest of the path below that collection, `nil` when it does not lie there.
    public func relative(to collection: RemotePath) -> RemotePath? {
        guard isInside(collection) else { return nil }
        if collection.isRoot { return self }
        return RemotePath(bytes: bytes.dropFirst(collection.bytes.count))
    }
}

extension RemotePath: CustomStringConvertible {
    /// The path as people read it; bytes that are not UTF-8 show as �.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension RemotePath: Comparable {
    public static func < (left: RemotePath, right: RemotePath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
