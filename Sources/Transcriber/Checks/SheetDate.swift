/// A day of the year as a sheet gives it, somewhere in the sheet.
struct SheetDate {
    /// The visit or milestone: `tableau_donnees[2]`.
    let field: String
    /// The key of its day: `Jour` or `jour`.
    let dayKey: String
    let day: Int?
    let month: Int?
    /// True when the sheet calls it an estimate.
    var isEstimated = false

    /// As it is written in a message.
    var words: String {
        switch (day, month) {
        case (let day?, let month?): "\(day)/\(month)"
        case (nil, let month?): "mois \(month)"
        case (let day?, nil): "jour \(day)"
        case (nil, nil): "sans date"
        }
    }

    /// Days since the 1st of January of a leap year, when both are known.
    var dayOfYear: Int? {
        guard let day, let month, Self.daysBefore.indices.contains(month - 1) else { return nil }
        return Self.daysBefore[month - 1] + day
    }

    private static let daysBefore = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335]

    /// The days of a month; of February 29 when the year is not known.
    static func days(in month: Int, of year: Int?) -> Int {
        switch month {
        case 2:
            guard let year else { return 29 }
            return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: return 30
        default: return 31
        }
    }
}

extension Fiche {
    /// The visits' dates, in the table's order.
    var visitDates: [SheetDate] {
        tableauDonnees.enumerated().map { index, visite in
            SheetDate(field: "tableau_donnees[\(index)]", dayKey: "Jour", day: visite.jour, month: visite.mois)
        }
    }

    /// First egg, first young hatched, first young fledged.
    var milestones: [SheetDate] {
        [
            ("1er_o_pondu", tableauDonnees2.premierOeufPondu), ("1er_p_eclos", tableauDonnees2.premierPoussinEclos),
            ("1er_p_volant", tableauDonnees2.premierPoussinVolant),
        ].map { name, date in
            SheetDate(
                field: "tableau_donnees_2.\(name)", dayKey: "jour", day: date.jour, month: date.mois,
                isEstimated: date.precision.map { !$0.lowercased().hasPrefix("exact") } ?? false)
        }
    }
}
