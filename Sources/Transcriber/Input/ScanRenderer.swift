import Foundation

/// Draws the pages of scans as pictures of their own, upright.
struct ScanRenderer: Sendable {
    /// The forms in which pages are drawn.
    enum Form: Sendable, Hashable {
        /// In 256 grays, as PGM, this many pixels wide.
        case gray(width: Int)
        /// In colour, as JPEG, this many pixels on the longest side at most, without anything but the picture: no
        /// place, no camera.
        case jpeg(longestSide: Int)
    }

    let folder: WorkFolder
    let form: Form

    /// Draws every page.
    ///
    /// - Returns: The names in the folder, in the pages' order.
    /// - Throws: `TranscriptionError.unreadable` with the reason in words for the person who scanned it.
    func draw(_ scan: Scan, as prefix: String) async throws(TranscriptionError) -> [String] {
        for (number, page) in scan.pages.enumerated() {
            let name = "\(prefix)-\(number)"
            if scan.mediaType == .pdf {
                try await drawDocumentPage(page, of: scan, as: name)
            } else {
                try await drawPicture(page, of: scan, as: name)
            }
        }
        return scan.pages.indices.map { "\(prefix)-\($0).\(suffix)" }
    }

    private var suffix: String {
        switch form {
        case .gray: "pgm"
        case .jpeg: "jpg"
        }
    }

    private func drawDocumentPage(_ page: Scan.Page, of scan: Scan, as name: String) async throws(TranscriptionError) {
        let pictures = try await pictures(on: page, of: scan)
        if let resolution = Self.resolutionOfStamp(pictures, on: page) {
            return try await drawStamp(on: page, of: scan, resolution: resolution, as: name)
        }
        switch form {
        case .gray(let width):
            try await pdftoppm(["-gray", "-scale-to-x", String(width), "-scale-to-y", "-1"], page, of: scan, as: name)
        case .jpeg(let longestSide):
            // Beyond 300 dots an inch there is only grain; a page smaller than any sheet has as many points as the
            // picture on it.
            let usual = Int(min(page.longestSide, 100_000) / 72 * 300)
            let sharpest = max(usual, page.isOdd ? pictures.map(\.longestSide).max() ?? 0 : 0)
            let side = String(max(1, min(longestSide, sharpest)))
            try await pdftoppm(["-jpeg", "-jpegopt", "quality=90", "-scale-to", side], page, of: scan, as: name)
        }
    }

    private func pdftoppm(
        _ options: [String], _ page: Scan.Page, of scan: Scan, as name: String
    ) async throws(TranscriptionError) {
        let number = String(page.index + 1)
        let result = try await Tool.pdftoppm.run(
            ["-f", number, "-l", number, "-singlefile", "-cropbox"] + options + [scan.path, folder.file(name)])
        guard result.succeeded else {
            throw ImageMagick.error(in: result.complaints) == Scan.tooLarge
                ? Scan.tooLarge
                : .unreadable(reason: "page \(number) of the PDF cannot be drawn: make the PDF again")
        }
    }

    /// The pictures on a page that is not a usual one; there a sheet may be small.
    private func pictures(on page: Scan.Page, of scan: Scan) async throws(TranscriptionError) -> [PDFInfo.Picture] {
        guard page.isOdd || page.longestSide > Self.usualSide else { return [] }
        let number = String(page.index + 1)
        let list = try await Tool.pdfimages.run(["-list", "-f", number, "-l", number, scan.path])
        return PDFInfo.pictures(in: list.output)
    }

    /// The longest side of a page of A4, and some more, in points.
    private static let usualSide = 900.0
    /// The most points of a page that is drawn for the sake of a part of it.
    private static let mostPoints = 60_000_000.0

    /// The dots an inch with which a page has to be drawn whose pictures take up only a part of it: drawn whole in the
    /// usual size, the sheet would be a stamp. `nil` for other pages.
    private static func resolutionOfStamp(_ pictures: [PDFInfo.Picture], on page: Scan.Page) -> Double? {
        let inches = page.longestSide / 72
        guard let largest = pictures.max(by: { $0.drawnSide < $1.drawnSide }), largest.drawnSide < inches * 0.7 else {
            return nil
        }
        let wished = min(600, max(largest.across, largest.down))
        let most = (mostPoints / max(1, page.width * page.height)).squareRoot() * 72
        return min(wished, most)
    }

