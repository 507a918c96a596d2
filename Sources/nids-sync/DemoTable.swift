import Foundation
import Transcriber

/// The readings of the demo's sheets, as a table for a terminal.
struct DemoTable {
    private struct Row {
        var cells: [String]
        var score: FicheScore
    }

    private var rows: [Row] = []

    /// Sheets of which at least 80 % of the fields that are not blank are right.
    var goodSheets: Int { rows.count { $0.score.accuracy >= 0.8 } }

    mutating func add(_ name: String, read: JSONValue, truth: JSONValue) {
        let score = FicheScore.compare(read: read, truth: truth)
        let general = read["informations_generales"]
        let cells = [
            name,
            general?["espece"]?.string ?? "–",
            read["localisation"]?["commune"]?.string ?? "–",
            general?["annee"]?.string ?? "–",
            "\(read["tableau_donnees"]?.array?.count ?? 0)",
            "\(score.right) of \(score.nonNull)",
            Self.percent(score.accuracy),
            "\(score.invented)",
        ]
        rows.append(Row(cells: cells, score: score))
    }

    var text: String {
        let head = ["sheet", "espèce", "commune", "année", "visits", "fields right", "", "invented"]
        let right = rows.reduce(0) { $0 + $1.score.right }
        let nonNull = rows.reduce(0) { $0 + $1.score.nonNull }
        let share = nonNull == 0 ? 0 : Double(right) / Double(nonNull)
        let sum = ["all", "", "", "", "", "\(right) of \(nonNull)", Self.percent(share), ""]
        let lines = [head] + rows.map(\.cells) + [sum]
        let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return "\n"
            + lines.map { cells in
                zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
            }.joined(separator: "\n") + "\n"
    }

    private static func percent(_ share: Double) -> String { String(format: "%.0f %%", share * 100) }
}
