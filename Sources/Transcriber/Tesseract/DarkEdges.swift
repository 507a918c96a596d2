extension GrayImage {
    /// The picture with the scanner's black around the paper painted in the paper's colour.
    ///
    /// Only what is dark over a whole block and connected with the picture's edge goes, so that a printed frame stays.
    func withoutDarkEdges() -> GrayImage {
        let side = max(4, width / 150)
        let (columns, rows) = (width / side, height / side)
        guard columns > 2, rows > 2 else { return self }
        var means = [Int](repeating: 0, count: columns * rows)
        for row in 0..<rows {
            for column in 0..<columns {
                var sum = 0
                for y in row * side..<(row + 1) * side {
                    for x in column * side..<(column + 1) * side { sum += Int(pixels[y * width + x]) }
                }
                means[row * columns + column] = sum / (side * side)
            }
        }
        let paper = means.sorted()[means.count / 2]
        var isEdge = [Bool](repeating: false, count: means.count)
        var open = means.indices.filter {
            $0 < columns || $0 >= (rows - 1) * columns || $0 % columns == 0 || $0 % columns == columns - 1
        }
        while let block = open.popLast() {
            guard !isEdge[block], means[block] * 100 < paper * 45 else { continue }
            isEdge[block] = true
            if block >= columns { open.append(block - columns) }
            if block < (rows - 1) * columns { open.append(block + columns) }
            if block % columns > 0 { open.append(block - 1) }
            if block % columns < columns - 1 { open.append(block + 1) }
        }
        guard isEdge.contains(true) else { return self }
        var image = self
        // The blocks beside are dark in part.
        for row in -1...rows {
            for column in -1...columns {
                let isNear = (max(0, row - 1)...min(rows - 1, row + 1)).contains { y in
                    (max(0, column - 1)...min(columns - 1, column + 1)).contains { isEdge[y * columns + $0] }
                }
                guard isNear else { continue }
                for y in max(0, row * side)..<min(height, (row + 1) * side) {
                    for x in max(0, column * side)..<min(width, (column + 1) * side)
                    where Int(pixels[y * width + x]) * 10 < paper * 9 { image.pixels[y * width + x] = UInt8(paper) }
                }
            }
        }
        return image
    }
}
