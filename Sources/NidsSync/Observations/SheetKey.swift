import Crypto

/// The identity of a sheet: its scan (of two pages the first) by its path below a Nextcloud root folder.
public struct SheetKey: Sendable, Hashable {
    /// The root folder's name in Nextcloud (`nextcloud.root`).
    public var root: String
    /// The scan's path below the root, as the server's bytes.
    public var path: [UInt8]

    public init(root: String, path: [UInt8]) {
        self.root = root
        self.path = path
    }

    /// By bytes: Swift holds the NFC and NFD forms of a name to be equal, the server's disk does not.
    public static func == (left: SheetKey, right: SheetKey) -> Bool {
        left.path == right.path && left.root.utf8.elementsEqual(right.root.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(path)
        hasher.combine(Array(root.utf8))
    }

    /// The path as people read it; what is not UTF-8 shows as U+FFFD.
    public var readablePath: String { String(decoding: path, as: UTF8.self) }

    /// The key column: paths have up to 4,000 bytes, more than an index takes.
    var digest: String {
        var hash = SHA256()
        hash.update(data: Array(root.utf8))
        hash.update(data: [0])
        hash.update(data: path)
        return hash.finalize().hexadecimal
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits a byte.
    var hexadecimal: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
