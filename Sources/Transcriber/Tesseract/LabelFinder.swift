/// A printed label that was found on a page.
struct FoundLabel: Sendable, Hashable {
    var label: FieldLabel
    var rect: PixelRect
    /// The segment it is in, and its words there.
    var segment: Int
    var words: Range<Int>
}

/// Finds the printed labels among the words read on a page, wherever they stand.
struct LabelFinder {
    let segments: [ReadSegment]
    let underlines: [RuledLine]
    let letterHeight: Double

    private struct Candidate {
        var found: FoundLabel
        var score: Double
    }

    /// The labels, each at most once. Of several candidates the one closest in spelling and in typical surroundings
    /// wins: a label begins its piece of text and has the line to write on at its right, not below itself.
    func labels() -> [FoundLabel] {
        var found: [FoundLabel] = []
        for candidate in candidates().sorted(by: { $0.score > $1.score }) {
            let new = candidate.found
            let isTaken = found.contains {
                $0.label == new.label || ($0.segment == new.segment && $0.words.overlaps(new.words))
            }
            if !isTaken { found.append(new) }
        }
        return found
    }

    private func candidates() -> [Candidate] {
        var candidates: [Candidate] = []
        for (index, segment) in segments.enumerated() {
            for first in segment.words.indices {
                var skeleton: [UInt8] = []
                for last in first..<min(first + 6, segment.words.count) {
                    skeleton += FuzzyText.skeleton(segment.words[last].text)
                    let words = first..<last + 1
                    for label in FieldLabel.allCases {
                        guard let score = score(skeleton, as: label, words: words, in: segment) else { continue }
                        let rect = segment.words[words].map(\.rect).reduce(segment.words[first].rect) { $0.union($1) }
                        candidates.append(
                            Candidate(
                                found: FoundLabel(label: label, rect: rect, segment: index, words: words), score: score))
                    }
                }
            }
        }
        return candidates
    }

    private func score(
        _ skeleton: [UInt8], as label: FieldLabel, words: Range<Int>, in segment: ReadSegment
    ) -> Double? {
        let best = label.skeletons.compactMap { printed in
            FuzzyText.mismatch(skeleton, printed).map { Double(printed.count) - 4 * Double($0) }
        }.max()
        guard var score = best else { return nil }
        let rect = segment.words[words].map(\.rect).reduce(segment.words[words.lowerBound].rect) { $0.union($1) }
        if line(below: rect) { return nil }
        if words.lowerBound == 0 { score += 3 }
        if label == .nidPrecedent { return score }
        if lineToWriteOn(of: rect) != nil {
            score += 8
        } else if !underlines.isEmpty, words.lowerBound > 0 || label == .nid {
            return nil
        }
        return score
    }

    /// Whether a value's line runs below these words: then they are a value.
    private func line(below rect: PixelRect) -> Bool {
        underlines.contains { line in
            let distance = line.across(at: rect.midX) - Double(rect.y1)
            return line.covers(rect.midX) && distance > -0.5 * letterHeight && distance < 1.2 * letterHeight
        }
    }

    /// The line that begins right of a label, at its foot.
    func lineToWriteOn(of rect: PixelRect) -> RuledLine? {
        underlines.filter { line in
            let gap = Double(line.start - rect.x1)
            let drop = line.across(at: Double(line.start)) - Double(rect.y1)
            return gap > -letterHeight && gap < 5 * letterHeight && abs(drop) < 1.6 * letterHeight
        }.min { $0.start < $1.start }
    }
}
