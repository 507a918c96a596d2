import Foundation

/// The facts in a JPEG's segments before its first scan (ITU-T T.81, annex B).
struct JPEGHead: Sendable, Hashable {
    /// In points, as they are stored.
    var width: Int
    var height: Int
    /// The colours of each point: one of a gray picture, three of a coloured one, four of one for print.
    var components: Int
    /// True when there is EXIF data, which may say that the picture is turned.
    var hasExif: Bool

    /// `nil` for whatever is not an ordinary JPEG: then others have to look at it.
    init?(_ bytes: Data) {
        var reader = Reader(bytes: bytes)
        guard reader.next() == 0xFF, reader.next() == 0xD8 else { return nil }
        var frame: (width: Int, height: Int, components: Int)?
        var exifs = 0
        while let (marker, segment) = reader.segment() {
            switch marker {
            // Baseline, sequential and progressive, with Huffman's codes.
            case 0xC0, 0xC1, 0xC2:
                let content = bytes[segment]
                guard frame == nil, content.count >= 6, content.first == 8 else { return nil }
                let fields = Array(content.prefix(6)).map(Int.init)
                frame = (fields[3] << 8 | fields[4], fields[1] << 8 | fields[2], fields[5])
            case 0xC4, 0xCC: continue
            case 0xC3, 0xC5...0xCF: return nil
            case 0xE1:
                if bytes[segment].starts(with: Self.exifMark) { exifs += 1 }
            case 0xDA:
                guard let frame, frame.width > 0, frame.height > 0, exifs < 2 else { return nil }
                (width, height, components) = frame
                hasExif = exifs > 0
                return
            default: continue
            }
        }
        return nil
    }

    private static let exifMark = Array("Exif\0\0".utf8)

    private struct Reader {
        let bytes: Data
        private var position: Data.Index

        init(bytes: Data) {
            self.bytes = bytes
            position = bytes.startIndex
        }

        mutating func next() -> UInt8? {
            guard position < bytes.endIndex else { return nil }
            defer { position += 1 }
            return bytes[position]
        }

        /// The next segment's marker and where its content lies; `nil` at the end, and for what has no content.
        mutating func segment() -> (marker: UInt8, content: Range<Data.Index>)? {
            guard next() == 0xFF, var marker = next() else { return nil }
            // Any number of these may stand before a marker.
            while marker == 0xFF {
                guard let following = next() else { return nil }
                marker = following
            }
            guard marker > 0x01, !(0xD0...0xD9).contains(marker), let high = next(), let low = next() else {
                return nil
            }
            let length = Int(high) << 8 | Int(low)
            guard length >= 2, length - 2 <= bytes.endIndex - position else { return nil }
            defer { position += length - 2 }
            return (marker, position..<position + length - 2)
        }
    }
}
