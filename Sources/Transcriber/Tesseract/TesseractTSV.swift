/// Tesseract's tab separated output: one line per page, block, paragraph, line and word.
enum TesseractTSV {
    /// Pages and pixels that any picture of ours has.
    private static let places = 0...1_000_000

    /// The words of each page, with their boxes in that page's pixels. Pages are numbered from 1, blank ones missing.
    static func words(in text: String) -> [Int: [ReadWord]] {
        var pages: [Int: [ReadWord]] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let columns = line.split(separator: "\t", maxSplits: 11, omittingEmptySubsequences: false)
            // Level 5 is a word; anything else, the heading included, has no text.
            guard columns.count == 12, columns[0] == "5" else { continue }
            let numbers = columns[1...9].map { Int($0).flatMap { places.contains($0) ? $0 : nil } }
            guard let page = numbers[0], let left = numbers[5], let top = numbers[6], let width = numbers[7],
                let height = numbers[8], let confidence = Double(columns[10]), (0...100).contains(confidence)
            else { continue }
            let text = columns[11].filter { !$0.isWhitespace }
            guard !text.isEmpty else { continue }
            pages[page, default: []].append(
                ReadWord(
                    text: text, confidence: confidence,
                    rect: PixelRect(x0: left, y0: top, x1: left + width, y1: top + height)))
        }
        return pages
    }
}
