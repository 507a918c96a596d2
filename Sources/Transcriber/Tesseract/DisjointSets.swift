/// Groups of indices that are joined pair by pair (union-find).
struct DisjointSets {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    mutating func join(_ first: Int, _ second: Int) {
        let (one, other) = (root(of: first), root(of: second))
        if one != other { parents[max(one, other)] = min(one, other) }
    }

    private mutating func root(of index: Int) -> Int {
        var index = index
        while parents[index] != index {
            parents[index] = parents[parents[index]]
            index = parents[index]
        }
        return index
    }

    /// The groups, in the order of their first members.
    var members: [[Int]] {
        var copy = self
        var groups: [[Int]] = []
        var positions: [Int: Int] = [:]
        for index in parents.indices {
            let root = copy.root(of: index)
            if let position = positions[root] {
                groups[position].append(index)
            } else {
                positions[root] = groups.count
                groups.append([index])
            }
        }
        return groups
    }
}
