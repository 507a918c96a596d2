/// A TIFF's pages (TIFF 6.0, and Adobe's supplements).
enum TIFFHead {
    static func facts(_ bytes: HeaderBytes) -> PictureHeader.Facts? {
        let directories = TIFFDirectory.all(bytes)
        guard let first = directories.first, page(first, 0) != nil else { return nil }
        var pages: [Scan.Page] = []
        for (index, directory) in directories.enumerated() {
            guard !isReduced(directory) else { continue }
            guard let page = page(directory, index) else { return nil }
            pages.append(page)
        }
        // Nothing but reduced pictures: then those are what there is.
        if pages.isEmpty { pages = directories.enumerated().compactMap { page($1, $0) } }
        return PictureHeader.Facts(pages: withoutPyramid(pages))
    }

    /// True for a smaller version of another page (bit 0) and for a mask (bit 2), by either of the two tags.
    private static func isReduced(_ directory: TIFFDirectory) -> Bool {
        if let type = directory.number(254) { return type & 0b101 != 0 }
        return directory.number(255) == 2
    }

    private static func page(_ directory: TIFFDirectory, _ index: Int) -> Scan.Page? {
        guard let width = directory.number(256), let height = directory.number(257), width > 0, height > 0 else {
            return nil
        }
        var page = Scan.Page(
            width: Double(width), height: Double(height), orientation: directory.orientation ?? .topLeft)
        page.isCMYK = directory.number(262) == 5
        page.pointShape = directory.pointShape
        page.needsFlattening = directory.number(338).map { $0 == 1 || $0 == 2 } ?? false
        page.index = index
        return page
    }

    /// Two and more pages that are each half of the one before are one picture in several sizes.
    private static func withoutPyramid(_ pages: [Scan.Page]) -> [Scan.Page] {
        guard pages.count > 2, let first = pages.first else { return pages }
        let isPyramid = zip(pages, pages.dropFirst()).allSatisfy { large, small in
            abs(large.width / 2 - small.width) <= 1 && abs(large.height / 2 - small.height) <= 1
        }
        return isPyramid ? [first] : pages
    }
}
