/// One row of the table of visits as it was read, before it is judged.
struct VisitReading: Sendable, Hashable {
    var cells: [VisitColumn: FieldReading] = [:]
}

/// The columns of the table of visits.
enum VisitColumn: String, CaseIterable, Sendable {
    case jour, mois, heure, oeuf, pou, age, observations

    fileprivate func isHead(_ word: ReadWord) -> Bool {
        let text = FuzzyText.skeleton(word.text)
        let own = Array(rawValue.utf8)
        if FuzzyText.mismatch(text, own) != nil || text == own + [UInt8(ascii: "s")] { return true }
        switch self {
        case .age: return FuzzyText.distance(text, own) <= 1 && text.count == 3
        case .pou: return text.starts(with: own)
        default: return false
        }
    }
}

/// Finds the tables of visits by their heads, and reads their rows.
struct VisitTableReader {
    let grid: TableGrid

    /// The rows with anything in them, top to bottom.
    func rows() -> [VisitReading] {
        let words = grid.segments.flatMap(\.words)
        return words.filter(VisitColumn.heure.isHead).sorted { $0.rect.y0 < $1.rect.y0 }
            .flatMap { rows(below: $0, words: words) }
    }

    private func rows(below anchor: ReadWord, words: [ReadWord]) -> [VisitReading] {
        let height = grid.layout.letterHeight
        let band = words.filter { abs($0.rect.midY - anchor.rect.midY) < 3 * height }
        var heads: [VisitColumn: PixelRect] = [:]
        for column in VisitColumn.allCases {
            let candidates = band.filter(column.isHead)
            heads[column] =
                candidates.min {
                    abs($0.rect.midX - anchor.rect.midX) < abs($1.rect.midX - anchor.rect.midX)
                }?.rect
        }
        guard heads[.jour] != nil || heads[.mois] != nil, heads.count >= 4 else { return [] }
        for (column, head) in missingHeads(beside: heads) { heads[column] = head }
        let foot = Double(heads.values.map(\.y1).max() ?? anchor.rect.y1)
        let lines = rowLines(x: anchor.rect.midX, below: foot - 2)
        return zip(lines, lines.dropFirst()).compactMap { top, bottom in
            var row = VisitReading()
            for (column, head) in heads { row.cells[column] = grid.reading(x: head.midX, between: top, and: bottom) }
            return row.cells.isEmpty ? nil : row
        }
    }

    /// Where a head that was not read stands: in the one column between those of its neighbours.
    private func missingHeads(beside heads: [VisitColumn: PixelRect]) -> [VisitColumn: PixelRect] {
        let columns = VisitColumn.allCases
        var missing: [VisitColumn: PixelRect] = [:]
        for index in columns.indices.dropFirst().dropLast() where heads[columns[index]] == nil {
            guard let before = heads[columns[index - 1]], let after = heads[columns[index + 1]],
                let start = grid.borders(x: before.midX, y: before.midY)?.right,
                let end = grid.borders(x: after.midX, y: after.midY)?.left
            else { continue }
            let middle = (start.across(at: before.midY) + end.across(at: after.midY)) / 2
            guard let own = grid.borders(x: middle, y: before.midY), own.left == start, own.right == end else {
                continue
            }
            missing[columns[index]] = PixelRect(
                x0: Int(middle) - 1, y0: before.y0, x1: Int(middle) + 1, y1: before.y1)
        }
        return missing
    }

    /// The rows' borders. Where the borders of the next table go on in line with this one's, the narrow gap between
    /// both shows where this one ends.
    private func rowLines(x: Double, below y: Double) -> [RuledLine] {
        let lines = grid.rowLines(x: x, below: y)
        let heights = zip(lines, lines.dropFirst()).map { $1.across(at: x) - $0.across(at: x) }
        guard let first = heights.first, let end = heights.firstIndex(where: { $0 < first * 0.6 }) else { return lines }
        return Array(lines[...end])
    }
}
