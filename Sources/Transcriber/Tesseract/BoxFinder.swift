/// Recognises tick boxes among the patches of ink, ticked or not.
struct BoxFinder {
    let mask: InkMask
    let letterHeight: Double

    /// The boxes among the patches: those that are drawn clearly, and what resembles one beside a clear one of its size.
    func boxes(in patches: [PixelRect]) -> [PixelRect] {
        let clear = patches.compactMap { box(in: $0, isClear: true) }
        return patches.compactMap { patch in
            guard let box = box(in: patch, isClear: false) else { return nil }
            let isBox = clear.contains {
                abs($0.width - box.width) * 5 <= box.width && abs($0.midY - box.midY) < letterHeight / 2
            }
            return isBox ? box : nil
        }
    }

    /// The square in a patch, without the ends of a tick that stick out of it; `nil` when there is none.
    private func box(in patch: PixelRect, isClear: Bool) -> PixelRect? {
        guard Double(patch.width) > letterHeight, Double(patch.height) > letterHeight,
            Double(max(patch.width, patch.height)) < letterHeight * 6
        else { return nil }
        let rows = (patch.y0..<patch.y1).filter { y in
            (patch.x0..<patch.x1).count { isInk($0, y) } * 10 >= patch.width * 6
        }
        let columns = (patch.x0..<patch.x1).filter { x in
            (patch.y0..<patch.y1).count { isInk(x, $0) } * 10 >= patch.height * 6
        }
        guard let top = rows.first, let bottom = rows.last, let left = columns.first, let right = columns.last else {
            return nil
        }
        let box = PixelRect(x0: left, y0: top, x1: right + 1, y1: bottom + 1)
        let (width, height) = (Double(box.width), Double(box.height))
        guard min(width, height) > letterHeight, max(width, height) < letterHeight * 3.5,
            abs(width - height) < 0.3 * max(width, height), hasCorners(box, slack: box.width / (isClear ? 14 : 9)),
            hasSides(box, slack: box.width / (isClear ? 14 : 8), percent: isClear ? 92 : 80)
        else { return nil }
        return box
    }

    /// Letters with four sides (D, O), and two digits that touch, have round corners.
    private func hasCorners(_ box: PixelRect, slack: Int) -> Bool {
        let reach = max(1, slack)
        return [(box.x0, box.y0), (box.x1 - 1, box.y0), (box.x0, box.y1 - 1), (box.x1 - 1, box.y1 - 1)].allSatisfy {
            x, y in
            (max(box.x0, x - reach)...min(box.x1 - 1, x + reach)).contains { column in
                (max(box.y0, y - reach)...min(box.y1 - 1, y + reach)).contains { isInk(column, $0) }
            }
        }
    }

    /// A drawn side is ink from end to end, in one row of pixels or, where it leans, in two.
    private func hasSides(_ box: PixelRect, slack: Int, percent: Int) -> Bool {
        let rim = 0...max(1, slack)
        let level = [true, false].allSatisfy { atTop in
            (box.x0..<box.x1).count { x in rim.contains { isInk(x, atTop ? box.y0 + $0 : box.y1 - 1 - $0) } } * 100
                >= box.width * percent
        }
        let upright = [true, false].allSatisfy { atLeft in
            (box.y0..<box.y1).count { y in rim.contains { isInk(atLeft ? box.x0 + $0 : box.x1 - 1 - $0, y) } } * 100
                >= box.height * percent
        }
        return level && upright
    }

    private func isInk(_ x: Int, _ y: Int) -> Bool { mask.ink[y * mask.width + x] }
}
