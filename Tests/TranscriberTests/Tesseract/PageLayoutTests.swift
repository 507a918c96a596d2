import Testing

@testable import Transcriber

@Suite("Taking a page apart")
struct PageLayoutTests {
    /// A white page of 1240 × 400 with the given rectangles in black.
    private func page(_ black: [PixelRect]) -> GrayImage {
        var image = GrayImage(width: 1240, height: 400, pixels: [UInt8](repeating: 240, count: 1240 * 400))
        for rect in black {
            for y in rect.y0..<rect.y1 {
                for x in rect.x0..<rect.x1 { image.pixels[y * 1240 + x] = 30 }
            }
        }
        return image
    }

    private func line(_ x0: Int, _ y0: Int, _ x1: Int, _ y1: Int) -> PixelRect {
        PixelRect(x0: x0, y0: y0, x1: x1, y1: y1)
    }

    @Test("finds ruled lines, takes them away and leaves the text")
    func findsLines() {
        let letters = (0..<6).map { line(210 + $0 * 14, 180, 218 + $0 * 14, 191) }
        let layout = PageLayout(page([line(100, 200, 900, 202), line(100, 100, 102, 300)] + letters))
        #expect(layout.levelLines.count == 1)
        #expect(layout.uprightLines.count == 1)
        #expect(layout.segments == [line(210, 180, 288, 191)])
        #expect(layout.mask.density(in: line(300, 195, 900, 205)) == 0)
    }

    @Test("follows a line that leans by one degree, and levels it")
    func levelsLines() {
        let steps = (0..<16).map { line(100 + $0 * 57, 200 + $0, 157 + $0 * 57, 202 + $0) }
        let layout = PageLayout(page(steps))
        #expect(layout.levelLines.count == 1)
        #expect(abs(layout.levelLines.first?.slope ?? 1) < 0.001)
    }

    @Test("tells boxes from letters, ticked or not")
    func findsBoxes() {
        func box(_ x: Int) -> [PixelRect] {
            [
                line(x, 100, x + 20, 102), line(x, 118, x + 20, 120), line(x, 100, x + 2, 120),
                line(x + 18, 100, x + 20, 120),
            ]
        }
        let tick = (0..<24).map { line(200 + $0, 96 + $0, 203 + $0, 99 + $0) }
        let letters = (0..<12).map { line(400 + $0 * 14, 105, 408 + $0 * 14, 116) }
        let layout = PageLayout(page(box(100) + box(200) + tick + letters))
        #expect(layout.boxes.map(\.x0).sorted() == [100, 200])
        #expect(layout.segments.count == 1)
    }

    @Test("reads only pictures that are whole")
    func readsPGM() {
        #expect(GrayImage(pgm: Array("P5\n# made by hand\n2 1\n255\n".utf8) + [1, 2])?.pixels == [1, 2])
        #expect(GrayImage(pgm: Array("P5\n2 2\n255\n".utf8) + [1, 2]) == nil)
        #expect(GrayImage(pgm: Array("P6\n2 1\n255\n".utf8) + [1, 2]) == nil)
        #expect(GrayImage(pgm: []) == nil)
    }
}
