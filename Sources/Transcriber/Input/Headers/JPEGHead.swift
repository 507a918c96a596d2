import Foundation

/// The facts in a JPEG's segments before its first scan (ITU-T T.81, annex B; JFIF 1.02; EXIF, CIPA DC-008).
struct JPEGHead: Sendable, Hashable {
    /// In points, as they are stored.
    var width: Int
    var height: Int
    /// The colours of each point: one of a gray picture, three of a coloured one, four of one for print.
    var components: Int
    /// True when each scan adds to the ones before.
    var isProgressive: Bool
    /// How the picture lies; `nil` when EXIF data are there that are not understood.
    var orientation: Orientation?
    /// The shape of a point, as `PointShape` has it.
    var pointShape = 1.0
    /// Where the first scan's segment begins, at its marker.
    var firstScan: Int

    /// `nil` for whatever is not an ordinary JPEG: then others have to look at it.
    init?(_ data: Data) {
        let bytes = HeaderBytes(data)
        guard bytes.number(0, length: 2) == 0xFFD8 else { return nil }
        var place = 2
        var frame: (width: Int, height: Int, components: Int)?
        var exifs: [HeaderBytes] = []
        var progressive = false
        while let segment = JPEGSegment(bytes, at: place) {
            switch segment.marker {
            // Baseline, sequential and progressive, with Huffman's codes.
            case 0xC0, 0xC1, 0xC2:
                guard frame == nil, segment.length >= 6, bytes.byte(segment.content) == 8,
                    let height = bytes.number(segment.content + 1, length: 2),
                    let width = bytes.number(segment.content + 3, length: 2),
                    let components = bytes.byte(segment.content + 5)
                else { return nil }
                frame = (width, height, components)
                progressive = segment.marker == 0xC2
            case 0xC4, 0xCC: break
            case 0xC3, 0xC5...0xCF: return nil
            case 0xE0 where bytes.has("JFIF\0", at: segment.content):
                pointShape = PointShape.ratio(
                    across: bytes.number(segment.content + 8, length: 2).map(Double.init),
                    down: bytes.number(segment.content + 10, length: 2).map(Double.init))
            case 0xE1 where bytes.has("Exif\0\0", at: segment.content):
                if let exif = bytes.part(segment.content + 6, length: segment.length - 6) { exifs.append(exif) }
            case 0xDA:
                guard let frame, frame.width > 0, frame.height > 0, exifs.count < 2 else { return nil }
                (width, height, components) = frame
                isProgressive = progressive
                firstScan = place
                guard let exif = exifs.first else {
                    orientation = .topLeft
                    return
                }
                let directory = TIFFDirectory.all(exif).first
                orientation = directory?.orientation
                if let shape = directory?.pointShape, shape != 1 { pointShape = shape }
                return
            default: break
            }
            place = segment.end
        }
        return nil
    }

    /// The same as others see it; `nil` where its orientation is not understood.
    var facts: PictureHeader.Facts? {
        guard let orientation else { return nil }
        var page = Scan.Page(width: Double(width), height: Double(height), orientation: orientation)
        page.isCMYK = components == 4
        page.pointShape = pointShape
        return PictureHeader.Facts(pages: [page])
    }
}

/// A segment: a marker, and content of a length that it tells.
struct JPEGSegment {
    let marker: Int
    let content: Int
    let length: Int
    var end: Int { content + length }

    /// `nil` at the end, and for a marker that has no content.
    init?(_ bytes: HeaderBytes, at place: Int) {
        guard bytes.byte(place) == 0xFF else { return nil }
        var place = place + 1
        // Any number of these may stand before a marker.
        while bytes.byte(place) == 0xFF { place += 1 }
        guard let marker = bytes.byte(place), marker > 0x01, !(0xD0...0xD9).contains(marker),
            let length = bytes.number(place + 1, length: 2), length >= 2, place + 1 + length <= bytes.count
        else { return nil }
        self.marker = marker
        content = place + 3
        self.length = length - 2
    }
}
