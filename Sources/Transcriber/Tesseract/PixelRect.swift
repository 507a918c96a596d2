/// A rectangle of pixels: `x0` and `y0` are inside, `x1` and `y1` are the first outside.
struct PixelRect: Sendable, Hashable {
    var x0: Int
    var y0: Int
    var x1: Int
    var y1: Int

    var width: Int { x1 - x0 }
    var height: Int { y1 - y0 }
    var midX: Double { Double(x0 + x1) / 2 }
    var midY: Double { Double(y0 + y1) / 2 }

    func union(_ other: PixelRect) -> PixelRect {
        PixelRect(x0: min(x0, other.x0), y0: min(y0, other.y0), x1: max(x1, other.x1), y1: max(y1, other.y1))
    }

    func contains(x: Double, y: Double) -> Bool {
        x >= Double(x0) && x < Double(x1) && y >= Double(y0) && y < Double(y1)
    }

    /// The pixels of height that both share, negative for a gap.
    func verticalOverlap(_ other: PixelRect) -> Int { min(y1, other.y1) - max(y0, other.y0) }

    /// The pixels between both side by side, negative for an overlap.
    func horizontalGap(_ other: PixelRect) -> Int { max(x0, other.x0) - min(x1, other.x1) }
}
