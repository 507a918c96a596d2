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
        if scan.mediaType == .pdf {
            for (index, page) in scan.pages.enumerated() {
                try await drawDocumentPage(index, page, of: scan, as: "\(prefix)-\(index)")
            }
        } else {
            try await drawPicture(scan, as: prefix)
        }
        return scan.pages.indices.map { "\(prefix)-\($0).\(suffix)" }
    }

    private var suffix: String {
        switch form {
        case .gray: "pgm"
        case .jpeg: "jpg"
        }
    }

    private func drawDocumentPage(
        _ index: Int, _ page: Scan.Page, of scan: Scan, as name: String
    ) async throws(TranscriptionError) {
        let number = String(index + 1)
        var options = ["-f", number, "-l", number, "-singlefile"]
        switch form {
        case .gray(let width):
            options += ["-gray", "-scale-to-x", String(width), "-scale-to-y", "-1"]
        case .jpeg(let longestSide):
            // Beyond 300 dots an inch there is only grain.
            let sharpest = Int(page.longestSide / 72 * 300)
            options += ["-jpeg", "-jpegopt", "quality=90", "-scale-to", String(max(1, min(longestSide, sharpest)))]
        }
        let result = try await Tool.pdftoppm.run(options + [scan.path, folder.file(name)])
        guard result.succeeded else {
            throw .unreadable(reason: "page \(number) of the PDF cannot be drawn: make the PDF again")
        }
    }

    private func drawPicture(_ scan: Scan, as prefix: String) async throws(TranscriptionError) {
        var arguments = ImageMagick.limits
        let upright: [String]
        if scan.pages.count == 1, let page = scan.pages.first, page.orientation != .topLeft {
            upright = ["-orient", page.orientation.imageMagickName, "-auto-orient"]
        } else {
            upright = ["-auto-orient"]
        }
        let flat = upright + ["-background", "white", "-alpha", "remove", "-alpha", "off"]
        let input = ImageMagick.input(scan.path, scan.mediaType)
        switch form {
        case .gray(let width):
            arguments += ["-define", "jpeg:size=\(width * 2)x\(width * 2)", input] + flat
            arguments += ["-colorspace", "Gray", "-resize", "\(width)x", "-depth", "8", "+adjoin"]
            arguments += ["pgm:" + folder.file("\(prefix)-%d.pgm")]
        case .jpeg(let longestSide):
            // Never for a smaller one, which would be made larger.
            if scan.pages.allSatisfy({ $0.longestSide >= Double(longestSide) * 2 }) {
                arguments += ["-define", "jpeg:size=\(longestSide)x\(longestSide)"]
            }
            arguments += [input] + flat
            arguments += ["-colorspace", "sRGB", "-resize", "\(longestSide)x\(longestSide)>", "-depth", "8"]
            arguments += ["-strip", "-quality", "90", "+adjoin", "jpeg:" + folder.file("\(prefix)-%d.jpg")]
        }
        let result = try await Tool.convert.run(arguments)
        if ImageMagick.saysCutOff(result.complaints) { throw Scan.incomplete }
        guard result.succeeded else { throw Scan.damaged }
    }

    /// Decodes a picture and keeps nothing, to know that it is whole before somebody is paid for reading it.
    static func checkWholeness(of scan: Scan) async throws(TranscriptionError) {
        let result = try await Tool.convert.run(
            ImageMagick.limits
                + ["-define", "jpeg:size=256x256", ImageMagick.input(scan.path, scan.mediaType), "null:"])
        if ImageMagick.saysCutOff(result.complaints) { throw Scan.incomplete }
        guard result.succeeded else { throw Scan.damaged }
    }
}
