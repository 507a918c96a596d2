/// Has Tesseract read many small pictures in one run, which costs its start only once.
struct SegmentReader: Sendable {
    let folder: WorkFolder
    let language: String

    /// Reads pieces of a page, each by itself: `--psm 7` takes a picture for one line of text, so lone digits are
    /// found and columns never mix.
    func read(_ rects: [PixelRect], of layout: PageLayout, name: String) async throws(TranscriptionError)
        -> [ReadSegment]
    {
        guard !rects.isEmpty else { return [] }
        let margin = Int(layout.letterHeight)
        var list = ""
        for (index, rect) in rects.enumerated() {
            let file = "\(name)-\(index).pgm"
            try folder.write(layout.image.doubled(rect, margin: margin).pgm, to: file)
            list += folder.file(file) + "\n"
        }
        try folder.write(Array(list.utf8), to: "\(name).txt")
        let result = try await Tool.tesseract.run([
            folder.file("\(name).txt"), "stdout", "-l", language, "--psm", "7", "--dpi", "300", "tsv",
        ])
        guard result.succeeded else { throw failure(result.complaints) }
        let pages = TesseractTSV.words(in: result.output)
        return rects.enumerated().map { index, rect in
            let words = (pages[index + 1] ?? []).map { word in
                var word = word
                word.rect = PixelRect(
                    x0: rect.x0 + (word.rect.x0 - margin) / 2, y0: rect.y0 + (word.rect.y0 - margin) / 2,
                    x1: rect.x0 + (word.rect.x1 - margin) / 2, y1: rect.y0 + (word.rect.y1 - margin) / 2)
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
        return .unavailable(reason: "tesseract failed: \(first)", retryAfter: nil, mayHaveBeenBilled: false)
    }
}
