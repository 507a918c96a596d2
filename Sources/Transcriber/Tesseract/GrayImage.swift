/// A picture in 256 grays, row by row.
struct GrayImage: Sendable, Hashable {
    let width: Int
    let height: Int
    var pixels: [UInt8]

    init(width: Int, height: Int, pixels: [UInt8]) {
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Reads a binary PGM of 8 bits (netpbm's `P5`), as ImageMagick and pdftoppm write it; `nil` when it is none.
    init?(pgm bytes: [UInt8]) {
        guard bytes.starts(with: [0x50, 0x35]) else { return nil }
        var position = 2
        var numbers: [Int] = []
        while numbers.count < 3 {
            while position < bytes.count, bytes[position] <= 0x20 || bytes[position] == 0x23 {
                if bytes[position] == 0x23 {
                    while position < bytes.count, bytes[position] != 0x0A { position += 1 }
                } else {
                    position += 1
                }
            }
            var number = 0
            let start = position
            while position < bytes.count, (0x30...0x39).contains(bytes[position]), number < 1_000_000 {
                number = number * 10 + Int(bytes[position] - 0x30)
                position += 1
            }
            guard position > start else { return nil }
            numbers.append(number)
        }
        position += 1
        let (width, height) = (numbers[0], numbers[1])
        guard width > 0, height > 0, numbers[2] == 255, bytes.count - position >= width * height else { return nil }
        self.init(width: width, height: height, pixels: Array(bytes[position..<position + width * height]))
    }

    /// The picture as a binary PGM.
    var pgm: [UInt8] { Array("P5\n\(width) \(height)\n255\n".utf8) + pixels }

    /// A part of the picture at double size, with a white border of `margin` pixels: Tesseract reads small print
    /// better doubled, and needs white around it.
    func doubled(_ rect: PixelRect, margin: Int) -> GrayImage {
        let (outWidth, outHeight) = (rect.width * 2 + margin * 2, rect.height * 2 + margin * 2)
        var out = [UInt8](repeating: 255, count: outWidth * outHeight)
        for y in 0..<rect.height * 2 {
            let (y0, y1) = Self.neighbours(rect.y0 * 2 + y, limit: height)
            for x in 0..<rect.width * 2 {
                let (x0, x1) = Self.neighbours(rect.x0 * 2 + x, limit: width)
                let near = 9 * Int(pixels[y0 * width + x0]) + 3 * Int(pixels[y0 * width + x1])
                let far = 3 * Int(pixels[y1 * width + x0]) + Int(pixels[y1 * width + x1])
                out[(y + margin) * outWidth + x + margin] = UInt8((near + far + 8) / 16)
            }
        }
        return GrayImage(width: outWidth, height: outHeight, pixels: out)
    }

    /// The pixel that a pixel of the doubled picture lies in, and the one it is nearest to.
    private static func neighbours(_ doubled: Int, limit: Int) -> (Int, Int) {
        let own = doubled / 2
        let other = doubled % 2 == 0 ? max(0, own - 1) : min(limit - 1, own + 1)
        return (own, other)
    }
}
