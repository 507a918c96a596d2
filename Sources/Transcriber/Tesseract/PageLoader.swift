import Foundation

/// Turns the scans of a sheet into pictures of one size.
struct PageLoader: Sendable {
    /// Pixels across; at this width the sheet's print is as high as in a scan of 150 dpi.
    static let width = 1240
    /// More points than a sheet of A4 at 800 dpi has.
    static let maximumPoints = 70_000_000
    static let maximumPages = 6

    let folder: WorkFolder

    /// The pictures of one scanned file: one, or several from a PDF or TIFF with several pages.
    /// - Throws: `TranscriptionError.unreadable` with the reason in words for the person who scanned it.
    func pictures(of page: TranscriptionRequest.Page, number: Int) async throws(TranscriptionError) -> [GrayImage] {
        let source = try folder.link(page.path, as: "scan\(number)")
        let prefix = "page\(number)"
        let count: Int
        if page.mediaType == .pdf {
            count = try await renderPDF(source, to: prefix)
        } else {
            count = try await convert(source, from: page.mediaType, to: prefix)
        }
        var pictures: [GrayImage] = []
        for index in 0..<count {
            let bytes = folder.bytes(of: "\(prefix)-\(index).pgm")
            guard let picture = bytes.flatMap(GrayImage.init(pgm:)) else { throw Self.damaged }
            pictures.append(picture)
        }
        return pictures
    }

    private func renderPDF(_ source: String, to prefix: String) async throws(TranscriptionError) -> Int {
        let info = try await Tool.pdfinfo.run(["-f", "1", "-l", String(Self.maximumPages), source])
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
            let number = String(index + 1)
            let result = try await Tool.pdftoppm.run([
                "-gray", "-f", number, "-l", number, "-singlefile", "-scale-to-x", String(Self.width),
                "-scale-to-y", "-1", source, folder.file("\(prefix)-\(index)"),
            ])
            guard result.succeeded else {
                throw .unreadable(reason: "page \(number) of the PDF cannot be drawn: make the PDF again")
            }
        }
        return sizes.count
    }

    private func convert(
        _ source: String, from type: MediaType, to prefix: String
    ) async throws(TranscriptionError) -> Int {
        // The explicit format keeps ImageMagick from guessing another one, with other powers, from the bytes.
        let input = "\(Self.format(of: type)):\(source)" + (type == .tiff ? "" : "[0]")
        let look = try await Tool.identify.run(Self.limits + ["-ping", "-format", "%w %h\n", input])
        let sizes = look.output.split(separator: "\n").map { $0.split(separator: " ").compactMap { Int($0) } }
        guard let first = sizes.first, sizes.allSatisfy({ $0.count == 2 && $0[0] > 0 && $0[1] > 0 }) else {
            throw Self.cutOff(look.complaints) ? Self.incomplete : Self.damaged
        }
        try Self.check(pages: sizes.count)
        for size in sizes where size[0].multipliedReportingOverflow(by: size[1]).partialValue > Self.maximumPoints {
            throw .unreadable(
                reason: "the picture is too large (\(size[0]) × \(size[1]) points): scan it at 300 dpi")
        }
        guard first[0] >= 300, first[1] >= 200 else {
            throw .unreadable(
                reason: "the picture is too small (\(first[0]) × \(first[1]) points): scan it at 300 dpi")
        }
        let result = try await Tool.convert.run(
            Self.limits + ["-define", "jpeg:size=\(Self.width * 2)x\(Self.width * 2)", input]
                + ["-auto-orient", "-background", "white", "-alpha", "remove", "-alpha", "off"]
                + ["-colorspace", "Gray", "-resize", "\(Self.width)x", "-depth", "8", "+adjoin"]
                + ["pgm:" + folder.file("\(prefix)-%d.pgm")])
        if Self.cutOff(result.complaints) { throw Self.incomplete }
        guard result.succeeded else { throw Self.damaged }
        return sizes.count
    }

    /// What ImageMagick may take, well above what a picture of `maximumPoints` needs.
    private static let limits = [
        "-limit", "memory", "512MiB", "-limit", "map", "768MiB", "-limit", "area", "128MP", "-limit", "disk", "1GiB",
        "-limit", "width", "32KP", "-limit", "height", "32KP", "-limit", "thread", "1", "-limit", "time", "80",
    ]

    private static func format(of type: MediaType) -> String {
        switch type {
        case .jpeg: "jpeg"
        case .png: "png"
        case .tiff: "tiff"
        case .webp: "webp"
        case .heic: "heic"
        case .pdf: "pdf"
        }
    }

    /// ImageMagick fills what is missing with gray and calls it a warning; a half sheet must not pass for a whole one.
    private static func cutOff(_ complaints: String) -> Bool {
        let text = complaints.lowercased()
        return [
            "premature end", "insufficient image data", "unexpected end", "not enough data", "read error on strip",
            "read past end", "too short",
        ].contains { text.contains($0) }
    }

    private static func check(pages: Int) throws(TranscriptionError) {
        guard pages <= maximumPages else {
            throw .unreadable(reason: "the file has \(pages) pages, a sheet has two: put each sheet in its own file")
        }
    }

    private static let incomplete = TranscriptionError.unreadable(
        reason: "the picture is cut off: scan it or upload it again")
    private static let damaged = TranscriptionError.unreadable(
        reason: "the picture is damaged: scan it or upload it again")
}
