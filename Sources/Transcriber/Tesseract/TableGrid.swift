/// Finds the cells that ruled lines enclose.
struct TableGrid {
    let layout: PageLayout
    let segments: [ReadSegment]

    /// The upright borders nearest to a point, left and right of it.
    func borders(x: Double, y: Double) -> (left: RuledLine, right: RuledLine)? {
        let lines = layout.uprightLines.filter { $0.covers(y, slack: layout.letterHeight / 2) }
        guard let left = lines.filter({ $0.across(at: y) <= x }).max(by: { $0.across(at: y) < $1.across(at: y) }),
            let right = lines.filter({ $0.across(at: y) > x }).min(by: { $0.across(at: y) < $1.across(at: y) })
        else { return nil }
        return (left, right)
    }

    /// The level lines below a point, nearest first, as long as the borders at both sides go on.
    func rowLines(x: Double, below y: Double) -> [RuledLine] {
        let lines = layout.levelLines.filter { $0.covers(x, slack: 2) && $0.across(at: x) > y }
            .sorted { $0.across(at: x) < $1.across(at: x) }
        var rows: [RuledLine] = []
        for line in lines {
            guard let last = rows.last else {
                rows.append(line)
                continue
            }
            let middle = (last.across(at: x) + line.across(at: x)) / 2
            guard let (left, right) = borders(x: x, y: middle), left.covers(middle), right.covers(middle) else { break }
            // Two edges of one thick line are one line.
            if line.across(at: x) - last.across(at: x) < layout.letterHeight / 2 {
                rows[rows.count - 1] = line
            } else {
                rows.append(line)
            }
        }
        return rows
    }

    /// The reading of the cell around a point, `nil` for an empty cell; of ink in which nothing was read, a reading
    /// without text or confidence.
    func reading(x: Double, between top: RuledLine, and bottom: RuledLine) -> FieldReading? {
        let y = (top.across(at: x) + bottom.across(at: x)) / 2
        guard let (left, right) = borders(x: x, y: y) else { return nil }
        let inside = segments.filter { segment in
            let (midX, midY) = (segment.rect.midX, segment.rect.midY)
            return midX > left.across(at: midY) && midX < right.across(at: midY) && midY > top.across(at: midX)
                && midY < bottom.across(at: midX)
        }
        let rows = inside.sorted { ($0.rect.y0, $0.rect.x0) < ($1.rect.y0, $1.rect.x0) }
        let isOneRow = inside.allSatisfy { first in inside.allSatisfy { $0.rect.verticalOverlap(first.rect) > 0 } }
        let ordered = isOneRow ? inside.sorted { $0.rect.x0 < $1.rect.x0 } : rows
        if inside.isEmpty { return nil }
        return FormReader.reading(ordered.flatMap(\.words)) ?? FieldReading(text: "", confidence: 0, lowest: 0)
    }
}
