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

    /// The longest side of the largest picture in points, from the table that `pdfimages -list` prints.
    static func longestPicture(in output: String) -> Int? {
        output.split(separator: "\n").compactMap { line -> Int? in
            let words = line.split(separator: " ")
            guard words.count > 5, Int(words[0]) != nil, ["image", "mask", "stencil"].contains(words[2]),
                let width = Int(words[3]), let height = Int(words[4])
            else { return nil }
            return max(width, height)
        }.max()
    }
}
