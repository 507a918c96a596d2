/// A word as Tesseract read it.
struct ReadWord: Sendable, Hashable {
    var text: String
    /// 0 to 100.
    var confidence: Double
    /// Where it is on the page.
    var rect: PixelRect
}

/// A piece of text with the words read in it.
struct ReadSegment: Sendable, Hashable {
    var rect: PixelRect
    var words: [ReadWord]

    var text: String { words.map(\.text).joined(separator: " ") }

    /// The words' confidence, 0 to 100, each weighted by its length; 0 without words.
    var confidence: Double {
        let letters = words.reduce(0) { $0 + $1.text.count }
        guard letters > 0 else { return 0 }
        return words.reduce(0) { $0 + $1.confidence * Double($1.text.count) } / Double(letters)
    }
}
