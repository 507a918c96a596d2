/// The text read beside one label.
struct FieldReading: Sendable, Hashable {
    var text: String
    /// 0 to 100.
    var confidence: Double
    /// The least sure word's confidence.
    var lowest: Double
}

/// Collects what stands on the lines right of each label and, where a field goes on, below.
struct FormReader {
    let layout: PageLayout
    let segments: [ReadSegment]
    /// The lines to write on: level lines that are no border of a cell or frame.
    let underlines: [RuledLine]
    let labels: [FoundLabel]

    init(layout: PageLayout, segments: [ReadSegment]) {
        let height = layout.letterHeight
        let underlines = layout.levelLines.filter { line in
            let gaps = [line.start, line.end].map(Double.init).map { end in
                let y = line.across(at: end)
                return layout.uprightLines.filter { $0.covers(y, slack: height) }
                    .map { abs($0.across(at: y) - end) }.min() ?? .infinity
            }
            return !(gaps.contains { $0 < 0.3 * height } || gaps.allSatisfy { $0 < 0.7 * height })
        }
        self.layout = layout
        self.segments = segments
        self.underlines = underlines
        labels = LabelFinder(segments: segments, underlines: underlines, letterHeight: height).labels()
    }

    /// The text beside a label, `nil` where nothing was read.
    func reading(of label: FieldLabel) -> FieldReading? {
        guard let found = labels.first(where: { $0.label == label }) else { return nil }
        var words: [ReadWord] = []
        if let line = finder.lineToWriteOn(of: found.rect) {
            words = self.words(on: line, besides: found)
            if label.mayGoOn {
                words += continuation(below: line, of: found).flatMap { self.words(on: $0, besides: found) }
            }
        } else {
            words = wordsRight(of: found)
            if !isLined, label.mayGoOn || words.isEmpty { words += wordsBelow(found) }
        }
        return Self.reading(words)
    }

    static func reading(_ words: [ReadWord]) -> FieldReading? {
        guard !words.isEmpty else { return nil }
        let segment = ReadSegment(rect: words[0].rect, words: words)
        return FieldReading(
            text: segment.text, confidence: segment.confidence, lowest: words.map(\.confidence).min() ?? 0)
    }

    /// The ticked one of the boxes before "oui" and "non".
    func ticked() -> Bool? {
        let boxes = layout.boxes.compactMap { box -> (answer: Bool, isTicked: Bool)? in
            let inset = max(2, box.width / 5)
            let inside = PixelRect(x0: box.x0 + inset, y0: box.y0 + inset, x1: box.x1 - inset, y1: box.y1 - inset)
            let next = segments.flatMap(\.words).filter { word in
                word.rect.x0 >= box.x1 - 2 && Double(word.rect.x0 - box.x1) < 3 * layout.letterHeight
                    && word.rect.verticalOverlap(box) > 0
            }.min { $0.rect.x0 < $1.rect.x0 }
            guard let next else { return nil }
            let text = FuzzyText.skeleton(next.text)
            let isTicked = layout.mask.density(in: inside) > 0.1
            if FuzzyText.distance(text, Array("oui".utf8)) <= 1 { return (true, isTicked) }
            if FuzzyText.distance(text, Array("non".utf8)) <= 1 { return (false, isTicked) }
            return nil
        }
        let answers = boxes.filter(\.isTicked).map(\.answer)
        return answers.count == 1 ? answers[0] : nil
    }

    /// True when values stand on printed lines; otherwise they stand in boxes or on blank paper.
    private var isLined: Bool {
        labels.count { finder.lineToWriteOn(of: $0.rect) != nil } * 3 > labels.count
    }

    private var finder: LabelFinder {
        LabelFinder(segments: segments, underlines: underlines, letterHeight: layout.letterHeight)
    }

    private func words(on line: RuledLine, besides found: FoundLabel) -> [ReadWord] {
        let height = layout.letterHeight
        return segments.enumerated().filter { index, segment in
            let above = line.across(at: segment.rect.midX) - segment.rect.midY
            return line.covers(segment.rect.midX, slack: height) && above > -0.5 * height && above < 2.6 * height
        }.sorted { $0.element.rect.x0 < $1.element.rect.x0 }.flatMap { index, segment in
            let isLabel = { (word: Int) in
                labels.contains { $0.segment == index && $0.words.contains(word) }
            }
            return segment.words.indices.filter { !isLabel($0) }.map { segment.words[$0] }
        }
    }

    /// The lines below that begin at the label's own left and have no label of their own.
    private func continuation(below line: RuledLine, of found: FoundLabel) -> [RuledLine] {
        let height = layout.letterHeight
        var lines: [RuledLine] = []
        var last = line
        while true {
            let middle = Double(found.rect.x0 + found.rect.x1) / 2
            let next = layout.levelLines.filter {
                $0.covers(middle) && $0.across(at: middle) > last.across(at: middle) + height
            }.min { $0.across(at: middle) < $1.across(at: middle) }
            guard let next, underlines.contains(next),
                next.across(at: middle) - last.across(at: middle) < 7 * height,
                Double(next.start) < Double(found.rect.x0) + 2 * height
            else { return lines }
            lines.append(next)
            last = next
        }
    }

    /// On a form without lines to write on: what stands right of the label, up to the next one or a border.
    private func wordsRight(of found: FoundLabel) -> [ReadWord] {
        let row = found.rect
        let stops =
            labels.filter { $0.rect.x0 >= row.x1 && $0.rect.verticalOverlap(row) > 0 }.map(\.rect.x0)
            + layout.uprightLines.filter { $0.covers(row.midY) }.map { Int($0.across(at: row.midY)) }
        let stop = stops.filter { $0 >= row.x1 }.min() ?? layout.image.width
        return segments.flatMap(\.words).filter {
            $0.rect.x0 >= row.x1 - 1 && $0.rect.x1 <= stop + 2
                && Double($0.rect.verticalOverlap(row)) > 0.4 * Double(min(row.height, $0.rect.height))
        }.sorted { $0.rect.x0 < $1.rect.x0 }
    }
}
