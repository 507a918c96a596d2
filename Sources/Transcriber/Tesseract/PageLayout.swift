/// A page taken apart: its ruled lines, its tick boxes and its pieces of text, not yet read.
struct PageLayout: Sendable {
    /// The page, level, on white paper, without its ruled lines.
    let image: GrayImage
    /// Its ink, without the ruled lines.
    let mask: InkMask
    let levelLines: [RuledLine]
    let uprightLines: [RuledLine]
    /// The height of a small letter in pixels: the measure of all distances.
    let letterHeight: Double
    /// Empty or ticked boxes.
    let boxes: [PixelRect]
    /// Pieces of text in one line without a wide gap: a label, a value or the content of a cell.
    let segments: [PixelRect]

    init(_ scan: GrayImage) {
        let radius = max(10, scan.width / 40)
        let level = RuledLineFinder(
            direction: .level, minimumLength: scan.width / 28, minimumRun: max(12, scan.width / 60))
        let upright = RuledLineFinder(
            direction: .upright, minimumLength: scan.width / 32, minimumRun: max(12, scan.width / 60))

        var image = scan.straightened(along: level.lines(in: InkMask(scan, radius: radius)))
        var mask = InkMask(image, radius: radius)
        levelLines = level.lines(in: mask)
        uprightLines = upright.lines(in: mask)
        level.erase(levelLines, from: &mask, and: &image)
        upright.erase(uprightLines, from: &mask, and: &image)
        for index in image.pixels.indices {
            let paper = Int(mask.paper[index])
            image.pixels[index] = UInt8(min(255, Int(image.pixels[index]) * 255 / max(1, paper * 94 / 100)))
        }

        let components = mask.components()
        let heights = components.map(\.rect.height).filter { $0 > scan.width / 250 && $0 < scan.width / 30 }.sorted()
        let letterHeight = heights.isEmpty ? Double(scan.width) / 120 : Double(heights[heights.count / 2])
        let boxes = components.map(\.rect).filter { Self.isBox($0, in: mask, letterHeight: letterHeight) }
        self.image = image
        self.mask = mask
        self.letterHeight = letterHeight
        self.boxes = boxes
        segments = SegmentFinder(
            letterHeight: letterHeight, levelLines: levelLines, uprightLines: uprightLines
        ).segments(of: components.filter { !boxes.contains($0.rect) })
    }

    /// Whether the patch is a square with four straight sides.
    private static func isBox(_ rect: PixelRect, in mask: InkMask, letterHeight: Double) -> Bool {
        let (width, height) = (Double(rect.width), Double(rect.height))
        guard width > letterHeight, width < letterHeight * 4, abs(width - height) < 0.3 * max(width, height) else {
            return false
        }
        let rim = max(1, Int(width / 8))
        let levels = (0..<2).map { side in
            (rect.x0..<rect.x1).count { x in
                (0...rim).contains { mask.ink[(side == 0 ? rect.y0 + $0 : rect.y1 - 1 - $0) * mask.width + x] }
            }
        }
        let uprights = (0..<2).map { side in
            (rect.y0..<rect.y1).count { y in
                (0...rim).contains { mask.ink[y * mask.width + (side == 0 ? rect.x0 + $0 : rect.x1 - 1 - $0)] }
            }
        }
        return levels.allSatisfy { Double($0) > 0.85 * width } && uprights.allSatisfy { Double($0) > 0.85 * height }
    }
}
