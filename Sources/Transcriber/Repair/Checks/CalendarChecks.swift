/// Whether a sheet's dates exist and follow each other.
enum CalendarChecks {
    /// Nest record sheets are of the 20th century at the earliest.
    private static let firstYear = 1900

    static func controles(for fiche: Fiche, currentYear: Int) -> [Controle] {
        let year = fiche.informationsGenerales.annee.flatMap(Int.init)
        var controles: [Controle] = []
        if let year, !(firstYear...max(firstYear, currentYear)).contains(year) {
            controles.append(
                Controle(
                    champ: "informations_generales.annee", regle: "annee_plausible", gravite: .avertissement,
                    message: "l'année \(year) n'est pas entre \(firstYear) et \(currentYear)"))
        }
        let visites = fiche.tableauDonnees.enumerated().map { index, visite in
            Place(champ: "tableau_donnees[\(index)]", key: "Jour", day: visite.jour, month: visite.mois)
        }
        let resume = fiche.tableauDonnees2
        let milestones = [
            ("1er_o_pondu", resume.premierOeufPondu), ("1er_p_eclos", resume.premierPoussinEclos),
            ("1er_p_volant", resume.premierPoussinVolant),
        ].map { name, date in
            Place(champ: "tableau_donnees_2.\(name)", key: "jour", day: date.jour, month: date.mois)
        }
        for place in visites + milestones {
            guard let day = place.day, let month = place.month, day > days(in: month, of: year) else { continue }
            controles.append(
                Controle(
                    champ: "\(place.champ).\(place.key)", regle: "jour_mois", gravite: .erreur,
                    message: "le \(day)/\(month) n'existe pas"))
        }
        return controles + order(visites, "visites_ordre") + order(milestones, "resume_ordre")
    }

    private struct Place {
        let champ: String
        let key: String
        let day: Int?
        let month: Int?
    }

    /// Each date against the last known one before it: a day is compared when both have one.
    private static func order(_ places: [Place], _ regle: String) -> [Controle] {
        var controles: [Controle] = []
        var last: (day: Int?, month: Int)?
        for place in places {
            guard let month = place.month else { continue }
            if let last {
                let sameMonthEarlier = month == last.month && (place.day ?? 31) < (last.day ?? 1)
                if month < last.month || sameMonthEarlier {
                    let before = last.day.map { "\($0)/\(last.month)" } ?? "mois \(last.month)"
                    let after = place.day.map { "\($0)/\(month)" } ?? "mois \(month)"
                    controles.append(
                        Controle(
                            champ: place.champ, regle: regle, gravite: .avertissement,
                            message: "\(after) vient après \(before)"))
                }
            }
            last = (place.day, month)
        }
        return controles
    }

    private static func days(in month: Int, of year: Int?) -> Int {
        switch month {
        case 2:
            guard let year else { return 29 }
            return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: return 30
        default: return 31
        }
    }
}
