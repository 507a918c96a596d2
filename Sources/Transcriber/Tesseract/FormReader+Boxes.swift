extension FormReader {
    /// On a form of boxes or blank paper: what stands in the lines below a label, inside its frame, above the next
    /// label and beside the next label's column. Fields of one line have one line.
    func wordsBelow(_ found: FoundLabel) -> [ReadWord] {
        let (label, height) = (found.rect, layout.letterHeight)
        let uprights = layout.uprightLines.filter { $0.covers(label.midY) }
            .map { $0.across(at: label.midY) }
        guard var left = uprights.filter({ $0 < Double(label.x0) + height / 2 }).max(),
            var right = uprights.filter({ $0 > Double(label.x1) - height / 2 }).min(),
            var foot = layout.levelLines.filter({ $0.covers(label.midX, slack: height) })
                .map({ $0.across(at: label.midX) }).filter({ $0 > Double(label.y1) }).min()
        else { return [] }
        for other in labels.map(\.rect) where other != label && other.midX > left && other.midX < right {
            let drop = other.midY - label.midY
            if drop > 1.5 * height {
                foot = min(foot, Double(other.y0))
            } else if drop > -1.5 * height {
                if other.x0 > label.x1 { right = min(right, Double(other.x0)) }
                if other.x1 < label.x0 { left = max(left, Double(label.x0) - 2 * height) }
            }
        }
        let words = segments.flatMap(\.words).filter {
            $0.rect.midX > left && $0.rect.midX < right && $0.rect.midY > Double(label.y1) && $0.rect.midY < foot
        }.sorted { $0.rect.midY < $1.rect.midY }
        var rows: [[ReadWord]] = []
        for word in words {
            if let last = rows.last?.last, word.rect.midY - last.rect.midY < 0.8 * height {
                rows[rows.count - 1].append(word)
            } else {
                rows.append([word])
            }
        }
        rows = rows.map { $0.sorted { $0.rect.x0 < $1.rect.x0 } }
        if !found.label.mayGoOn { rows = Array(rows.prefix(1)) }
        // A label that was not recognised as one begins another field.
        return rows.prefix { row in row.first.map { !isLikeLabel($0.text, besides: found.label) } ?? false }.flatMap(
            \.self)
    }

    private func isLikeLabel(_ text: String, besides own: FieldLabel) -> Bool {
        let read = FuzzyText.skeleton(text)
        return FieldLabel.allCases.filter { $0 != own }.flatMap(\.skeletons).contains { printed in
            printed.count > 4 && FuzzyText.distance(read, printed) * 5 <= printed.count * 2
        }
    }
}
