/// A GIF's screen (GIF89a, section 18); its first picture is the one that is shown.
enum GIFHead {
    static func facts(_ bytes: HeaderBytes) -> PictureHeader.Facts? {
        var bytes = bytes
        bytes.isBigEndian = false
        guard let width = bytes.number(6, length: 2), let height = bytes.number(8, length: 2) else { return nil }
        var page = Scan.Page(width: Double(width), height: Double(height))
        page.needsFlattening = true
        return PictureHeader.Facts(pages: [page])
    }
}
