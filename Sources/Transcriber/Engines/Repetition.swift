/// The end of a text that says the same again and again, as a model does that has lost its way: one figure for ever, the
/// same row of a table, white space.
struct Repetition {
    /// Longer units are those of a table with long rows, which does not fill an answer's room.
    private static let longestUnit = 512
    /// The end of a text that is looked at, in bytes.
    private static let reach = 12_000

    /// What is said again and again, shortened; it may begin anywhere within it.
    let unit: String

    /// `nil` when the text does not end so.
    ///
    /// A sheet's own rows may be alike, but neither six times to the letter over 600 bytes, nor twenty times, but for
    /// the figures in them, over 2,000.
    init?(atEndOf text: String) {
        let end = Array(text.utf8.suffix(Self.reach))
        let counting = end.map { (0x30...0x39).contains($0) ? 0x30 : $0 }
        guard
            let length = Self.unit(of: end, times: 6, bytes: 600) ?? Self.unit(of: counting, times: 20, bytes: 2000)
        else { return nil }
        let said = String(decoding: end.suffix(length), as: UTF8.self).storable
        unit =
            said.allSatisfy(\.isWhitespace)
            ? "white space" : String(said.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(40))
    }

    /// The length of the shortest unit that the bytes end with so many times, over so many bytes.
    private static func unit(of end: [UInt8], times: Int, bytes: Int) -> Int? {
        (1...longestUnit).first { length in
            let wanted = max(bytes, length * times)
            guard end.count >= wanted else { return false }
            return (end.count - wanted + length..<end.count).allSatisfy { end[$0] == end[$0 - length] }
        }
    }
}

extension TranscriptionError {
    /// The error for an answer that used up its room.
    ///
    /// - Parameters:
    ///   - text: What it says.
    ///   - thoughts: The thoughts that came with it.
    ///   - thinking: The tokens of thoughts, where they are counted.
    static func outOfRoom(text: String, thoughts: String, thinking: Int) -> TranscriptionError {
        let isEmpty = text.allSatisfy(\.isWhitespace)
        if let repetition = Repetition(atEndOf: text) ?? (isEmpty ? Repetition(atEndOf: thoughts) : nil) {
            return .repeated(excerpt: repetition.unit)
        }
        return isEmpty && (thinking > 0 || !thoughts.isEmpty) ? .thoughtsOnly : .cutOff
    }
}
