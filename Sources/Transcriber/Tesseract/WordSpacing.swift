extension PageLayout {
    /// Joins words that Tesseract has parted though no space is between them (`XXX -28`).
    ///
    /// A space is wide; how wide, the gaps between the letters of the same piece tell: in a typewriter's face, where
    /// narrow letters have much room, they are wide too.
    func joiningSplitWords(in segment: ReadSegment) -> ReadSegment {
        guard segment.words.count > 1 else { return segment }
        let gaps = self.gaps(in: segment.rect)
        let widths = gaps.map(\.count).sorted()
        guard !widths.isEmpty else { return segment }
        let usual = Double(widths[(widths.count - 1) / 2])
        let limit = min(0.7 * letterHeight, max(0.3 * letterHeight, usual + 0.3 * letterHeight))
        var words = [segment.words[0]]
        for word in segment.words.dropFirst() {
            let last = words[words.count - 1]
            let seam = last.rect.x1 - Int(letterHeight / 2)..<max(last.rect.x1, word.rect.x0) + Int(letterHeight / 2)
            let gap = gaps.filter { $0.overlaps(seam) }.map(\.count).max() ?? 0
            if Double(gap) < limit {
                let letters = (Double(last.text.count), Double(word.text.count))
                words[words.count - 1] = ReadWord(
                    text: last.text + word.text,
                    confidence: (last.confidence * letters.0 + word.confidence * letters.1) / (letters.0 + letters.1),
                    rect: last.rect.union(word.rect))
            } else {
                words.append(word)
            }
        }
        return ReadSegment(rect: segment.rect, words: words)
    }

    /// The columns without ink inside a piece of text.
    private func gaps(in rect: PixelRect) -> [Range<Int>] {
        var gaps: [Range<Int>] = []
        var start: Int?
        for x in rect.x0..<rect.x1 {
            let isEmpty = !(rect.y0..<rect.y1).contains { mask.ink[$0 * mask.width + x] }
            if isEmpty, start == nil { start = x }
            if !isEmpty, let begin = start {
                gaps.append(begin..<x)
                start = nil
            }
        }
        return gaps
    }
}
