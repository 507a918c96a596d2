import Foundation

/// Compares texts as they come out of character recognition with texts as they are printed.
enum FuzzyText {
    /// Small letters and digits only, without accents: what recognition is least often wrong about.
    static func skeleton(_ text: String) -> [UInt8] {
        let folded = text.replacing("œ", with: "oe").replacing("Œ", with: "oe")
            .folding(options: [.diacriticInsensitive, .caseInsensitive], locale: Locale(identifier: "fr_FR"))
        return folded.utf8.filter { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
    }

    /// The number of letters to change, add or take away (Levenshtein's distance).
    static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        let longest = max(first.count, second.count)
        return first.editDistance(to: second, atMost: longest) ?? longest
    }

    /// The distance of a read text from a printed one, `nil` when it is too far to be the same.
    ///
    /// A quarter of the letters may be wrong; of short words, none.
    static func mismatch(_ read: [UInt8], _ printed: [UInt8]) -> Int? {
        let allowed = printed.count < 4 ? 0 : max(1, printed.count / 4)
        return read.editDistance(to: printed, atMost: allowed)
    }
}
