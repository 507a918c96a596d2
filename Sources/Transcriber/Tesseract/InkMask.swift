/// Which pixels of a picture are ink: darker than the paper around them.
struct InkMask: Sendable {
    let width: Int
    let height: Int
    var ink: [Bool]
    /// The paper's brightness around each pixel.
    let paper: [UInt8]

    /// Compares every pixel with the mean around it (a square of `2 * radius + 1`), so shadows do not matter.
    init(_ image: GrayImage, radius: Int) {
        let (width, height) = (image.width, image.height)
        var sums = [Int32](repeating: 0, count: (width + 1) * (height + 1))
        for y in 0..<height {
            var row: Int32 = 0
            for x in 0..<width {
                row &+= Int32(image.pixels[y * width + x])
                sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] &+ row
            }
        }
        var ink = [Bool](repeating: false, count: width * height)
        var paper = [UInt8](repeating: 255, count: width * height)
        for y in 0..<height {
            let (top, bottom) = (max(0, y - radius) * (width + 1), min(height, y + radius + 1) * (width + 1))
            let rows = Int32((bottom - top) / (width + 1))
            for x in 0..<width {
                let (left, right) = (max(0, x - radius), min(width, x + radius + 1))
                let sum = sums[bottom + right] &- sums[bottom + left] &- sums[top + right] &+ sums[top + left]
                let mean = sum / (rows * Int32(right - left))
                paper[y * width + x] = UInt8(mean)
                ink[y * width + x] = Int32(image.pixels[y * width + x]) * 100 < mean * 86
            }
        }
        self.width = width
        self.height = height
        self.ink = ink
        self.paper = paper
    }

    /// The share of ink in a rectangle, 0 to 1.
    func density(in rect: PixelRect) -> Double {
        var count = 0
        for y in max(0, rect.y0)..<min(height, rect.y1) {
            for x in max(0, rect.x0)..<min(width, rect.x1) where ink[y * width + x] { count += 1 }
        }
        return Double(count) / Double(max(1, rect.width * rect.height))
    }
}
