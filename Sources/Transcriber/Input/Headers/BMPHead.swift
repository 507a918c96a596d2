/// A Windows bitmap's header (BITMAPINFOHEADER), or that of OS/2 (BITMAPCOREHEADER).
enum BMPHead {
    static func facts(_ bytes: HeaderBytes) -> PictureHeader.Facts? {
        var bytes = bytes
        bytes.isBigEndian = false
        guard let length = bytes.number(14, length: 4) else { return nil }
        if length == 12 {
            guard let width = bytes.number(18, length: 2), let height = bytes.number(20, length: 2) else { return nil }
            return PictureHeader.Facts(pages: [Scan.Page(width: Double(width), height: Double(height))])
        }
        guard length >= 40, let width = bytes.number(18, length: 4), let height = bytes.number(22, length: 4),
            let across = bytes.number(38, length: 4), let down = bytes.number(42, length: 4)
        else { return nil }
        // A negative height means that the first row is the top one.
        let rows = abs(Int(Int32(truncatingIfNeeded: height)))
        var page = Scan.Page(width: Double(width), height: Double(rows))
        page.pointShape = PointShape.ratio(across: Double(across), down: Double(down))
        return PictureHeader.Facts(pages: [page])
    }
}
