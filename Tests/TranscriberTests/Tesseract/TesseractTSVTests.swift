import Testing

@testable import Transcriber

@Suite("Tesseract's table of words")
struct TesseractTSVTests {
    private let heading =
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"

    @Test("gives each page its words, with box and confidence")
    func readsWords() {
        let text =
            heading + "1\t1\t0\t0\t0\t0\t0\t0\t100\t50\t-1\t\n"
            + "5\t1\t1\t1\t1\t1\t12\t10\t30\t20\t96.5\tMerle\n5\t1\t1\t1\t1\t2\t50\t10\t25\t20\t95\tnoir\n"
            + "1\t2\t0\t0\t0\t0\t0\t0\t10\t10\t-1\t\n5\t3\t1\t1\t1\t1\t1\t2\t3\t4\t80.25\t14\n"
        let pages = TesseractTSV.words(in: text)
        #expect(pages.keys.sorted() == [1, 3])
        #expect(pages[1]?.map(\.text) == ["Merle", "noir"])
        #expect(pages[1]?.first?.rect == PixelRect(x0: 12, y0: 10, x1: 42, y1: 30))
        #expect(pages[3]?.first?.confidence == 80.25)
    }

    @Test("skips blank words, and lines that are no table")
    func skipsOthers() {
        let text =
            heading
            + "5\t1\t1\t1\t1\t1\t12\t10\t30\t20\t96\t \nnonsense\n5\t1\t1\n5\tx\t1\t1\t1\t1\t1\t1\t1\t1\t1\tword\n"
        #expect(TesseractTSV.words(in: text).isEmpty)
    }
}
