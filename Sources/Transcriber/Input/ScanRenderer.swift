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
        let number = String(page.index + 1)
        var options = ["-f", number, "-l", number, "-singlefile", "-cropbox"]
        switch form {
        case .gray(let width):
            options += ["-gray", "-scale-to-x", String(width), "-scale-to-y", "-1"]
        case .jpeg(let longestSide):
            let side = max(1, min(longestSide, try await sharpest(page, of: scan)))
            options += ["-jpeg", "-jpegopt", "quality=90", "-scale-to", String(side)]
        }
        let result = try await Tool.pdftoppm.run(options + [scan.path, folder.file(name)])
        guard result.succeeded else {
            throw ImageMagick.error(in: result.complaints) == Scan.tooLarge
                ? Scan.tooLarge
                : .unreadable(reason: "page \(number) of the PDF cannot be drawn: make the PDF again")
        }
    }

    /// The longest side in pixels beyond which there is only grain: 300 dots an inch; on a page smaller than any sheet
    /// as many as the picture on it has.
    private func sharpest(_ page: Scan.Page, of scan: Scan) async throws(TranscriptionError) -> Int {
        let usual = Int(min(page.longestSide, 100_000) / 72 * 300)
        guard page.isOdd else { return usual }
        let number = String(page.index + 1)
        let list = try await Tool.pdfimages.run(["-list", "-f", number, "-l", number, scan.path])
        return max(usual, PDFInfo.longestPicture(in: list.output) ?? 0)
    }

    private func drawPicture(_ page: Scan.Page, of scan: Scan, as name: String) async throws(TranscriptionError) {
        var arguments = ImageMagick.limits
        let upright =
            page.orientation == .topLeft
            ? ["-auto-orient"] : ["-orient", page.orientation.imageMagickName, "-auto-orient"]
        let flat = upright + ["-background", "white", "-alpha", "remove", "-alpha", "off"]
        let input = ImageMagick.input(scan.path, scan.mediaType, page: page.index)
        switch form {
        case .gray(let width):
            arguments += ["-define", "jpeg:size=\(width * 2)x\(width * 2)", input] + squared(page) + flat
            arguments += [
                "-colorspace", "Gray", "-resize", "\(width)x", "-depth", "8", "pgm:" + folder.file(name + ".pgm"),
            ]
        case .jpeg(let longestSide):
            // Never for a smaller one, which would be made larger.
            if page.longestSide >= Double(longestSide) * 2 {
                arguments += ["-define", "jpeg:size=\(longestSide)x\(longestSide)"]
            }
            arguments += [input] + squared(page) + flat
            arguments += ["-colorspace", "sRGB", "-resize", "\(longestSide)x\(longestSide)>", "-depth", "8"]
            arguments += ["-strip", "-quality", "90", "jpeg:" + folder.file(name + ".jpg")]
        }
        let result = try await Tool.convert.run(arguments)
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
