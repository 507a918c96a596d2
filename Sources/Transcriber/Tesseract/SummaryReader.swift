/// The columns of the summary table.
enum SummaryColumn: Int, CaseIterable, Sendable {
    case pondJour, pondMois, pondPrecision
    case eclosJour, eclosMois, eclosPrecision
    case volantJour, volantMois, volantPrecision
    case oeufsPondus, oeufsEclos, oeufsNonEclos
    case poussinsDemi, poussinsTroisQuarts, poussinsVolants
}

/// Finds the summary table by the heads of its groups, and reads its one row.
struct SummaryReader {
    let grid: TableGrid

    /// The groups' heads and the heads of the three columns below each.
    private static let groups: [(head: String, columns: [String])] = [
        ("1er oeuf pondu", ["jour", "mois", "précision"]),
        ("1er poussin éclos", ["jour", "mois", "précision"]),
        ("1er poussin volant", ["jour", "mois", "précision"]),
        ("Nombre d'oeufs", ["pondus", "éclos", "non éclos"]),
        ("Nombre de poussins", ["1/2", "3/4", "volants"]),
    ]

    func readings() -> [SummaryColumn: FieldReading] {
        var readings: [SummaryColumn: FieldReading] = [:]
        for (index, group) in Self.groups.enumerated() {
            guard let head = segment(named: group.head) else { continue }
            for (position, reading) in cells(below: head, columns: group.columns) {
                readings[SummaryColumn.allCases[index * 3 + position]] = reading
            }
        }
        return readings
    }

    private func segment(named name: String) -> ReadSegment? {
        let printed = FuzzyText.skeleton(name)
        return grid.segments.compactMap { segment in
            FuzzyText.mismatch(FuzzyText.skeleton(segment.text), printed).map { (segment, $0) }
        }.min { $0.1 < $1.1 }?.0
    }

    /// The three cells below a group's head. Their own heads say which is which; a head that was not read leaves the
    /// printed order.
    private func cells(below head: ReadSegment, columns: [String]) -> [Int: FieldReading] {
        let lines = grid.rowLines(x: head.rect.midX, below: head.rect.midY)
        guard lines.count >= 3, let (left, right) = grid.borders(x: head.rect.midX, y: head.rect.midY) else {
            return [:]
        }
        let (top, bottom) = (lines[1], lines[2])
        let y = (top.across(at: head.rect.midX) + bottom.across(at: head.rect.midX)) / 2
        let slack = grid.layout.letterHeight
        let edges = grid.layout.uprightLines.filter { $0.covers(y) }.map { $0.across(at: y) }.filter {
            $0 > left.across(at: y) - slack && $0 < right.across(at: y) + slack
        }.sorted()
        let middles = zip(edges, edges.dropFirst()).filter { $1 - $0 > 2 * slack }.map { ($0 + $1) / 2 }
        guard middles.count == 3 else { return [:] }
        let names = middles.map { middle in
            grid.reading(x: middle, between: lines[0], and: top).map { FuzzyText.skeleton($0.text) } ?? []
        }
        let order = names.map { name in columns.firstIndex { FuzzyText.skeleton($0) == name } }
        let isPrinted = Set(order.compactMap(\.self)).count == 3
        var readings: [Int: FieldReading] = [:]
        for (index, middle) in middles.enumerated() {
            let position = isPrinted ? order[index] ?? index : index
            readings[position] = grid.reading(x: middle, between: top, and: bottom)
        }
        return readings
    }
}
