extension Evaluation {
    /// The scores as tables for a terminal: each model by kind of field, then each field by model.
    public var table: String {
        let head = ["model", "", "sheets", "fields", "written", "exact", "right", "wrong", "missed", "invented"]
        var rows = [head]
        for model in models {
            rows.append([model, "all", "\(sheetCount(of: model))"] + Self.cells(tally(of: model)))
            for group in FieldGroup.allCases {
                rows.append(["", group.rawValue, ""] + Self.cells(tally(of: model, in: group)))
            }
        }
        var fieldRows = [["field, read right"] + models]
        for field in fields {
            fieldRows.append(
                [field]
                    + models.map { model in
                        let tally = tally(of: model, field: field)
                        let invented = tally.invented > 0 ? " +\(tally.invented)" : ""
                        return Self.percent(tally.rightShare) + invented
                    })
        }
        return Self.aligned(rows, leading: 2) + "\n" + Self.aligned(fieldRows, leading: 1) + "\n"
            + "exact, right (but for case, spaces, œ, apostrophes, end punctuation, 2,5 = 2.5), wrong, missed: of the "
            + "fields written on the paper.\ninvented, and +n: values where the paper is blank; its share is of all "
            + "fields.\n" + reviewText
    }

    /// Every field that was not read right, a line each.
    public var differences: String {
        var lines: [String] = []
        for sheet in sheets {
            for field in sheet.score.fields where [.wrong, .missed, .invented].contains(field.outcome) {
                let expected = field.expected?.serialized(.canonical) ?? "no such row"
                lines.append(
                    "\(sheet.model)  \(sheet.name)  \(field.path)  \(field.outcome.rawValue)  "
                        + "\(expected) -> \(field.read.serialized(.canonical))\n")
            }
        }
        return lines.joined()
    }

    private static func cells(_ tally: ScoreTally) -> [String] {
        [
            "\(tally.all)", "\(tally.written)", percent(tally.exactShare), percent(tally.rightShare),
            percent(tally.wrongShare), percent(tally.missedShare),
            "\(tally.invented) (\(percent(tally.inventedShare, digits: 2)))",
        ]
    }

    static func percent(_ share: Double?, digits: Int = 1) -> String {
        guard let share else { return "–" }
        let scale = digits == 1 ? 10 : 100
        let value = Int((share * 100 * Double(scale)).rounded())
        let fraction = String(value % scale)
        return "\(value / scale).\(String(repeating: "0", count: digits - fraction.count))\(fraction) %"
    }

    /// Columns of one width, the first ones flush left, the others flush right.
    private static func aligned(_ rows: [[String]], leading: Int) -> String {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { cells in
            var line = ""
            for (column, cell) in cells.enumerated() {
                let space = String(repeating: " ", count: widths[column] - cell.count)
                line += (column == 0 ? "" : "  ") + (column < leading ? cell + space : space + cell)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
