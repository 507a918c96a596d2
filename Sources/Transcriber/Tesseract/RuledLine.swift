/// A straight printed line, nearly level or nearly upright.
///
/// `along` is the coordinate it runs in (x of a level line, y of an upright one), `across` the other one.
struct RuledLine: Sendable, Hashable {
    var start: Int
    var end: Int
    /// Where it would cross `along == 0`.
    var offset: Double
    /// Change across per pixel along.
    var slope: Double
    /// Pixels across.
    var thickness: Double

    var length: Int { end - start }

    /// Where the line is at a coordinate along it.
    func across(at along: Double) -> Double { offset + slope * along }

    /// True when the line passes this coordinate, or would if it were longer by `slack` at both ends.
    func covers(_ along: Double, slack: Double = 0) -> Bool {
        along >= Double(start) - slack && along <= Double(end) + slack
    }
}

/// Finds ruled lines in a mask and takes them out of it.
struct RuledLineFinder {
    enum Direction {
        case level
        case upright
    }

    let direction: Direction
    /// Shorter lines are left alone: they may be strokes of letters.
    let minimumLength: Int
    /// Shorter runs of ink in one row of pixels are not looked at. A line that leans shows as a staircase of runs.
    let minimumRun: Int

    /// Pieces further apart are two lines. Tables stand close above each other, with their borders in one line.
    private var seamLimit: Int { direction == .level ? minimumRun : minimumRun / 2 }

    private struct Run {
        var across: Int
        var start: Int
        var end: Int
    }

    /// Finds the lines, longest staircase of runs first joined, then pieces in one line.
    func lines(in mask: InkMask) -> [RuledLine] {
        let runs = self.runs(in: mask)
        var groups = DisjointSets(count: runs.count)
        var rowStart = 0
        var previousRow = 0..<0
        while rowStart < runs.count {
            var rowEnd = rowStart
            while rowEnd < runs.count, runs[rowEnd].across == runs[rowStart].across { rowEnd += 1 }
            if let above = previousRow.first, runs[above].across == runs[rowStart].across - 1 {
                var candidate = above
                for index in rowStart..<rowEnd {
                    while candidate < previousRow.upperBound, runs[candidate].end + 2 < runs[index].start {
                        candidate += 1
                    }
                    var touching = candidate
                    while touching < previousRow.upperBound, runs[touching].start <= runs[index].end + 2 {
                        groups.join(index, touching)
                        touching += 1
                    }
                }
            }
            previousRow = rowStart..<rowEnd
            rowStart = rowEnd
        }
        let pieces = groups.members.map { fit($0.map { runs[$0] }) }.filter { $0.thickness < Double(minimumRun) }
        return joined(pieces).filter { $0.length >= minimumLength && !isText($0, in: mask) }
    }

    /// True when a short line is the feet or heads of letters with serifs that touch each other: strokes stand on it
    /// all along.
    private func isText(_ line: RuledLine, in mask: InkMask) -> Bool {
        guard line.length < minimumLength * 3 else { return false }
        let (alongCount, acrossCount) = extents(of: mask)
        let (alongStep, acrossStep) = steps(in: mask)
        let reach = Int(line.thickness / 2) + 3
        let places = max(0, line.start)..<min(alongCount, line.end)
        let strokes = places.count { along in
            let middle = Int(line.across(at: Double(along)).rounded())
            return [middle - reach, middle + reach].contains {
                $0 >= 0 && $0 < acrossCount && mask.ink[along * alongStep + $0 * acrossStep]
            }
        }
        return strokes * 4 > places.count
    }

    private func runs(in mask: InkMask) -> [Run] {
        let (alongCount, acrossCount) = extents(of: mask)
        let (alongStep, acrossStep) = steps(in: mask)
        var runs: [Run] = []
        for across in 0..<acrossCount {
            var start = -1
            for along in 0...alongCount {
                let isInk = along < alongCount && mask.ink[along * alongStep + across * acrossStep]
                if isInk, start < 0 { start = along }
                if !isInk, start >= 0 {
                    if along - start >= minimumRun { runs.append(Run(across: across, start: start, end: along)) }
                    start = -1
                }
            }
        }
        return runs
    }

