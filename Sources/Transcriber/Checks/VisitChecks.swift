/// Checks that the visits agree with the summary.
enum VisitChecks {
    static func check(_ fiche: Fiche, _ remarks: inout Remarks) {
        let resume = fiche.tableauDonnees2
        let visits = Array(zip(fiche.tableauDonnees, fiche.visitDates))
        for (visite, date) in visits { check(visite, date, resume, &remarks) }
        for (index, (visite, date)) in visits.enumerated() where index > 0 && visite == visits[index - 1].0 {
            remarks.add(date.field, "visite_repetee", .info, "la même ligne que la précédente")
        }
        checkHours(fiche.tableauDonnees, &remarks)
        let milestones = fiche.milestones
        checkFirst(milestones[0], "ponte_visites", "des œufs", visits, { $0.nombreOeuf }, &remarks)
        checkFirst(milestones[1], "eclosion_visites", "des poussins", visits, { $0.nombrePou }, &remarks)
        if let fledged = resume.nombrePoussins.volT,
            let most = fiche.tableauDonnees.compactMap(\.nombrePou).max(), most > 0, fledged > most
        {
            remarks.add(
                "tableau_donnees_2.nombre_poussins.vol_t", "volants_visites", .info,
                "\(fledged) poussins volants, alors que \(most) au plus ont été vus au nid")
        }
    }

    private static func check(
        _ visite: Fiche.Visite, _ date: SheetDate, _ resume: Fiche.Resume, _ remarks: inout Remarks
    ) {
        let (eggs, young) = (visite.nombreOeuf ?? 0, visite.nombrePou ?? 0)
        CountChecks.checkSize(visite.nombreOeuf, "\(date.field).Nombre_oeuf", &remarks)
        CountChecks.checkSize(visite.nombrePou, "\(date.field).Nombre_pou", &remarks)
        if let laid = resume.nombreOeufs.pondus {
            if eggs > laid {
                remarks.add(
                    "\(date.field).Nombre_oeuf", "oeufs_pondus", .avertissement,
                    "\(eggs) œufs au nid pour \(laid) pondus")
            } else if eggs + young > laid {
                remarks.add(
                    "\(date.field).Nombre_pou", "contenu_pondus", .avertissement,
                    "\(eggs) œufs et \(young) poussins au nid pour \(laid) œufs pondus")
            }
        }
        if let hatched = resume.nombreOeufs.eclos, young > hatched {
            remarks.add(
                "\(date.field).Nombre_pou", "poussins_eclos", .avertissement,
                "\(young) poussins au nid pour \(hatched) œufs éclos")
        }
        if visite.age != nil, young == 0 {
            remarks.add("\(date.field).age", "age_sans_poussin", .info, "un âge, mais aucun poussin compté")
        }
    }

    /// Nobody looks into nests at one in the morning: ticks, or the ones of another column, were taken for hours.
    private static func checkHours(_ visits: [Fiche.Visite], _ remarks: inout Remarks) {
        let hours = visits.compactMap(\.heure)
        let ones = hours.count { $0 == 1 }
        guard hours.count >= fewestHours, ones * 5 >= hours.count * 4 else { return }
        remarks.add(
            "tableau_donnees", "heures_a_une", .avertissement,
            "\(ones) heures sur \(hours.count) sont 1 : la colonne a-t-elle été bien lue ?")
    }

    /// Fewer hours are no column yet.
    private static let fewestHours = 4

    /// Checks that nothing was seen in the nest before it was there first, by the summary.
    private static func checkFirst(
        _ first: SheetDate, _ rule: String, _ name: String, _ visits: [(Fiche.Visite, SheetDate)],
        _ count: (Fiche.Visite) -> Int?, _ remarks: inout Remarks
    ) {
        guard let start = first.dayOfYear,
            let early = visits.first(where: { visite, date in
                (count(visite) ?? 0) > 0 && date.dayOfYear.map { $0 < start } == true
            })
        else { return }
        remarks.add(
            first.field, rule, first.isEstimated ? .info : .avertissement,
            "\(first.words) : \(name) ont été vus le \(early.1.words) déjà")
    }
}
