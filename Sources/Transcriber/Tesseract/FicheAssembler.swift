/// Makes a sheet of what was read on its pages.
struct FicheAssembler {
    private let pages: [ReadPage]
    private let rules: FieldRules

    init(pages: [ReadPage]) {
        self.pages = pages
        rules = FieldRules(sheet: pages.flatMap(\.readings))
    }

    func fiche() -> Fiche {
        func reading(_ label: FieldLabel) -> FieldReading? {
            pages.lazy.compactMap { $0.form.reading(of: label) }.first
        }
        var fiche = Fiche()
        fiche.informationsGenerales.nFiche = rules.text(reading(.nFiche))
        fiche.informationsGenerales.observateur = rules.text(reading(.observateur))
        fiche.informationsGenerales.nEspece = rules.integer(reading(.nEspece), in: 1...999_999)
        fiche.informationsGenerales.espece = rules.text(reading(.espece))
        fiche.informationsGenerales.annee = rules.year(reading(.annee))
        fiche.nid.nidPrecTMemeCPle = pages.lazy.compactMap { $0.form.ticked() }.first
        fiche.nid.hautNid = rules.decimal(reading(.hautNid))
        fiche.nid.hCVert = rules.decimal(reading(.hCVert))
        fiche.nid.nid = rules.text(reading(.nid))
        fiche.localisation.ign50000 = rules.text(reading(.ign))
        fiche.localisation.commune = rules.text(reading(.commune))
        fiche.localisation.depT = rules.department(reading(.departement))
        fiche.localisation.coordonneesEtOuLieuDit = rules.text(reading(.lieuDit))
        fiche.localisation.altitude = rules.decimal(reading(.altitude))
        fiche.localisation.paysage = rules.text(reading(.paysage))
        fiche.localisation.alentours = rules.text(reading(.alentours))
        let visits = pages.flatMap(\.visits).compactMap(visit)
        let dated = visits.count { $0.jour != nil && $0.mois != nil }
        // Where most rows have their whole date, half a date is one that was not read.
        fiche.tableauDonnees = visits.filter {
            dated * 2 <= visits.count || ($0.jour == nil) == ($0.mois == nil)
        }
        fiche.tableauDonnees2 = summary(pages.map(\.summary).reduce(into: [:]) { $0.merge($1) { first, _ in first } })
        fiche.causesEchec.causesDEchec = rules.text(reading(.causesEchec))
        fiche.remarque = rules.text(reading(.remarques))
        return fiche
    }

    private func visit(_ row: VisitReading) -> Fiche.Visite? {
        var visit = Fiche.Visite()
        visit.jour = rules.integer(row.cells[.jour], in: 1...31)
        visit.mois = rules.integer(row.cells[.mois], in: 1...12)
        if visit.jour == nil, visit.mois == nil, let both = rules.dayAndMonth(row.cells[.jour]) {
            (visit.jour, visit.mois) = both
        }
        // Without its date a visit cannot be told from another one; a date that is there but illegible spoils the row.
        if visit.jour == nil, row.cells[.jour] != nil { return nil }
        if visit.mois == nil, row.cells[.mois] != nil { return nil }
        visit.heure = rules.hour(row.cells[.heure])
        visit.nombreOeuf = rules.integer(row.cells[.oeuf], in: 0...99)
        visit.nombrePou = rules.integer(row.cells[.pou], in: 0...99)
        visit.age = rules.days(row.cells[.age])
        visit.observations = rules.text(row.cells[.observations])
        // A lone number without a date is more often a speck or a border's remnant than a visit.
        let written = row.cells.values.count { !$0.text.isEmpty }
        if visit.jour == nil, visit.mois == nil, written < 2, visit.observations == nil { return nil }
        return visit.isBlank ? nil : visit
    }

    private func summary(_ cells: [SummaryColumn: FieldReading]) -> Fiche.Resume {
        func date(_ day: SummaryColumn, _ month: SummaryColumn, _ precision: SummaryColumn) -> Fiche.DateResume {
            var date = Fiche.DateResume()
            date.jour = rules.integer(cells[day], in: 1...31)
            date.mois = rules.integer(cells[month], in: 1...12)
            date.precision = rules.days(cells[precision])
            return date
        }
        func count(_ column: SummaryColumn) -> Int? { rules.integer(cells[column], in: 0...99) }
        var resume = Fiche.Resume()
        resume.premierOeufPondu = date(.pondJour, .pondMois, .pondPrecision)
        resume.premierPoussinEclos = date(.eclosJour, .eclosMois, .eclosPrecision)
        resume.premierPoussinVolant = date(.volantJour, .volantMois, .volantPrecision)
        resume.nombreOeufs.pondus = count(.oeufsPondus)
        resume.nombreOeufs.eclos = count(.oeufsEclos)
        resume.nombreOeufs.nEcl = count(.oeufsNonEclos)
        resume.nombrePoussins.unDemi = count(.poussinsDemi)
        resume.nombrePoussins.troisQuarts = count(.poussinsTroisQuarts)
        resume.nombrePoussins.volT = count(.poussinsVolants)
        return resume
    }
}
