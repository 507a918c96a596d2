import Testing

@testable import Transcriber

@Suite("Finding the printed labels")
struct LabelFinderTests {
    /// A piece of text whose words are ten pixels a letter, one letter's room between them.
    private func piece(_ text: String, x: Int, y: Int) -> ReadSegment {
        var words: [ReadWord] = []
        var left = x
        for word in text.split(separator: " ") {
            let rect = PixelRect(x0: left, y0: y, x1: left + word.count * 10, y1: y + 14)
            words.append(ReadWord(text: String(word), confidence: 95, rect: rect))
            left = rect.x1 + 10
        }
        let rect = words.dropFirst().reduce(words[0].rect) { $0.union($1.rect) }
        return ReadSegment(rect: rect, words: words)
    }

    private func line(from start: Int, to end: Int, y: Double) -> RuledLine {
        RuledLine(start: start, end: end, offset: y, slope: 0, thickness: 1)
    }

    private func labels(_ segments: [ReadSegment], _ lines: [RuledLine]) -> [FieldLabel: PixelRect] {
        let found = LabelFinder(segments: segments, underlines: lines, letterHeight: 10).labels()
        return Dictionary(found.map { ($0.label, $0.rect) }) { first, _ in first }
    }

    @Test("wherever they stand, with a letter or two misread")
    func findsMisreadLabels() {
        let found = labels(
            [piece("N° fiche", x: 500, y: 300), piece("Observateor", x: 40, y: 80), piece("N* espéce", x: 40, y: 200)],
            [line(from: 590, to: 700, y: 315), line(from: 155, to: 400, y: 95), line(from: 140, to: 300, y: 215)])
        #expect(Set(found.keys) == [.nFiche, .observateur, .nEspece])
        #expect(found[.nFiche]?.x0 == 500)
    }

    @Test("and does not take what was written on a line for one")
    func ignoresValues() {
        let found = labels(
            [piece("Commune", x: 40, y: 80), piece("Espèce commune", x: 130, y: 80)], [line(from: 125, to: 500, y: 96)])
        #expect(Array(found.keys) == [.commune])
        #expect(found[.commune]?.x0 == 40)
    }

    @Test("the longer one where one is part of another")
    func prefersLongerLabels() {
        let found = labels(
            [
                piece("Haut. nid", x: 40, y: 80), piece("Nid", x: 40, y: 120),
                piece("Nid préc't même c'ple", x: 40, y: 40),
            ],
            [line(from: 140, to: 300, y: 96), line(from: 80, to: 300, y: 136)])
        #expect(found[.hautNid]?.y0 == 80)
        #expect(found[.nid]?.y0 == 120)
        #expect(found[.nidPrecedent]?.y0 == 40)
    }

    @Test("even when the value was read in one piece with it")
    func findsLabelBeforeValue() {
        let found = labels([piece("Paysage Bocage", x: 40, y: 80)], [line(from: 115, to: 500, y: 96)])
        #expect(found[.paysage]?.x1 == 110)
    }

    @Test("on a form without lines, and there no remark that begins with one")
    func findsLabelsWithoutLines() {
        let found = labels(
            [
                piece("Commune Brest", x: 40, y: 80), piece("Haut. nid 3", x: 40, y: 120),
                piece("Nid Mousse", x: 40, y: 160), piece("Remarques", x: 40, y: 400),
                piece("Nid vide", x: 40, y: 440),
            ], [])
        #expect(Set(found.keys) == [.commune, .hautNid, .nid, .remarques])
        #expect(found[.nid]?.y0 == 160)
        #expect(Set(labels([piece("Nid vide", x: 40, y: 440)], []).keys).isEmpty)
    }
}
