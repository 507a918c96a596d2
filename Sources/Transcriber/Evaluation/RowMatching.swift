/// Matches the rows of two tables in their order.
enum RowMatching {
    /// The month and day of a visit, by which rows are matched.
    static func key(_ row: JSONValue) -> [String] {
        ["Mois", "Jour"].map { ScoredText.normalised(row[$0] ?? .null) ?? "" }
    }

    /// Beyond this many pairs of rows, which no sheet has, only rows with the same number are matched.
    private static let mostPairs = 300_000

    /// For each row of the first table its partner in the second: a longest common subsequence by key.
    static func partners<Key: Equatable>(of first: [Key], in second: [Key]) -> [Int?] {
        let (pairs, isMore) = first.count.multipliedReportingOverflow(by: second.count)
        guard !isMore, pairs <= mostPairs else {
            return first.indices.map { second.indices.contains($0) && first[$0] == second[$0] ? $0 : nil }
        }
        var lengths = [[Int]](repeating: [Int](repeating: 0, count: second.count + 1), count: first.count + 1)
        for i in first.indices.reversed() {
            for j in second.indices.reversed() {
                lengths[i][j] =
                    first[i] == second[j] ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
            }
        }
        var partners = [Int?](repeating: nil, count: first.count)
        var (i, j) = (0, 0)
        while i < first.count, j < second.count {
            if first[i] == second[j], lengths[i][j] == lengths[i + 1][j + 1] + 1 {
                partners[i] = j
                i += 1
                j += 1
            } else if lengths[i + 1][j] >= lengths[i][j + 1] {
                i += 1
            } else {
                j += 1
            }
        }
        return partners
    }
}
