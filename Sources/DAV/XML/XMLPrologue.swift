/// Takes away what may stand before a document's first `<` without meaning anything: a byte order mark and blanks.
///
/// XML allows neither blanks nor anything else before its declaration, but a blank line at the end of a PHP file puts
/// one there (nextcloud/desktop#1025).
struct XMLPrologue {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let kept = 4 << 10

    private var held: [UInt8] = []
    private var isPast = false

    /// The first bytes of the document, for telling what came instead of XML.
    private(set) var beginning: [UInt8] = []

    /// The bytes that the parser is to have of those that came.
    mutating func strip(_ bytes: [UInt8]) -> [UInt8] {
        defer { keep(bytes) }
        if isPast { return bytes }
        held += bytes
        let start = held.firstIndex { !Self.isSkipped($0) } ?? held.endIndex
        guard start < held.endIndex else { return [] }
        isPast = true
        defer { held = [] }
        // Only whole marks are skipped; other bytes of that kind begin something else.
        let skipped = held[..<start].filter { $0 >= 0x80 }
        return skipped.isEmpty || skipped == Self.byteOrderMark ? Array(held[start...]) : held
    }

    private mutating func keep(_ bytes: [UInt8]) {
        if beginning.count < Self.kept { beginning += bytes.prefix(Self.kept - beginning.count) }
    }

    private static func isSkipped(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte) || byteOrderMark.contains(byte)
    }
}
