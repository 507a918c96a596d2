/// Has Tesseract read many small pictures in one run, which costs its start only once.
struct SegmentReader: Sendable {
    let folder: WorkFolder
    let language: String

    /// Below this confidence most readings of print are wrong somewhere.
    private static let leastSure = 60.0

    /// Reads pieces of a page, each by itself: `--psm 7` takes a picture for one line of text, so lone digits are
    /// found and columns never mix.
    ///
    /// On print and typewriting, pieces that it is not sure of are read once more, larger.
    func read(_ rects: [PixelRect], of layout: PageLayout, name: String) async throws(TranscriptionError)
        -> [ReadSegment]
    {
        var segments = try await read(rects, of: layout, name: name, isLarge: false)
        let written = segments.filter { !$0.words.isEmpty }
        let mean = written.reduce(0) { $0 + $1.confidence } / Double(max(1, written.count))
        guard mean >= FieldRules.printConfidence else { return segments }
        let unsure = segments.indices.filter { segments[$0].confidence < Self.leastSure }
        let again = try await read(unsure.map { rects[$0] }, of: layout, name: name + "-large", isLarge: true)
        for (index, segment) in zip(unsure, again) where segment.confidence > segments[index].confidence {
            segments[index] = segment
        }
        return segments
    }

    private func read(_ rects: [PixelRect], of layout: PageLayout, name: String, isLarge: Bool)
        async throws(TranscriptionError) -> [ReadSegment]
    {
        guard !rects.isEmpty else { return [] }
        let margin = Int(layout.letterHeight)
        let scale = isLarge ? 4 : 2
        var list = ""
        for (index, rect) in rects.enumerated() {
            let file = "\(name)-\(index).pgm"
            var picture = layout.image.doubled(rect, margin: margin)
            if isLarge {
                let all = PixelRect(x0: 0, y0: 0, x1: picture.width, y1: picture.height)
                picture = picture.doubled(all, margin: 0)
            }
            try folder.write(picture.pgm, to: file)
            list += folder.file(file) + "\n"
        }
        try folder.write(Array(list.utf8), to: "\(name).txt")
        let result = try await Tool.tesseract.run([
            folder.file("\(name).txt"), "stdout", "-l", language, "--psm", "7", "--dpi", "300", "tsv",
        ])
        guard result.succeeded else { throw failure(result.complaints) }
        let border = margin * scale / 2
        let pages = TesseractTSV.words(in: result.output)
        return rects.enumerated().map { index, rect in
            let words = (pages[index + 1] ?? []).map { word in
                var word = word
                word.rect = PixelRect(
                    x0: rect.x0 + (word.rect.x0 - border) / scale, y0: rect.y0 + (word.rect.y0 - border) / scale,
                    x1: rect.x0 + (word.rect.x1 - border) / scale, y1: rect.y0 + (word.rect.y1 - border) / scale)
                return word
            }
            return layout.joiningSplitWords(in: ReadSegment(rect: rect, words: words))
        }
    }

    private func failure(_ complaints: String) -> TranscriptionError {
        if complaints.contains(".traineddata") {
            return .toolMissing(name: "\(language).traineddata", package: "tesseract-ocr-\(language)")
        }
        let first = complaints.split(separator: "\n").first.map(String.init) ?? "no reason given"
        return .toolFailed(reason: "tesseract could not go on with this scan: \(first.shortened)")
    }
}
