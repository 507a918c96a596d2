/// The text before and behind the document of a listing, for telling it in words.
struct ListingSurroundings {
    /// So many bytes tell what somebody wrote there.
    private static let telling = 512
    private static let kept = 4 << 10
    private static let phpAdvice =
        "PHP writes messages into the server's answers (display_errors), which its administrator can switch off"

    private var prologue = XMLPrologue()
    private var behind: [UInt8] = []

    /// The bytes that the parser is to have.
    mutating func strip(_ bytes: [UInt8]) -> [UInt8] { prologue.strip(bytes) }

    /// Takes bytes that came behind the document's end, or the piece that holds that end.
    mutating func takeEnd(_ bytes: [UInt8], isWhole: Bool) {
        guard behind.count < Self.kept else { return }
        behind += (isWhole ? bytes[...] : Self.afterEnd(bytes)).prefix(Self.kept)
    }

    /// True when no more has to come for telling what stands there.
    func isTelling(sawMultistatus: Bool) -> Bool {
        (sawMultistatus ? behind : prologue.beginning).count >= Self.telling
    }

    /// The text that came in place of a listing, or before it; `nil` where it is XML that libxml2 speaks of.
    var explanationBefore: XMLPushError? {
        let text = ForeignText(prologue.beginning)
        switch text {
        case .phpMessage: return .foreign("\(text) stands before the listing: \(Self.phpAdvice)")
        case .other(let words) where words.hasPrefix("<"): return nil
        default: return .foreign("\(text) came instead of a listing")
        }
    }

    /// The text behind the listing; `nil` where nothing does.
    var explanationBehind: XMLPushError? {
        let text = ForeignText(behind)
        switch text {
        case .nothing: return nil
        case .phpMessage: return .foreign("\(text) stands behind the listing: \(Self.phpAdvice)")
        default: return .foreign("\(text) stands behind the listing")
        }
    }

    /// The bytes of a piece behind the end tag of the multistatus, which may have begun in the piece before.
    private static func afterEnd(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        let name = Array("multistatus".utf8)
        for close in bytes.indices.reversed() where bytes[close] == UInt8(ascii: ">") {
            let before = bytes[..<close].trimmingBlanks
            if before.suffix(name.count).elementsEqual(name.suffix(before.count)) { return bytes[(close + 1)...] }
        }
        return []
    }
}

extension ArraySlice<UInt8> {
    fileprivate var trimmingBlanks: ArraySlice<UInt8> {
        var rest = self
        while let last = rest.last, last == 0x20 || (0x09...0x0D).contains(last) { rest.removeLast() }
        return rest
    }
}
