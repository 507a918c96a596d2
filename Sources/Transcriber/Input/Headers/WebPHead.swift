/// A WebP's chunks (RFC 9649).
enum WebPHead {
    static func facts(_ bytes: HeaderBytes) -> PictureHeader.Facts? {
        var bytes = bytes
        bytes.isBigEndian = false
        guard bytes.has("RIFF", at: 0), bytes.has("WEBP", at: 8), let size = bytes.number(4, length: 4) else {
            return nil
        }
        var page: Scan.Page?
        var orientation = Orientation.topLeft
        var place = 12
        while let length = bytes.number(place + 4, length: 4), place + 8 + length <= bytes.count {
            let content = place + 8
            if bytes.has("EXIF", at: place), let exif = bytes.part(content, length: length) {
                let marked = exif.has("Exif\0\0", at: 0) ? exif.part(6, length: length) ?? exif : exif
                orientation = TIFFDirectory.all(marked).first?.orientation ?? .topLeft
            } else if page == nil {
                page = self.page(bytes, at: place, content)
            }
            place = content + length + length % 2
        }
        guard var page = page ?? self.page(bytes, at: 12, 20) else { return nil }
        page.orientation = orientation
        return PictureHeader.Facts(pages: [page], isCutOff: size + 8 > bytes.count)
    }

    private static func page(_ bytes: HeaderBytes, at place: Int, _ content: Int) -> Scan.Page? {
        var page: Scan.Page?
        if bytes.has("VP8X", at: place), let flags = bytes.byte(content),
            let width = bytes.number(content + 4, length: 3), let height = bytes.number(content + 7, length: 3)
        {
            page = Scan.Page(width: Double(width + 1), height: Double(height + 1))
            // Alpha, or an animation.
            page?.needsFlattening = flags & 0x12 != 0
        } else if bytes.has("VP8L", at: place), let bits = bytes.number(content + 1, length: 4) {
            page = Scan.Page(width: Double(bits & 0x3FFF + 1), height: Double(bits >> 14 & 0x3FFF + 1))
            page?.needsFlattening = bits >> 28 & 1 != 0
        } else if bytes.has("VP8 ", at: place), let width = bytes.number(content + 6, length: 2),
            let height = bytes.number(content + 8, length: 2)
        {
            page = Scan.Page(width: Double(width & 0x3FFF), height: Double(height & 0x3FFF))
        }
        return page
    }
}
