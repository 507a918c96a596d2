import Foundation

/// Reads the output of `pdfinfo` and `pdfimages`.
enum PDFInfo {
    /// The number after `Pages:`.
    static func pageCount(in output: String) -> Int? {
        output.split(separator: "\n").lazy.filter { $0.hasPrefix("Pages:") }
            .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.first
    }

    /// The sizes in points, from lines such as `Page    1 size: 595.2 x 398.4 pts`.
    static func pageSizes(in output: String) -> [(width: Double, height: Double)] {
        output.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count >= 6, words[0] == "Page", words[2] == "size:", let width = Double(words[3]),
                let height = Double(words[5])
            else { return nil }
            return (width, height)
        }
    }

    /// The corners of a kind of box, page by page, from lines such as `Page    1 CropBox: 0.00 0.00 595.20 398.40`.
    static func boxes(_ name: String, in output: String) -> [[Double]] {
        output.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count >= 7, words[0] == "Page", words[2] == name + ":" else { return nil }
            return words[3...6].compactMap { Double($0) }
        }
    }

    /// A picture on a page.
    struct Picture: Sendable, Hashable {
        /// In points.
        var width: Int
        var height: Int
        /// Points an inch of the page, across and down.
        var across: Double
        var down: Double

        var longestSide: Int { max(width, height) }
        /// The longest side as it is drawn, in inches.
        var drawnSide: Double { max(Double(width) / across, Double(height) / down) }
    }

    /// The pictures, from the table that `pdfimages -list` prints.
    static func pictures(in output: String) -> [Picture] {
        output.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 9, Int(words[0]) != nil, ["image", "mask", "stencil"].contains(words[2]),
                let width = Int(words[3]), let height = Int(words[4]), width > 0, height > 0,
                let across = Double(words[words.count - 4]), let down = Double(words[words.count - 3]),
                (1...100_000).contains(across), (1...100_000).contains(down)
            else { return nil }
            return Picture(width: width, height: height, across: across, down: down)
        }
    }
}
