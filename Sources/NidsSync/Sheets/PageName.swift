import Foundation

/// A scan's name without its extension, taken apart: which sheet it shows, and which side of it.
///
/// Marks at the end: `R`/`V` directly after a digit, `-R/-V`, `_R/_V`, `_recto/_verso`, `_page1/_page2` and the last two
/// with `-`, in any case.
struct PageName: Sendable, Hashable {
    enum Side: Int, Sendable {
        case recto = 1
        case verso = 2
    }

    /// The stem without the mark, NFC: what both sides of a sheet have in common.
    var base: [UInt8]
    var side: Side?
    /// Set where the mark is one that earlier releases did not know.
    var hasLaterMark = false

    private struct Mark {
        var text: [UInt8]
        var side: Side
        var isLater: Bool

        init(_ text: String, _ side: Side) {
            self.text = Array(text.utf8)
            self.side = side
            isLater = text.first == "-" && text.count > 2
        }
    }

    private static let marks =
        ["_recto", "_page1", "-recto", "-page1", "-r", "_r"].map { Mark($0, .recto) }
        + ["_verso", "_page2", "-verso", "-page2", "-v", "_v"].map { Mark($0, .verso) }

    /// - Parameter stem: a name without its extension.
    init(stem: some Collection<UInt8>) {
        let stem = Self.composed(stem)
        let lowered = stem.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        for mark in Self.marks
        where lowered.count > mark.text.count && lowered.suffix(mark.text.count) == mark.text[...] {
            self.init(base: Array(stem.dropLast(mark.text.count)), side: mark.side)
            hasLaterMark = mark.isLater
            return
        }
        let side: Side? =
            switch lowered.last {
            case UInt8(ascii: "r"): .recto
            case UInt8(ascii: "v"): .verso
            default: nil
            }
        if let side, let before = stem.dropLast().last, (0x30...0x39).contains(before) {
            self.init(base: Array(stem.dropLast()), side: side)
        } else {
            self.init(base: stem, side: nil)
        }
    }

    private init(base: [UInt8], side: Side?) {
        self.base = base
        self.side = side
    }

    /// The name without what follows its last dot; a leading dot begins no extension.
    static func stem(of name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return name }
        return name[..<dot]
    }

    /// The NFC spelling; bytes that are not UTF-8 stay as they are.
    static func composed(_ bytes: some Collection<UInt8>) -> [UInt8] {
        if bytes.allSatisfy({ $0 < 0x80 }) { return Array(bytes) }
        guard let text = String(validating: bytes, as: UTF8.self) else { return Array(bytes) }
        return Array(text.precomposedStringWithCanonicalMapping.utf8)
    }
}
