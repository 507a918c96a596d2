import DAV
import Foundation

/// The names of the folders that hold preparations of the same sheets (`nextcloud.variants`), the preferred one first.
struct VariantFolders: Sendable {
    let names: [String]
    private let folded: [[UInt8]]

    init(_ names: [String]) {
        self.names = names
        folded = names.map { Self.fold(Array($0.utf8)[...]) }
    }

    /// What the state remembered.
    init(key: String) { self.init(key.split(separator: "/").map(String.init)) }

    /// What the state remembers of them: no name holds a slash.
    var key: String { names.joined(separator: "/") }

    /// A folder with such a name on its path.
    struct Place: Sendable, Hashable {
        /// The path, NFC, with each of these names replaced by a byte that no path holds: what the folders of one
        /// sheet's preparations have in common.
        var family: [UInt8]
        /// The rank of each of these names, the outermost first; 0 is the preferred one.
        var ranks: [Int]

        /// `true` where two folders of one family differ in one of these names at most.
        func isVariant(of other: Place) -> Bool { zip(ranks, other.ranks).count { $0 != $1 } <= 1 }
    }

    /// The place of a folder among those that hold preparations, `nil` where none of the names is on its path.
    func place(of folder: RemotePath) -> Place? {
        guard !folded.isEmpty else { return nil }
        let segments = folder.segments
        let ranks = segments.map { folded.firstIndex(of: Self.fold($0)) }
        guard ranks.contains(where: { $0 != nil }) else { return nil }
        let masked = zip(segments, ranks).map { $1 == nil ? PageName.composed($0) : [0] }
        return Place(
            family: Array(masked.joined(separator: [UInt8(ascii: "/")])), ranks: ranks.compactMap(\.self))
    }

    /// The key that the scans of one sheet have in common beside their name: a folder that holds no preparations is its
    /// own.
    func family(of folder: RemotePath) -> [UInt8] { place(of: folder)?.family ?? folder.bytes }

    /// A name in any case and either normal form; bytes that are not UTF-8 stay as they are.
    private static func fold(_ name: ArraySlice<UInt8>) -> [UInt8] {
        if name.allSatisfy({ $0 < 0x80 }) { return name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } }
        guard let text = String(validating: name, as: UTF8.self) else { return Array(name) }
        return Array(text.lowercased().precomposedStringWithCanonicalMapping.utf8)
    }
}