    /// Draws a page sharply enough for the pictures on it, without the blank paper around them.
    private func drawStamp(
        on page: Scan.Page, of scan: Scan, resolution: Double, as name: String
    ) async throws(TranscriptionError) {
        let whole = name + "-whole"
        try await pdftoppm(["-r", String(Int(resolution.rounded(.up)))], page, of: scan, as: whole)
        let result = try await Tool.convert.run(
            ImageMagick.limits + ["ppm:" + folder.file(whole + ".ppm"), "-fuzz", "3%", "-trim", "+repage"]
                + output(name))
        folder.remove(whole + ".ppm")
        if let error = ImageMagick.error(in: result.complaints) { throw error }
        guard result.succeeded else { throw Scan.damaged }
    }

    /// Sizes a picture as the form wants it and writes it.
    private func output(_ name: String) -> [String] {
        switch form {
        case .gray(let width):
            ["-colorspace", "Gray", "-resize", "\(width)x", "-depth", "8", "pgm:" + folder.file(name + ".pgm")]
        case .jpeg(let longestSide):
            [
                "-colorspace", "sRGB", "-resize", "\(longestSide)x\(longestSide)>", "-depth", "8", "-strip", "-quality",
                "90", "jpeg:" + folder.file(name + ".jpg"),
            ]
        }
    }

    private func drawPicture(_ page: Scan.Page, of scan: Scan, as name: String) async throws(TranscriptionError) {
        var arguments = ImageMagick.limits
        let upright =
            page.orientation == .topLeft
            ? ["-auto-orient"] : ["-orient", page.orientation.imageMagickName, "-auto-orient"]
        // White is another thing among the colours of print.
        let colours = page.isCMYK ? ["-colorspace", "sRGB"] : []
        let flat = upright + colours + ["-background", "white", "-alpha", "remove", "-alpha", "off"]
        let input = ImageMagick.input(scan.path, scan.mediaType, page: page.index)
        switch form {
        case .gray(let width):
            arguments += ["-define", "jpeg:size=\(width * 2)x\(width * 2)"]
        case .jpeg(let longestSide):
            // Never for a smaller one, which would be made larger.
            if page.longestSide >= Double(longestSide) * 2 {
                arguments += ["-define", "jpeg:size=\(longestSide)x\(longestSide)"]
            }
        }
        let result = try await Tool.convert.run(arguments + [input] + squared(page) + flat + output(name))
        if let error = ImageMagick.error(in: result.complaints) { throw error }
        guard result.succeeded else { throw Scan.damaged }
    }

    /// Makes the points square, before anything else: resolutions are those of the rows and columns as stored.
    ///
    /// No larger than what is drawn in the end needs: of a fax's 1,728 points across become as many, and twice as many
    /// down.
    private func squared(_ page: Scan.Page) -> [String] {
        guard page.pointShape != 1 else { return [] }
        let needed: Double =
            switch form {
            case .gray(let width): Double(width) * 3
            case .jpeg(let longestSide): Double(longestSide)
            }
        let (width, height) = page.paper
        let share = min(1, needed / max(width, height))
        return ["-resize", "\(max(1, Int(width * share)))x\(max(1, Int(height * share)))!"]
    }

    /// Decodes a picture and keeps nothing, to know that it is whole before somebody is paid for reading it.
    static func checkWholeness(of scan: Scan) async throws(TranscriptionError) {
        let result = try await Tool.convert.run(
            ImageMagick.limits
                + ["-define", "jpeg:size=256x256", ImageMagick.allPages(scan.path, scan.mediaType), "null:"])
        if let error = ImageMagick.error(in: result.complaints) { throw error }
        guard result.succeeded else { throw Scan.damaged }
    }

    /// A file's size in bytes, 0 when it is not there.
    static func size(of path: String) -> Int {
        // The attributes of the file itself, where the path is a link.
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }
}
