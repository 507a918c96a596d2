/// A connected patch of ink: mostly a letter, an accent or a speck.
struct InkComponent: Sendable, Hashable {
    var rect: PixelRect
    var area: Int
}

extension InkMask {
    /// The connected patches of ink, corners touching included.
    func components() -> [InkComponent] {
        var runs: [(y: Int, x0: Int, x1: Int)] = []
        var rows = [0]
        for y in 0..<height {
            var start = -1
            for x in 0...width {
                let isInk = x < width && ink[y * width + x]
                if isInk, start < 0 { start = x }
                if !isInk, start >= 0 {
                    runs.append((y, start, x))
                    start = -1
                }
            }
            rows.append(runs.count)
        }
        var groups = DisjointSets(count: runs.count)
        for y in 1..<max(1, height) {
            var above = rows[y - 1]
            for index in rows[y]..<rows[y + 1] {
                while above < rows[y], runs[above].x1 < runs[index].x0 { above += 1 }
                var touching = above
                while touching < rows[y], runs[touching].x0 <= runs[index].x1 {
                    groups.join(index, touching)
                    touching += 1
                }
            }
        }
        return groups.members.map { members in
            var component = InkComponent(rect: rect(runs[members[0]]), area: 0)
            for run in members.map({ runs[$0] }) {
                component.rect = component.rect.union(rect(run))
                component.area += run.x1 - run.x0
            }
            return component
        }
    }

    private func rect(_ run: (y: Int, x0: Int, x1: Int)) -> PixelRect {
        PixelRect(x0: run.x0, y0: run.y, x1: run.x1, y1: run.y + 1)
    }
}
