extension PageLayout {
    /// Joins words that Tesseract has parted though no space is between them (`Bois -28`).
    ///
    /// A space is wide; how wide, the gaps between the letters of the same piece tell: in a typewriter's face, where
    /// narrow letters have much room, they are wide too.
    func joiningSplitWords(in segment: ReadSegment) -> ReadSegment {
        let gaps = self.gaps(in: segment.rect)
        let joined = joiningSplitWords(in: segment, gaps: gaps)
        return partingDays(in: joined, gaps: gaps) ?? joined
    }

    private func joiningSplitWords(in segment: ReadSegment, gaps: [Range<Int>]) -> ReadSegment {
        guard segment.words.count > 1 else { return segment }
        let widths = gaps.map(\.count).sorted()
        guard !widths.isEmpty else { return segment }
        let usual = Double(widths[(widths.count - 1) / 2])
        let limit = min(0.6 * letterHeight, 1.5 * usual + 0.1 * letterHeight)
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

    /// Parts `17j` where a space is before the j, which Tesseract overlooks.
    private func partingDays(in segment: ReadSegment, gaps: [Range<Int>]) -> ReadSegment? {
        guard let word = segment.words.last, word.text.hasSuffix("j"), word.text.dropLast().last?.isNumber == true,
            let gap = gaps.last, Double(gap.count) > 0.5 * letterHeight,
            gap.lowerBound > word.rect.x0
        else { return nil }
        var (number, unit) = (word, word)
        number.text.removeLast()
        number.rect.x1 = gap.lowerBound
        unit.text = "j"
        unit.rect = PixelRect(x0: gap.upperBound, y0: word.rect.y0, x1: segment.rect.x1, y1: word.rect.y1)
        return ReadSegment(rect: segment.rect, words: segment.words.dropLast() + [number, unit])
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
