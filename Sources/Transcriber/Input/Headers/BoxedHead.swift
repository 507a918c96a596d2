/// Pictures in boxes: JPEG 2000 (ITU-T T.800, annexes A and I), HEIF and AVIF (ISO/IEC 23008-12).
enum BoxedHead {
    /// Boxes deeper, or more of them, than any picture has.
    private static let depthLimit = 6
    private static let boxLimit = 10_000

    static func jpeg2000(_ bytes: HeaderBytes) -> PictureHeader.Facts? {
        // A codestream without boxes begins with SOC and SIZ.
        if bytes.number(0, length: 4) == 0xFF4F_FF51 {
            guard let right = bytes.number(8, length: 4), let bottom = bytes.number(12, length: 4),
                let left = bytes.number(16, length: 4), let top = bytes.number(20, length: 4), right > left,
                bottom > top
            else { return nil }
            return PictureHeader.Facts(pages: [Scan.Page(width: Double(right - left), height: Double(bottom - top))])
        }
        var walk = Walk(bytes: bytes, containers: ["jp2h": 0])
        walk.boxes(in: 0..<bytes.count, depth: 0) { name, content in
            name == "ihdr" ? size(bytes, heightFirst: true, at: content) : nil
        }
        return walk.largest.map { PictureHeader.Facts(pages: [$0]) }
    }

    /// The largest of the pictures in it: the parts of one are smaller.
    static func heif(_ bytes: HeaderBytes) -> PictureHeader.Facts? {
        // "meta" has four bytes of version and flags before its boxes.
        var walk = Walk(bytes: bytes, containers: ["meta": 4, "iprp": 0, "ipco": 0])
        walk.boxes(in: 0..<bytes.count, depth: 0) { name, content in
            name == "ispe" ? size(bytes, heightFirst: false, at: content + 4) : nil
        }
        guard var page = walk.largest else { return nil }
        page.needsFlattening = true
        return PictureHeader.Facts(pages: [page])
    }

    private static func size(_ bytes: HeaderBytes, heightFirst: Bool, at place: Int) -> Scan.Page? {
        guard let first = bytes.number(place, length: 4), let second = bytes.number(place + 4, length: 4) else {
            return nil
        }
        let (width, height) = heightFirst ? (second, first) : (first, second)
        return Scan.Page(width: Double(width), height: Double(height))
    }

    private struct Walk {
        let bytes: HeaderBytes
        /// Boxes that hold boxes, and the bytes before these.
        let containers: [String: Int]
        var largest: Scan.Page?
        private var seen = 0

        init(bytes: HeaderBytes, containers: [String: Int]) {
            self.bytes = bytes
            self.containers = containers
        }

        mutating func boxes(in range: Range<Int>, depth: Int, size: (String, Int) -> Scan.Page?) {
            var place = range.lowerBound
            while place + 8 <= range.upperBound, seen < BoxedHead.boxLimit, let told = bytes.number(place, length: 4) {
                seen += 1
                let name = String(
                    decoding: (4..<8).compactMap { bytes.byte(place + $0).map(UInt8.init) }, as: UTF8.self)
                var (length, head) = (told, 8)
                if told == 1 {
                    // A length of eight bytes; no file here needs the upper four.
                    guard bytes.number(place + 8, length: 4) == 0, let long = bytes.number(place + 12, length: 4) else {
                        return
                    }
                    (length, head) = (long, 16)
                } else if told == 0 {
                    length = range.upperBound - place
                }
                guard length >= head else { return }
                let end = min(range.upperBound, place + length)
                if let page = size(name, place + head),
                    page.width * page.height > largest.map({ $0.width * $0.height }) ?? 0
                {
                    largest = page
                }
                if let before = containers[name], depth < BoxedHead.depthLimit, place + head + before <= end {
                    boxes(in: place + head + before..<end, depth: depth + 1, size: size)
                }
                place = end
            }
        }
    }
}
