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
        var isExact: Bool
        /// True when a line to write on begins at its right.
        var hasLine: Bool
        var isCapitalised: Bool
    }

    /// The labels, each at most once. Of several candidates the one closest in spelling and in typical surroundings
    /// wins: a label begins its piece of text and has the line to write on at its right, not below itself.
    func labels() -> [FoundLabel] {
        let all = candidates()
        let sure = all.filter { $0.isExact && $0.found.words.lowerBound == 0 && $0.found.label != .nidPrecedent }
        let isLined = sure.isEmpty ? !underlines.isEmpty : sure.count(where: \.hasLine) * 3 > sure.count
        let fitting = all.filter { candidate in
            if candidate.hasLine || candidate.found.label == .nidPrecedent { return true }
            if candidate.found.words.lowerBound > 0 { return !isLined && candidate.isCapitalised }
            return candidate.found.label != .nid || !isLined
        }
        var found: [FoundLabel] = []
        // "Nid" may begin a value too, so that it comes last: its place among the others tells it.
        let ordered = fitting.sorted {
            ($0.found.label == .nid ? -1 : $0.score) > ($1.found.label == .nid ? -1 : $1.score)
        }
        for candidate in ordered {
            let new = candidate.found
            let isTaken = found.contains {
                $0.label == new.label || ($0.segment == new.segment && $0.words.overlaps(new.words))
            }
            if isTaken || (new.label == .nid && !candidate.hasLine && !isBelowHeight(new, found)) { continue }
            found.append(new)
        }
        return found
    }

    /// True when the labels of the nest's height stand close above, as above the label "Nid".
    private func isBelowHeight(_ nid: FoundLabel, _ found: [FoundLabel]) -> Bool {
        found.contains {
            let distance = nid.rect.midY - $0.rect.midY
            return [.nidPrecedent, .hautNid, .hCVert].contains($0.label) && distance > 0 && distance < 10 * letterHeight
        }
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
                        let best = label.skeletons.compactMap { printed in
                            FuzzyText.mismatch(skeleton, printed).map { (letters: printed.count, wrong: $0) }
                        }.max { $0.letters - 4 * $0.wrong < $1.letters - 4 * $1.wrong }
                        guard let best else { continue }
                        let rect = segment.words[words].map(\.rect).reduce(segment.words[first].rect) { $0.union($1) }
                        if line(below: rect) { continue }
                        let hasLine = label != .nidPrecedent && lineToWriteOn(of: rect) != nil
                        candidates.append(
                            Candidate(
                                found: FoundLabel(label: label, rect: rect, segment: index, words: words),
                                score: Double(best.letters - 4 * best.wrong + (first == 0 ? 3 : 0) + (hasLine ? 8 : 0)),
                                isExact: best.wrong == 0, hasLine: hasLine,
                                isCapitalised: segment.words[first].text.first?.isUppercase == true))
                    }
                }
            }
        }
        return candidates
    }

    /// True when a value's line runs below these words: then they are a value.
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
