/// The agreement of one reading of a sheet with what is on the paper, field by field.
///
/// Rows of the table of visits are matched in their order by month and day (longest common subsequence): a row of the
/// truth that was not read counts as missed, a read row that is not in the truth as invented.
public struct FicheScore: Sendable, Hashable {
    /// The fields of the truth in their order, and after them those that were read beyond it.
    public private(set) var fields: [Field]

    /// Fields of the truth, blank ones included.
    public var all: Int { fields.count { $0.expected != nil } }
    /// Fields of the truth with something on the paper.
    public var nonNull: Int { fields.count { !($0.expected?.isNull ?? true) } }
    /// Fields with something on the paper that were read as it stands, apart from spelling details.
    public var right: Int { count(.exact) + count(.normalised) }
    /// Fields with something on the paper that were read otherwise.
    public var wrong: Int { count(.wrong) }
    /// Fields with something on the paper that were left blank.
    public var missed: Int { count(.missed) }
    /// Values read where the paper is blank.
    public var invented: Int { count(.invented) }

    /// The share of written fields that were read right, 0 to 1; 1 when nothing is written.
    public var accuracy: Double { nonNull == 0 ? 1 : Double(right) / Double(nonNull) }
    /// Invented values for each field of the truth, blank ones included.
    public var inventedShare: Double { all == 0 ? Double(invented) : Double(invented) / Double(all) }

    private func count(_ outcome: Outcome) -> Int { fields.count { $0.outcome == outcome } }

    /// One field's comparison.
    public struct Field: Sendable, Hashable {
        /// Such as `nid.haut_nid` or `tableau_donnees[2].Jour`; a row that is not in the truth is `[+n]`, counted in
        /// the reading.
        public var path: String
        public var kind: Kind
        /// The value on the paper; `nil` where the truth has no such row or field.
        public var expected: JSONValue?
        public var read: JSONValue
        public var outcome: Outcome
    }

    /// The kind of value in a field, judged by the truth or, where that is blank, by the reading.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case text, number, flag, blank
    }

    /// The result of comparing one field.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// The very same value.
        case exact
        /// The same but for case, spaces, œ, the form of apostrophes, punctuation at the end, or `2,5` for `2.5`.
        case normalised
        case wrong
        case missed
        case invented
        case bothBlank
    }

    /// Compares a reading with the truth. `nids_sync` is no part of the sheet and is left out.
    public static func compare(read: JSONValue, truth: JSONValue) -> FicheScore {
        var score = FicheScore(fields: [])
        score.compare(read: read, truth: truth, path: "")
        return score
    }

    private mutating func compare(read: JSONValue, truth: JSONValue?, path: String) {
        if truth?.object != nil || (truth == nil && read.object != nil) {
            let own = truth?.object?.names ?? []
            let known = Set(own)
            for name in own + (read.object?.names ?? []).filter({ !known.contains($0) }) {
                if path.isEmpty, name == "nids_sync" { continue }
                compare(
                    read: read[name] ?? .null, truth: truth?[name], path: path.isEmpty ? name : "\(path).\(name)")
            }
        } else if let rows = truth?.array {
            compareRows(read: read.array ?? [], truth: rows, path: path)
        } else if let rows = read.array, truth == nil {
            compareRows(read: rows, truth: [], path: path)
        } else if truth != nil || !read.isNull {
            fields.append(Self.field(read: read, expected: truth, path: path))
        }
    }

    private mutating func compareRows(read: [JSONValue], truth: [JSONValue], path: String) {
        let partners = RowMatching.partners(of: truth.map(RowMatching.key), in: read.map(RowMatching.key))
        for (index, row) in truth.enumerated() {
            compare(read: partners[index].map { read[$0] } ?? .null, truth: row, path: "\(path)[\(index)]")
        }
        let matched = Set(partners.compactMap(\.self))
        for (index, row) in read.enumerated() where !matched.contains(index) {
            compare(read: row, truth: nil, path: "\(path)[+\(index)]")
        }
    }

    private static func field(read: JSONValue, expected: JSONValue?, path: String) -> Field {
        let written = expected?.isNull == true ? nil : expected
        let outcome: Outcome =
            switch (written, read.isNull) {
            case (nil, true): .bothBlank
            case (nil, false): .invented
            case (_?, true): .missed
            case (let value?, false) where value == read: .exact
            case (let value?, false):
                ScoredText.normalised(value) == ScoredText.normalised(read) ? .normalised : .wrong
            }
        let kind: Kind =
            switch written ?? read {
            case .bool: .flag
            case .integer, .number: .number
            case .null: .blank
            case .string, .array, .object: .text
            }
        return Field(path: path, kind: kind, expected: expected, read: read, outcome: outcome)
    }
}
