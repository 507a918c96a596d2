/// Checks that a sheet's dates exist, follow each other, and lie in the season of nests.
enum CalendarChecks {
    /// Nest record sheets are of the 20th century at the earliest.
    private static let firstYear = 1900
    /// Days from the first egg to the first young, and from there to the first that flies, for the quickest and the
    /// slowest birds of France, with some room.
    private static let incubation = 9...80
    private static let rearing = 7...150

    static func check(_ fiche: Fiche, currentYear: Int, _ remarks: inout Remarks) {
        let year = fiche.informationsGenerales.annee.flatMap(Int.init)
        if let year, !(firstYear...max(firstYear, currentYear)).contains(year) {
            remarks.add(
                "informations_generales.annee", "annee_plausible", .avertissement,
                "l'année \(year) n'est pas entre \(firstYear) et \(currentYear)")
        }
        let visits = fiche.visitDates
        let milestones = fiche.milestones
        for date in visits + milestones {
            guard let day = date.day else { continue }
            guard let month = date.month else { continue }
            if day > SheetDate.days(in: month, of: year) {
                remarks.add(
                    "\(date.field).\(date.dayKey)", "jour_mois", .erreur, "le \(date.words) n'existe pas")
            }
        }
        checkMonths(visits, .info, &remarks)
        // Of laying, hatching and fledging nothing can be computed without it.
        checkMonths(milestones, .avertissement, &remarks)
        if let lone = LoneMonth(visits) {
            remarks.add(
                "\(visits[lone.index].field).Mois", "mois_isole", .avertissement,
                "le \(visits[lone.index].words) est la seule date qui rompt l'ordre du tableau : sans doute \(lone.words)"
            )
        } else {
            checkOrder(visits, "visites_ordre", &remarks)
        }
        checkOrder(milestones, "resume_ordre", &remarks)
        checkSeason(fiche, visits, milestones, &remarks)
        checkSpan(milestones[0], milestones[1], incubation, "duree_incubation", "de la ponte à l'éclosion", &remarks)
        checkSpan(milestones[1], milestones[2], rearing, "duree_elevage", "de l'éclosion à l'envol", &remarks)
    }

    private static func checkMonths(_ dates: [SheetDate], _ severity: Check.Severity, _ remarks: inout Remarks) {
        for date in dates where date.month == nil {
            guard let day = date.day else { continue }
            remarks.add("\(date.field).Mois", "jour_sans_mois", severity, "le jour \(day) n'a pas de mois")
        }
    }

    /// Each date against the last known one before it.
    private static func checkOrder(_ dates: [SheetDate], _ rule: String, _ remarks: inout Remarks) {
        var last: SheetDate?
        for date in dates where date.month != nil {
            if let last, date.precedes(last) {
                remarks.add(date.field, rule, .avertissement, "\(date.words) vient après \(last.words)")
            }
            last = date
        }
    }

    /// In France nests with eggs or young are rare from November to January, and few in February and October; a look
    /// at an empty nest in winter is only worth a second one.
    private static func checkSeason(
        _ fiche: Fiche, _ visits: [SheetDate], _ milestones: [SheetDate], _ remarks: inout Remarks
    ) {
        let occupied = fiche.tableauDonnees.map { ($0.nombreOeuf ?? 0) > 0 || ($0.nombrePou ?? 0) > 0 }
        for (date, isOccupied) in zip(visits + milestones, occupied + [true, true, true]) {
            guard let month = date.month else { continue }
            let isWinter = [11, 12, 1].contains(month)
            guard isWinter || isOccupied && [2, 10].contains(month) else { continue }
            remarks.add(
                "\(date.field).Mois", "hors_saison", isWinter && isOccupied ? .avertissement : .info,
                "\(date.words) : hors de la saison des nids")
        }
    }

    private static func checkSpan(
        _ first: SheetDate, _ second: SheetDate, _ usual: ClosedRange<Int>, _ rule: String, _ name: String,
        _ remarks: inout Remarks
    ) {
        guard let start = first.dayOfYear, let end = second.dayOfYear, end >= start, !usual.contains(end - start) else {
            return
        }
        remarks.add(
            second.field, rule, first.isEstimated || second.isEstimated ? .info : .avertissement,
            "\(end - start) jours \(name) (\(first.words), \(second.words))")
    }
}
