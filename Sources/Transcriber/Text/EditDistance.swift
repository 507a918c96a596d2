extension Array where Element == UInt8 {
    /// The number of letters to change, add or take away to make the other text of this one, `nil` where that is more
    /// than `limit`. Takes the shorter length times the limit.
    func editDistance(to other: [UInt8], atMost limit: Int) -> Int? {
        guard abs(count - other.count) <= limit else { return nil }
        guard !other.isEmpty else { return count }
        let beyond = limit + 1
        var row = (0...other.count).map { Swift.min($0, beyond) }
        for (index, letter) in enumerated() {
            let first = Swift.max(0, index - limit)
            let last = Swift.min(other.count - 1, index + limit)
            guard first <= last else { return nil }
            var diagonal = row[first]
            row[first] = first == 0 ? Swift.min(index + 1, beyond) : beyond
            var best = row[first]
            for column in first...last {
                let changed = diagonal + (letter == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                let above = column == index + limit ? beyond : diagonal + 1
                row[column + 1] = Swift.min(changed, above, row[column] + 1, beyond)
                best = Swift.min(best, row[column + 1])
            }
            if best > limit { return nil }
        }
        return row[other.count] <= limit ? row[other.count] : nil
    }
}
