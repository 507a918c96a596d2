/// A PNG's chunks (PNG specification, third edition, section 11).
enum PNGHead {
    static func facts(_ bytes: HeaderBytes) -> PictureHeader.Facts? {
        guard bytes.has("IHDR", at: 12), let width = bytes.number(16, length: 4),
            let height = bytes.number(20, length: 4), let colours = bytes.byte(25)
        else { return nil }
        var page = Scan.Page(width: Double(width), height: Double(height))
        page.needsFlattening = colours == 4 || colours == 6
        var facts = PictureHeader.Facts(pages: [], isCutOff: true)
        var place = 8
        while let length = bytes.number(place, length: 4), place + 12 + length <= bytes.count {
            let content = place + 8
            if bytes.has("IEND", at: place + 4) {
                facts.isCutOff = false
                break
            } else if bytes.has("tRNS", at: place + 4) || bytes.has("acTL", at: place + 4) {
                page.needsFlattening = true
            } else if bytes.has("pHYs", at: place + 4) {
                page.pointShape = PointShape.ratio(
                    across: bytes.number(content, length: 4).map(Double.init),
                    down: bytes.number(content + 4, length: 4).map(Double.init))
            } else if bytes.has("eXIf", at: place + 4), let exif = bytes.part(content, length: length) {
                page.orientation = TIFFDirectory.all(exif).first?.orientation ?? .topLeft
            } else if bytes.has("Raw profile type", at: content) {
                // As it was written before 2017, compressed.
                facts.hidesOrientation = true
            }
            place += 12 + length
        }
        facts.pages = [page]
        return facts
    }
}
