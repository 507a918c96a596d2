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
        let scan = scan.withoutDarkEdges()
        let radius = max(10, scan.width / 40)
        let level = RuledLineFinder(
            direction: .level, minimumLength: scan.width / 28, minimumRun: max(12, scan.width / 60))
        let upright = RuledLineFinder(
            direction: .upright, minimumLength: scan.width / 32, minimumRun: max(12, scan.width / 60))

        var image = scan.straightened(along: level.lines(in: InkMask(scan, radius: radius)))
        var mask = InkMask(image, radius: radius)
        var levelLines = level.lines(in: mask)
        uprightLines = upright.lines(in: mask)
        level.erase(levelLines, from: &mask, and: &image)
        upright.erase(uprightLines, from: &mask, and: &image)
        for index in image.pixels.indices {
            let paper = Int(mask.paper[index])
            image.pixels[index] = UInt8(min(255, Int(image.pixels[index]) * 255 / max(1, paper * 94 / 100)))
        }

        var components = mask.components()
        let heights = components.map(\.rect.height).filter { $0 > scan.width / 250 && $0 < scan.width / 30 }.sorted()
        let letterHeight = heights.isEmpty ? Double(scan.width) / 120 : Double(heights[heights.count / 2])
        let dotted = DottedLineFinder(letterHeight: letterHeight).lines(in: components)
        levelLines += dotted.lines
        for rect in dotted.dots.map({ components[$0].rect }) {
            for y in max(0, rect.y0 - 1)..<min(mask.height, rect.y1 + 1) {
                for x in max(0, rect.x0 - 1)..<min(mask.width, rect.x1 + 1) {
                    mask.ink[y * mask.width + x] = false
                    image.pixels[y * mask.width + x] = 255
                }
            }
        }
        components = components.indices.filter { !dotted.dots.contains($0) }.map { components[$0] }
        let boxFinder = BoxFinder(mask: mask, letterHeight: letterHeight)
        self.image = image
        self.levelLines = levelLines
        self.mask = mask
        self.letterHeight = letterHeight
        let boxes = boxFinder.boxes(in: components.map(\.rect)).filter { box in
            // An O or D has the word's next letter close at its right.
            !components.contains { component in
                let gap = component.rect.x0 - box.x1
                return gap >= 0 && Double(gap) < 0.25 * letterHeight && component.rect.verticalOverlap(box) > 0
                    && Double(component.rect.height) > 0.6 * letterHeight
            }
        }
        self.boxes = boxes
        segments = SegmentFinder(
            letterHeight: letterHeight, levelLines: levelLines, uprightLines: uprightLines
        ).segments(
            of: components.filter { component in
                // A box is no text, nor is the tick in it.
                !boxes.contains { $0.contains(x: component.rect.midX, y: component.rect.midY) }
            })
    }
}
