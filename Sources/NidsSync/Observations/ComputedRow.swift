import Transcriber

/// What is computed of a reading: numbers and days beside its texts, and the names that these stand for.
struct ComputedRow: Sendable {
    /// The values of `columns`.
    let lecture: [SQLValue]
    /// `date_visite` of each visit.
    let visitDates: [SQLValue]

    static let columns = [
        "annee_nombre", "hauteur_nid_m", "hauteur_couvert_m", "altitude_m",
        "date_premier_oeuf", "date_premiere_eclosion", "date_premier_envol",
        "espece_statut", "espece_source", "espece_code", "espece_nom", "espece_scientifique",
        "espece_proposee", "espece_proposee_code", "espece_score", "espece_forme", "calcul",
    ]

    init(_ fiche: Fiche, _ lookup: inout NameLookup) {
        let values = FicheValues(fiche)
        lecture =
            [
                SQLValue(values.year), SQLValue(values.nestHeight), SQLValue(values.coverHeight),
                SQLValue(values.altitude), SQLValue(values.firstEgg?.description),
                SQLValue(values.firstHatching?.description), SQLValue(values.firstFledging?.description),
            ] + Self.species(fiche.informationsGenerales, &lookup)
            + [SQLValue(lookup.names.digest)]
        visitDates = values.visits.map { SQLValue($0?.description) }
    }

    /// What it was computed with.
    var calculation: SQLValue { lecture.last ?? .null }

    private static func species(_ general: Fiche.InformationsGenerales, _ lookup: inout NameLookup) -> [SQLValue] {
        let form = general.espece.flatMap(SpeciesReference.form)
        let match = lookup.species(general)
        let certain = match?.status == .certaine ? match?.species : nil
        let proposed = match?.status == .proposee ? match?.species : nil
        let source = certain == nil ? nil : match?.score == 1 ? "nom" : "code"
        return [
            SQLValue(match?.status.rawValue), SQLValue(source),
            SQLValue(certain?.code), SQLValue(certain?.frenchName), SQLValue(certain?.scientificName),
            SQLValue(proposed?.frenchName), SQLValue(proposed?.code), SQLValue(match?.score), SQLValue(form),
        ]
    }
}
