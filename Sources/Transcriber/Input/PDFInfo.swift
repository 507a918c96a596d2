import Foundation

/// Reads what `pdfinfo` prints.
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
}
