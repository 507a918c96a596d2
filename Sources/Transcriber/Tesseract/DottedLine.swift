/// Finds lines that are printed as a row of dots or dashes.
struct DottedLineFinder {
    let letterHeight: Double

    /// The lines, and which patches of ink they consist of.
    func lines(in components: [InkComponent]) -> (lines: [RuledLine], dots: Set<Int>) {
        let dots = components.indices.filter {
            let rect = components[$0].rect
            return Double(rect.height) < 0.45 * letterHeight && Double(rect.width) < 3 * letterHeight
        }.sorted { components[$0].rect.x0 < components[$1].rect.x0 }
        var groups = DisjointSets(count: dots.count)
        for (index, dot) in dots.enumerated() {
            let rect = components[dot].rect
            for next in index + 1..<max(index + 1, dots.count) {
                let other = components[dots[next]].rect
                if Double(other.x0 - rect.x1) > 1.5 * letterHeight { break }
                if abs(other.midY - rect.midY) <= 1.5, other.x0 >= rect.x1 - 1 { groups.join(index, next) }
            }
        }
        var lines: [RuledLine] = []
        var used: Set<Int> = []
        for members in groups.members where members.count >= 10 {
            let rects = members.map { components[dots[$0]].rect }
            let (start, end) = (rects.map(\.x0).min() ?? 0, rects.map(\.x1).max() ?? 0)
            guard Double(end - start) > 5 * letterHeight else { continue }
            let middle = rects.reduce(0) { $0 + $1.midX } / Double(rects.count)
            let height = rects.reduce(0) { $0 + $1.midY } / Double(rects.count)
            let spread = rects.reduce(0) { $0 + ($1.midX - middle) * ($1.midX - middle) }
            let slope = rects.reduce(0) { $0 + ($1.midX - middle) * ($1.midY - height) } / max(1, spread)
            let heights = rects.map(\.height).sorted()
            lines.append(
                RuledLine(
                    start: start, end: end, offset: height - slope * middle, slope: slope,
                    thickness: Double(heights[heights.count / 2])))
            used.formUnion(members.map { dots[$0] })
        }
        return (lines, used)
    }
}
