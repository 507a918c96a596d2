/// Puts patches of ink together to pieces of text.
struct SegmentFinder {
    let letterHeight: Double
    let levelLines: [RuledLine]
    let uprightLines: [RuledLine]

    /// The pieces, top to bottom, then left to right.
    func segments(of components: [InkComponent]) -> [PixelRect] {
        let letters = components.filter(isLetterLike).map(\.rect).sorted { $0.x0 < $1.x0 }
        var groups = DisjointSets(count: letters.count)
        for (index, letter) in letters.enumerated() {
            for other in index + 1..<max(index + 1, letters.count) {
                let gap = Double(letters[other].x0 - letter.x1)
                if Double(letters[other].x0 - letter.x0) > letterHeight * 16 { break }
                guard gap < letterHeight * 1.9,
                    inOneLine(letter, letters[other]) || isAccent(letter, letters[other]),
                    !parted(letter, letters[other])
                else { continue }
                groups.join(index, other)
            }
        }
        return groups.members.compactMap { members in
            let rects = members.map { letters[$0] }
            guard rects.contains(where: { Double($0.height) > letterHeight * 0.55 }) else { return nil }
            return rects.dropFirst().reduce(rects[0]) { $0.union($1) }
        }.sorted { ($0.y0, $0.x0) < ($1.y0, $1.x0) }
    }

    private func isLetterLike(_ component: InkComponent) -> Bool {
        let rect = component.rect
        return Double(rect.height) < letterHeight * 5 && Double(rect.width) < letterHeight * 15
            && Double(component.area) > letterHeight * letterHeight * 0.035
    }

    /// Accents and commas count as if they were as high as a letter.
    private func inOneLine(_ first: PixelRect, _ second: PixelRect) -> Bool {
        let (one, other) = (grown(first), grown(second))
        return Double(one.verticalOverlap(other)) > 0.35 * Double(min(one.height, other.height))
    }

    /// True when one is an accent, or the dot of an i, close above the other.
    private func isAccent(_ first: PixelRect, _ second: PixelRect) -> Bool {
        let accent = first.y1 < second.y1 ? first : second
        let letter = first.y1 < second.y1 ? second : first
        return first.horizontalGap(second) < 0 && Double(accent.height) < 0.7 * letterHeight
            && Double(letter.height) > 0.7 * letterHeight && Double(letter.y0 - accent.y1) < 0.7 * letterHeight
    }

    private func grown(_ rect: PixelRect) -> PixelRect {
        let missing = Int((letterHeight * 1.1 - Double(rect.height)) / 2)
        guard missing > 0 else { return rect }
        return PixelRect(x0: rect.x0, y0: rect.y0 - missing, x1: rect.x1, y1: rect.y1 + missing)
    }

    /// True when a cell's border, or an end of the line that a value is written on, lies between.
    private func parted(_ first: PixelRect, _ second: PixelRect) -> Bool {
        guard second.x0 > first.x1 else { return false }
        let middle = (first.midY + second.midY) / 2
        let isBetween = { (x: Double) in x > Double(first.x1) - 2 && x < Double(second.x0) + 2 }
        if uprightLines.contains(where: { $0.covers(middle) && isBetween($0.across(at: middle)) }) { return true }
        return levelLines.contains { line in
            [line.start, line.end].map(Double.init).contains { end in
                let below = line.across(at: end) - middle
                return isBetween(end) && below > 0 && below < letterHeight * 2.6
            }
        }
    }
}
