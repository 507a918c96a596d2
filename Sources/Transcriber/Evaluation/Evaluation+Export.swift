extension Evaluation {
    /// The scores as CSV (RFC 4180): a line for each model, group of fields and field.
    public var csv: String {
        let counts = ["fields", "written", "exact", "normalised", "wrong", "missed", "invented"]
        let shares = ["exact_share", "right_share", "missed_share", "invented_share"]
        var lines = [["model", "scope", "name", "sheets"] + counts + shares]
        for model in models {
            let sheets = "\(sheetCount(of: model))"
            lines.append([model, "all", "", sheets] + Self.numbers(tally(of: model)))
            for group in FieldGroup.allCases {
                lines.append([model, "kind", group.rawValue, sheets] + Self.numbers(tally(of: model, in: group)))
            }
            for field in fields {
                lines.append([model, "field", field, sheets] + Self.numbers(tally(of: model, field: field)))
            }
        }
        return lines.map { $0.map(Self.quoted).joined(separator: ",") + "\r\n" }.joined()
    }

    /// The scores as a JSON document: by model, in all, by kind, by field, by sheet.
    public var json: JSONValue {
        let entries = models.map { model -> (String, JSONValue) in
            let groups = FieldGroup.allCases.map { ($0.rawValue, Self.object(tally(of: model, in: $0))) }
            let fields = fields.map { ($0, Self.object(tally(of: model, field: $0))) }
            let sheets = sheets.filter { $0.model == model }.map { sheet -> JSONValue in
                var tally = ScoreTally()
                for field in sheet.score.fields { tally.add(field) }
                return ["sheet": .string(sheet.name), "score": Self.object(tally)]
            }
            return (
                model,
                [
                    "sheets": .integer(sheetCount(of: model)), "all": Self.object(tally(of: model)),
                    "kinds": .object(JSONObject(groups)), "fields": .object(JSONObject(fields)),
                    "by_sheet": .array(sheets), "review_order": reviewOrder(of: model)?.json ?? .null,
                ]
            )
        }
        return ["models": .object(JSONObject(entries))]
    }

    private static func numbers(_ tally: ScoreTally) -> [String] {
        [tally.all, tally.written, tally.exact, tally.normalised, tally.wrong, tally.missed, tally.invented].map(
            String.init)
            + [tally.exactShare, tally.rightShare, tally.missedShare, tally.inventedShare].map { share in
                share.map { "\(rounded($0))" } ?? ""
            }
    }

    private static func object(_ tally: ScoreTally) -> JSONValue {
        func share(_ value: Double?) -> JSONValue { value.map { .number(rounded($0)) } ?? .null }
        return [
            "fields": .integer(tally.all), "written": .integer(tally.written), "exact": .integer(tally.exact),
            "normalised": .integer(tally.normalised), "wrong": .integer(tally.wrong), "missed": .integer(tally.missed),
            "invented": .integer(tally.invented), "exact_share": share(tally.exactShare),
            "right_share": share(tally.rightShare), "missed_share": share(tally.missedShare),
            "invented_share": share(tally.inventedShare),
        ]
    }

    private static func rounded(_ share: Double) -> Double { (share * 10_000).rounded() / 10_000 }

    private static func quoted(_ cell: String) -> String {
        guard cell.contains(where: { ",\"\r\n".contains($0) }) else { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
}
