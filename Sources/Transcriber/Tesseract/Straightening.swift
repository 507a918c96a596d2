import Foundation

extension GrayImage {
    /// Moves every column up or down so that the level lines become level.
    ///
    /// The lean is taken from the lines near each row: on a sheet fused from two scans, recto and verso lean
    /// differently.
    func straightened(along lines: [RuledLine]) -> GrayImage {
        let middle = Double(width) / 2
        let guides = lines.filter { $0.length > width / 8 }.map {
            (y: $0.across(at: middle), slope: $0.slope, weight: pow(Double($0.length) / Double(width), 3))
        }
        guard !guides.isEmpty else { return self }
        let reach = Double(width) / 60
        var out = [UInt8](repeating: 255, count: width * height)
        for y in 0..<height {
            let nearest = guides.map { abs($0.y - Double(y)) }.min() ?? 0
            var (sum, weights) = (0.0, 0.0)
            for guide in guides {
                let weight = guide.weight * exp((nearest - abs(guide.y - Double(y))) / reach)
                sum += weight * guide.slope
                weights += weight
            }
            let slope = sum / weights
            for x in 0..<width {
                let source = max(0, min(Double(height - 1), Double(y) + slope * (Double(x) - middle)))
                let above = Int(source)
                let below = min(height - 1, above + 1)
                let share = Int((source - Double(above)) * 256)
                let value = Int(pixels[above * width + x]) * (256 - share) + Int(pixels[below * width + x]) * share
                out[y * width + x] = UInt8(value / 256)
            }
        }
        return GrayImage(width: width, height: height, pixels: out)
    }
}
