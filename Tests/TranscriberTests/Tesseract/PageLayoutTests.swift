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

    @Test("takes an O before another letter for no box")
    func letterIsNoBox() {
        func box(_ x: Int) -> [PixelRect] {
            [
                line(x, 100, x + 20, 102), line(x, 118, x + 20, 120), line(x, 100, x + 2, 120),
                line(x + 18, 100, x + 20, 120),
            ]
        }
        let letters = (0..<12).map { line(400 + $0 * 14, 105, 408 + $0 * 14, 116) }
        let layout = PageLayout(page(box(100) + box(372) + letters))
        #expect(layout.boxes.map(\.x0).sorted() == [100, 372])
        let close = PageLayout(page(box(100) + box(378) + letters))
        #expect(close.boxes.map(\.x0) == [100])
    }

    @Test("finds a line of dots, and takes it away")
    func findsDottedLines() {
        let dots = (0..<60).map { line(200 + $0 * 6, 200, 203 + $0 * 6, 202) }
        let letters = (0..<12).map { line(210 + $0 * 14, 180, 218 + $0 * 14, 191) }
        let layout = PageLayout(page(dots + letters))
        #expect(layout.levelLines.count == 1)
        #expect(layout.levelLines.first?.start == 200)
        #expect(layout.mask.density(in: line(200, 198, 560, 204)) == 0)
        #expect(layout.segments == [line(210, 180, 372, 191)])
    }

    @Test("takes the scanner's black away, and leaves a printed frame")
    func removesDarkEdges() {
        let image = page([line(0, 0, 40, 400), line(0, 0, 1240, 30), line(100, 60, 1200, 63)]).withoutDarkEdges()
        #expect(image.pixels[10 * 1240 + 600] == 240)
        #expect(image.pixels[200 * 1240 + 20] == 240)
        #expect(image.pixels[61 * 1240 + 600] == 30)
    }

    @Test("reads only pictures that are whole")
    func readsPGM() {
        #expect(GrayImage(pgm: Array("P5\n# made by hand\n2 1\n255\n".utf8) + [1, 2])?.pixels == [1, 2])
        #expect(GrayImage(pgm: Array("P5\n2 2\n255\n".utf8) + [1, 2]) == nil)
        #expect(GrayImage(pgm: Array("P6\n2 1\n255\n".utf8) + [1, 2]) == nil)
        #expect(GrayImage(pgm: []) == nil)
    }
}
