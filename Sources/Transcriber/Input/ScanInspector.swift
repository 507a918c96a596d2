import Foundation

/// Looks at scanned files before anything is decoded, and refuses what no sheet can be.
struct ScanInspector: Sendable {
    static let maximumPages = 6

    /// The most points that a picture of a type may have.
    let maximumPoints: @Sendable (MediaType) -> Int
    /// The least width and height of a picture, in points.
    var smallest = (width: 300, height: 200)

    /// - Throws: `TranscriptionError.unreadable` with the reason in words for the person who scanned it.
    func look(at path: String, type: MediaType) async throws(TranscriptionError) -> Scan {
        let pages = type == .pdf ? try await document(path) : try await picture(path, type)
        return Scan(path: path, mediaType: type, pages: pages)
    }

    private func document(_ path: String) async throws(TranscriptionError) -> [Scan.Page] {
        let info = try await Tool.pdfinfo.run(["-f", "1", "-l", String(Self.maximumPages), path])
        if info.complaints.contains("Incorrect password") {
            throw .unreadable(reason: "the PDF is locked with a password: save it without one")
        }
        let sizes = PDFInfo.pageSizes(in: info.output)
        guard info.succeeded, let pages = PDFInfo.pageCount(in: info.output), pages > 0, !sizes.isEmpty else {
            throw .unreadable(reason: "the PDF is damaged or incomplete: make it again")
        }
        try Self.check(pages: pages)
        for (index, size) in sizes.enumerated() {
            // A page that is no sheet of paper would become a picture of any height.
            guard size.width > 0, size.height / size.width < 6, size.width / size.height < 6 else {
                throw .unreadable(reason: "page \(index + 1) of the PDF has no usual shape: scan the sheet again")
            }
        }
        return sizes.map { Scan.Page(width: $0.width, height: $0.height) }
    }

    private func picture(_ path: String, _ type: MediaType) async throws(TranscriptionError) -> [Scan.Page] {
        let look = try await Tool.identify.run(
            ImageMagick.limits
                + ["-ping", "-format", "%w %h %[orientation] %[colorspace]\n", ImageMagick.input(path, type)])
        let lines = look.output.split(separator: "\n").map { $0.split(separator: " ") }
        var pages: [Scan.Page] = []
        for line in lines {
            guard line.count == 4, let width = Int(line[0]), let height = Int(line[1]), width > 0, height > 0 else {
                throw ImageMagick.saysCutOff(look.complaints) ? Scan.incomplete : Scan.damaged
            }
            guard width.multipliedReportingOverflow(by: height).partialValue <= maximumPoints(type) else {
                throw .unreadable(reason: "the picture is too large (\(width) × \(height) points): scan it at 300 dpi")
            }
            pages.append(
                Scan.Page(
                    width: Double(width), height: Double(height), orientation: Orientation(imageMagickName: line[2]),
                    isCMYK: line[3] == "CMYK"))
        }
        guard let first = pages.first else {
            throw ImageMagick.saysCutOff(look.complaints) ? Scan.incomplete : Scan.damaged
        }
        try Self.check(pages: pages.count)
        guard Int(first.width) >= smallest.width, Int(first.height) >= smallest.height else {
            throw .unreadable(
                reason: "the picture is too small (\(Int(first.width)) × \(Int(first.height)) points): "
                    + "scan it at 300 dpi")
        }
        if pages.count == 1, let orientation = try await hiddenOrientation(path, type) {
            pages[0].orientation = orientation
        }
        return pages
    }

    /// The orientation of a PNG or WebP, whose EXIF data ImageMagick 6 passes over.
    private func hiddenOrientation(_ path: String, _ type: MediaType) async throws(TranscriptionError) -> Orientation? {
        let marks: [String]
        switch type {
        // The names of the chunks that hold it, in PNG since 2017 and before.
        case .png: marks = ["eXIf", "Raw profile type"]
        case .webp: marks = ["EXIF"]
        case .jpeg, .tiff, .heic, .pdf: return nil
        }
        let bytes = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        guard let bytes, marks.contains(where: { bytes.range(of: Data($0.utf8)) != nil }) else { return nil }
        let answer = try await Tool.exiv2.run(["-q", "-g", "Exif.Image.Orientation", "-Pv", path])
        return Int(answer.output.trimmed).flatMap(Orientation.init)
    }

    private static func check(pages: Int) throws(TranscriptionError) {
        guard pages <= maximumPages else {
            throw .unreadable(reason: "the file has \(pages) pages, a sheet has two: put each sheet in its own file")
        }
    }
}