    /// Least squares through the runs' middles, each weighted by its length.
    private func fit(_ runs: [Run]) -> RuledLine {
        var (weight, sumT, sumU, sumTT, sumTU) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for run in runs {
            let length = Double(run.end - run.start)
            let (middle, across) = (Double(run.start + run.end - 1) / 2, Double(run.across))
            weight += length
            sumT += length * middle
            sumU += length * across
            sumTT += length * (middle * middle + length * length / 12)
            sumTU += length * middle * across
        }
        let slope = (weight * sumTU - sumT * sumU) / max(1, weight * sumTT - sumT * sumT)
        let start = runs.map(\.start).min() ?? 0
        let end = runs.map(\.end).max() ?? 0
        return RuledLine(
            start: start, end: end, offset: (sumU - slope * sumT) / max(1, weight), slope: slope,
            thickness: weight / Double(max(1, end - start)))
    }

    /// Joins pieces of one line that a speck or a crossing has parted.
    private func joined(_ pieces: [RuledLine]) -> [RuledLine] {
        var lines: [RuledLine] = []
        for piece in pieces.sorted(by: { $0.start < $1.start }) {
            let match = lines.firstIndex { line in
                let (gap, seam) = (piece.start - line.end, Double(piece.start + line.end) / 2)
                return gap <= seamLimit && piece.end > line.end
                    && abs(line.across(at: seam) - piece.across(at: seam)) < 2
            }
            guard let match else {
                lines.append(piece)
                continue
            }
            let line = lines[match]
            let (first, last) = (Double(line.start), Double(piece.end))
            let slope = (piece.across(at: last) - line.across(at: first)) / max(1, last - first)
            lines[match] = RuledLine(
                start: line.start, end: piece.end, offset: line.across(at: first) - slope * first, slope: slope,
                thickness: max(line.thickness, piece.thickness))
        }
        return lines
    }

    /// Takes the lines out of the mask and paints them white in the picture, but leaves the strokes of letters that
    /// cross them, and the feet of letters (g, y, j) that lie on them.
    func erase(_ lines: [RuledLine], from mask: inout InkMask, and image: inout GrayImage) {
        for line in lines { erase(line, from: &mask, and: &image) }
    }

    private func erase(_ line: RuledLine, from mask: inout InkMask, and image: inout GrayImage) {
        let (alongCount, acrossCount) = extents(of: mask)
        let (alongStep, acrossStep) = steps(in: mask)
        let reach = Int(line.thickness / 2 + 2)
        let first = max(0, line.start - 2)
        /// The ink found on the line at each place along it.
        let strokes = (first..<max(first, min(alongCount, line.end + 2))).map { along -> Range<Int>? in
            let middle = Int(line.across(at: Double(along)).rounded())
            guard middle >= 0, middle < acrossCount else { return nil }
            func isInk(_ across: Int) -> Bool { mask.ink[along * alongStep + across * acrossStep] }
            let near = max(0, middle - reach)...min(acrossCount - 1, middle + reach)
            guard let seed = near.first(where: isInk) else { return nil }
            var (top, bottom) = (seed, seed)
            while top > 0, seed - top <= minimumRun, isInk(top - 1) { top -= 1 }
            while bottom < acrossCount - 1, bottom - seed <= minimumRun, isInk(bottom + 1) { bottom += 1 }
            return top..<bottom + 1
        }
        let widths = strokes.compactMap { $0?.count }.sorted()
        let depths = strokes.enumerated().map { index, stroke in
            stroke.map { $0.map { image.pixels[(first + index) * alongStep + $0 * acrossStep] }.min() ?? 255 }
        }
        let sortedDepths = depths.compactMap(\.self).sorted()
        guard !widths.isEmpty else { return }
        let usualWidth = widths[widths.count / 2]
        let usualDepth = Int(sortedDepths[sortedDepths.count / 2])
        for (index, stroke) in strokes.enumerated() {
            guard let stroke, stroke.count <= usualWidth + 2 else { continue }
            // Darker than the line itself: the foot of a g or j lies on it.
            if stroke.count > usualWidth, Int(depths[index] ?? 255) + 30 < usualDepth { continue }
            for across in max(0, stroke.lowerBound - 1)...min(acrossCount - 1, stroke.upperBound) {
                mask.ink[(first + index) * alongStep + across * acrossStep] = false
                image.pixels[(first + index) * alongStep + across * acrossStep] = 255
            }
        }
    }

    private func extents(of mask: InkMask) -> (along: Int, across: Int) {
        direction == .level ? (mask.width, mask.height) : (mask.height, mask.width)
    }

    private func steps(in mask: InkMask) -> (along: Int, across: Int) {
        direction == .level ? (1, mask.width) : (mask.width, 1)
    }
}
