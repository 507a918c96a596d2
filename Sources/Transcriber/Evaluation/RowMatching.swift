/// Matches the rows of two tables in their order.
enum RowMatching {
    /// For each row of the first table its partner in the second: a longest common subsequence by key.
    static func partners<Key: Equatable>(of first: [Key], in second: [Key]) -> [Int?] {
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
