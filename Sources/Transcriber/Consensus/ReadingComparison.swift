/// Walks through several readings of one sheet at once, field by field.
struct ReadingComparison {
    /// Paths of fields that a check doubts.
    let doubted: Set<String>
    private(set) var agreed: [String] = []
    private(set) var disagreements: [Consensus.Disagreement] = []
    private(set) var blank = 0
    /// The number of readings.
    private var count = 0

    init(doubted: Set<String>) {
        self.doubted = doubted
    }

    mutating func compare(_ readings: [JSONValue]) {
        count = readings.count
        compare(readings, path: "")
    }

    private mutating func compare(_ values: [JSONValue], path: String) {
        if let names = values.lazy.compactMap(\.object).first?.names {
            for name in names {
                compare(values.map { $0[name] ?? .null }, path: path.isEmpty ? name : "\(path).\(name)")
            }
        } else if values.contains(where: { $0.array != nil }) {
            compareRows(values.map { $0.array ?? [] }, path: path)
        } else {
            compareField(values, path: path)
        }
    }

    private mutating func compareField(_ values: [JSONValue], path: String) {
        let spellings = values.map(ScoredText.normalised)
        let distinct = Set(spellings.compactMap(\.self))
        if distinct.isEmpty {
            blank += 1
        } else if distinct.count == 1, !spellings.contains(nil) {
            agreed.append(path)
        } else {
            add(values, spellings, at: path, distinct.count > 1 ? .conflicting : .partial)
        }
    }

    private mutating func add(
        _ values: [JSONValue], _ spellings: [String?], at path: String, _ kind: Consensus.Kind
    ) {
        let votes = Dictionary(grouping: spellings.indices) { spellings[$0] }
        let winner = votes.values.first { $0.count * 2 > count }?.min()
        disagreements.append(
            Consensus.Disagreement(
                path: path, kind: kind, values: values, majority: winner.map { values[$0] },
                isDoubted: doubted.contains(path)))
    }

    private mutating func compareRows(_ tables: [[JSONValue]], path: String) {
        var extra = 0
        for row in MergedRow.merge(tables) {
            let place: String
            if let index = row.indices[0] {
                place = "\(path)[\(index)]"
            } else {
                place = "\(path)[+\(extra)]"
                extra += 1
            }
            let values = zip(tables, row.indices).map { table, index in index.map { table[$0] } }
            let present = values.compactMap(\.self)
            guard present.count == values.count else {
                let whole = values.map { $0 ?? .null }
                add(whole, values.map { $0 == nil ? nil : "" }, at: place, .row)
                continue
            }
            compare(present, path: place)
        }
    }
}

/// A visit, and its row in each table that has it.
struct MergedRow {
    var indices: [Int?]
    private let key: [String]

    /// The rows of all tables in their order, those with one date in the same place matched.
    static func merge(_ tables: [[JSONValue]]) -> [MergedRow] {
        var merged: [MergedRow] = []
        for (number, table) in tables.enumerated() {
            let keys = table.map(RowMatching.key)
            let partners = RowMatching.partners(of: merged.map(\.key), in: keys)
            var result: [MergedRow] = []
            var next = 0
            func insert(until end: Int) {
                while next < end {
                    var indices = [Int?](repeating: nil, count: tables.count)
                    indices[number] = next
                    result.append(MergedRow(indices: indices, key: keys[next]))
                    next += 1
                }
            }
            for (row, partner) in zip(merged, partners) {
                var row = row
                if let partner {
                    insert(until: partner)
                    row.indices[number] = partner
                    next = partner + 1
                }
                result.append(row)
            }
            insert(until: keys.count)
            merged = result
        }
        return merged
    }

    private init(indices: [Int?], key: [String]) {
        self.indices = indices
        self.key = key
    }
}
