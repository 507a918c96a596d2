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
        "espece_proposee", "espece_proposee_code", "espece_score", "espece_forme",
        "commune_statut", "commune_code", "commune_nom", "commune_departement", "commune_latitude",
        "commune_longitude", "calcul",
    ]

    init(_ fiche: Fiche, _ lookup: inout NameLookup) {
        let values = FicheValues(fiche)
        lecture =
            [
                SQLValue(values.year), SQLValue(values.nestHeight), SQLValue(values.coverHeight),
                SQLValue(values.altitude), SQLValue(values.firstEgg?.description),
                SQLValue(values.firstHatching?.description), SQLValue(values.firstFledging?.description),
            ] + Self.species(fiche.informationsGenerales, &lookup)
            + Self.commune(fiche.localisation, &lookup) + [SQLValue(lookup.names.digest)]
        visitDates = values.visits.map { SQLValue($0?.description) }
    }

    /// What it was computed with.
    var calculation: SQLValue { lecture.last ?? .null }

    private static func species(_ general: Fiche.InformationsGenerales, _ lookup: inout NameLookup) -> [SQLValue] {
        let form = general.espece.flatMap(SpeciesReference.form)
        guard let match = lookup.species(general) else { return Array(repeating: .null, count: 8) + [SQLValue(form)] }
        if match.mayBeLearned, let form, let learned = lookup.learned(form, code: general.nEspece) {
            return [
                SQLValue(learned.isAgreed ? SpeciesMatch.Status.certaine.rawValue : "appris"), SQLValue("equivalence"),
            ]
                + columns(of: learned.species) + [.null, .null, .null, SQLValue(form)]
        }
        let certain = match.status == .certaine ? match.species : nil
        let proposed = match.status == .proposee ? match.species : nil
        let source = certain == nil ? nil : match.score == 1 ? "nom" : "code"
        return [SQLValue(match.status.rawValue), SQLValue(source)] + columns(of: certain) + [
            SQLValue(proposed?.frenchName), SQLValue(proposed?.code), SQLValue(match.score), SQLValue(form),
        ]
    }

    private static func columns(of species: Species?) -> [SQLValue] {
        // A list without EURING's codes has species without one.
        let code = species?.code ?? ""
        return [
            code.isEmpty ? .null : SQLValue(code), SQLValue(species?.frenchName), SQLValue(species?.scientificName),
        ]
    }

    private static func commune(_ place: Fiche.Localisation, _ lookup: inout NameLookup) -> [SQLValue] {
        let match = lookup.commune(place)
        let commune = match?.commune
        return [
            SQLValue(match?.status.rawValue), SQLValue(commune?.code), SQLValue(commune?.name),
            SQLValue(commune?.department), SQLValue(commune?.latitude), SQLValue(commune?.longitude),
        ]
    }
}

extension SpeciesMatch {
    /// True where the words fit no row of the reference, and are no name of several species.
    var mayBeLearned: Bool { status == .proposee || status == .inconnue }
}
