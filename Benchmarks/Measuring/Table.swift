/// Measurements side by side, printed as a Markdown table that is readable as it is.
struct Table: Sendable {
    var title: String
    /// What stands below the title: how it was measured.
    var note = ""
    var columns: [String]
    var rows: [[String]] = []

    mutating func add(_ cells: String...) { rows.append(cells) }

    var text: String {
        let all = [columns] + rows
        let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = zip(cells, widths).enumerated().map { index, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return index == 0 ? cell.0 + space : space + cell.0
            }
            return "| " + padded.joined(separator: " | ") + " |"
        }
        let rule = widths.enumerated().map { index, width in
            index == 0 ? String(repeating: "-", count: width) : String(repeating: "-", count: max(1, width - 1)) + ":"
        }
        let head = ["### \(title)"] + (note.isEmpty ? [] : ["", note]) + [""]
        return (head + [line(columns), "| " + rule.joined(separator: " | ") + " |"] + rows.map(line))
            .joined(separator: "\n") + "\n"
    }
}

/// Numbers as the tables show them.
enum Shown {
    static func seconds(_ value: Double) -> String { fixed(value, value < 10 ? 3 : 1) + " s" }
    static func megabytes(_ bytes: Int) -> String { fixed(Double(bytes) / 1_000_000, 1) + " MB" }
    static func times(_ value: Double) -> String { fixed(value, 2) + " x" }
    static func percent(_ value: Double) -> String { fixed(value * 100, 1) + " %" }
    static func verdict(_ isMet: Bool) -> String { isMet ? "met" : "MISSED" }

    static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return "–" }
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let whole = (value * scale).rounded()
        guard digits > 0 else { return "\(Int(whole))" }
        let text = "\(Int(whole.magnitude))"
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        return (whole < 0 ? "-" : "") + padded.dropLast(digits) + "." + padded.suffix(digits)
    }
}

extension [Double] {
    /// The value below which that share of all lies, `nil` of none.
    func quantile(_ share: Double) -> Double? {
        guard !isEmpty else { return nil }
        return sorted()[
            Swift.min(
                count - 1,
                Int((Double(count) * share).rounded(.up)) - 1 < 0 ? 0 : Int((Double(count) * share).rounded(.up)) - 1)]
    }

    var median: Double { quantile(0.5) ?? .nan }
}
