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
        let info = try await Tool.pdfinfo.run(["-box", "-f", "1", "-l", String(Self.maximumPages), path])
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
            guard Self.pageSides.contains(size.width), Self.pageSides.contains(size.height),
                size.height / size.width < 6, size.width / size.height < 6
            else {
                throw .unreadable(reason: "page \(index + 1) of the PDF has no usual shape: scan the sheet again")
            }
        }
        let (media, crops) = (PDFInfo.boxes("MediaBox", in: info.output), PDFInfo.boxes("CropBox", in: info.output))
        return sizes.enumerated().map { index, size in
            var page = Scan.Page(width: size.width, height: size.height)
            let isCropped =
                media.indices.contains(index) && crops.indices.contains(index) && media[index] != crops[index]
            page.isOdd = isCropped || !Self.paperSides.contains(page.longestSide)
            page.index = index
            return page
        }
    }

    /// The sides that a PDF's page may have, in points; the format's own limit is 14,400.
    private static let pageSides = 1.0...100_000
    /// The longest sides of sheets of paper: from a postcard's to A3. On larger pages a sheet would be small.
    private static let paperSides = 380.0...1250

    private func picture(_ path: String, _ type: MediaType) async throws(TranscriptionError) -> [Scan.Page] {
        let bytes = (try? Data.mapped(path)) ?? Data()
        if type == .jpeg, JPEGHead(bytes)?.isProgressive == true, JPEGCheck.scans(in: bytes) > JPEGCheck.mostScans {
            throw Scan.tooLarge
        }
        let facts: PictureHeader.Facts
        if let read = PictureHeader.read(bytes, type) {
            facts = read
        } else {
            facts = PictureHeader.Facts(pages: try await identified(path, type))
        }
        for page in facts.pages {
            let paper = page.paper
            guard paper.width * paper.height <= Double(maximumPoints(type)) else {
                throw .unreadable(
                    reason:
                        "the picture is too large for this machine (\(Int(page.width)) × \(Int(page.height)) points)"
                        + ": scan it at 300 dpi")
            }
        }
        guard let first = facts.pages.first else { throw Scan.damaged }
        try Self.check(pages: facts.pages.count)
        guard Int(first.width) >= smallest.width, Int(first.height) >= smallest.height else {
            throw .unreadable(
                reason: "the picture is too small (\(Int(first.width)) × \(Int(first.height)) points): "
                    + "scan it at 300 dpi")
        }
        if facts.isCutOff { throw Scan.incomplete }
        var pages = facts.pages
        if facts.hidesOrientation { pages[0].orientation = try await hiddenOrientation(path) }
        return pages
    }

    /// What ImageMagick says of a picture whose header is not understood here.
    private func identified(_ path: String, _ type: MediaType) async throws(TranscriptionError) -> [Scan.Page] {
        let look = try await Tool.identify.run(
            ImageMagick.limits
                + ["-ping", "-format", "%w %h %[orientation] %[colorspace]\n", ImageMagick.allPages(path, type)])
        let lines = look.output.split(separator: "\n").map { $0.split(separator: " ") }
        var pages: [Scan.Page] = []
        for line in lines {
            guard line.count == 4, let width = Int(line[0]), let height = Int(line[1]),
                (1...Self.longestSide).contains(width), (1...Self.longestSide).contains(height)
            else { throw ImageMagick.error(in: look.complaints) ?? Scan.damaged }
            var page = Scan.Page(
                width: Double(width), height: Double(height), orientation: Orientation(imageMagickName: line[2]),
                isCMYK: line[3] == "CMYK")
            page.index = pages.count
            pages.append(page)
        }
        guard !pages.isEmpty else { throw ImageMagick.error(in: look.complaints) ?? Scan.damaged }
        return pages
    }

    /// No format has longer sides.
    private static let longestSide = Int(Int32.max)

    /// The orientation of a PNG whose EXIF data are compressed.
    private func hiddenOrientation(_ path: String) async throws(TranscriptionError) -> Orientation {
        let answer = try await Tool.exiv2.run(["-q", "-g", "Exif.Image.Orientation", "-Pv", path])
        return Int(answer.output.trimmed).flatMap(Orientation.init) ?? .topLeft
    }

    private static func check(pages: Int) throws(TranscriptionError) {
        guard pages <= maximumPages else {
            throw .unreadable(reason: "the file has \(pages) pages, a sheet has two: put each sheet in its own file")
        }
    }
}
