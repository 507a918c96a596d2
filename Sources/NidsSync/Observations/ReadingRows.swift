import Crypto
import Foundation
import Transcriber

/// A reading as rows, checked to fit into either database.
struct ReadingRows: Sendable {
    /// The values of `lectureColumns`.
    var lecture: [SQLValue]
    var visites: [[SQLValue]]
    var pages: [[SQLValue]]
    var checks: [[SQLValue]]
    /// The values of `reviewColumns`.
    var review: [SQLValue]

    static let ficheColumns = [
        "n_fiche", "observateur", "n_espece", "espece", "annee",
        "nid_precedent_meme_couple", "hauteur_nid", "hauteur_couvert", "nid",
        "ign_50000", "commune", "departement", "coordonnees_lieu_dit", "altitude", "paysage", "alentours",
        "premier_oeuf_jour", "premier_oeuf_mois", "premier_oeuf_precision",
        "premiere_eclosion_jour", "premiere_eclosion_mois", "premiere_eclosion_precision",
        "premier_envol_jour", "premier_envol_mois", "premier_envol_precision",
        "oeufs_pondus", "oeufs_eclos", "oeufs_non_eclos",
        "poussins_demi", "poussins_trois_quarts", "poussins_volants", "causes_echec", "remarque",
    ]
    static let lectureColumns =
        [
            "modele", "origine", "modele_fournisseur", "type_fiche", "version_consigne", "transcrite_le",
            "chemin_resultat", "etag_resultat", "document",
        ] + ficheColumns
    static let visiteColumns = [
        "rang", "jour", "mois", "heure", "nombre_oeufs", "nombre_poussins", "age", "observations",
    ]
    static let pageColumns = ["rang", "chemin", "sha256"]
    /// Who looked the reading over, and how much it deserves that.
    static let reviewColumns = ["relue_par", "relue_le", "priorite_relecture"]
    static let checkColumns = ["rang", "champ", "regle", "gravite", "message"]

    init(_ reading: ObservationReading) throws(ObservationError) {
        lecture =
            [
                SQLValue(reading.model), SQLValue(reading.origin.rawValue), SQLValue(reading.providerModel),
                SQLValue(reading.promptKind.rawValue), SQLValue(reading.promptVersion),
                SQLValue(reading.transcribedAt?.sqlText), SQLValue(reading.resultPath), SQLValue(reading.resultETag),
                SQLValue(reading.document),
            ] + Self.values(reading.fiche)
        visites = Self.numbered(reading.fiche.tableauDonnees) {
            [
                SQLValue($0.jour), SQLValue($0.mois), SQLValue($0.heure), SQLValue($0.nombreOeuf),
                SQLValue($0.nombrePou), SQLValue($0.age), SQLValue($0.observations),
            ]
        }
        pages = Self.numbered(reading.pages) {
            [SQLValue(String(decoding: $0.path, as: UTF8.self)), SQLValue($0.sha256)]
        }
        checks = Self.numbered(reading.checks) {
            [SQLValue($0.field), SQLValue($0.rule), SQLValue($0.severity), SQLValue($0.message)]
        }
        review = [
            SQLValue(reading.reviewer.map(Self.reviewer)),
            SQLValue(reading.reviewedAt?.sqlText), SQLValue(reading.priority),
        ]
        try check(reading)
    }

    /// One digest for all that is stored: what the rows in the database were made of.
    var digest: String {
        var hash = SHA256()
        func add(_ rows: [[SQLValue]]) {
            hash.update(data: Array("\(rows.count)[".utf8))
            for value in rows.joined() {
                switch value {
                case .null: hash.update(data: Array("n".utf8))
                case .integer(let number): hash.update(data: Array("i\(number);".utf8))
                case .number(let number): hash.update(data: Array("d\(number);".utf8))
                case .text(let text):
                    hash.update(data: Array("t\(text.utf8.count);".utf8))
                    hash.update(data: Array(text.utf8))
                }
            }
        }
        for rows in [[lecture], visites, pages, checks] { add(rows) }
        // Rows of version 1 have none of these, and stay what they are. The priority is compared by itself: it changes
        // with what other models read.
        let review = review.dropLast()
        if review.contains(where: { $0 != .null }) { add([Array(review)]) }
        return hash.finalize().hexadecimal
    }

    private static func numbered<Element>(_ elements: [Element], _ row: (Element) -> [SQLValue]) -> [[SQLValue]] {
        elements.enumerated().map { [SQLValue($0.offset + 1)] + row($0.element) }
    }

    private static func values(_ fiche: Fiche) -> [SQLValue] {
        let general = fiche.informationsGenerales
        let (nid, lieu, resume) = (fiche.nid, fiche.localisation, fiche.tableauDonnees2)
        let dates = [resume.premierOeufPondu, resume.premierPoussinEclos, resume.premierPoussinVolant]
        return [
            SQLValue(general.nFiche), SQLValue(general.observateur), SQLValue(general.nEspece),
            SQLValue(general.espece), SQLValue(general.annee),
            SQLValue(nid.nidPrecTMemeCPle), SQLValue(nid.hautNid), SQLValue(nid.hCVert), SQLValue(nid.nid),
            SQLValue(lieu.ign50000), SQLValue(lieu.commune), SQLValue(lieu.depT),
            SQLValue(lieu.coordonneesEtOuLieuDit), SQLValue(lieu.altitude), SQLValue(lieu.paysage),
            SQLValue(lieu.alentours),
        ] + dates.flatMap { [SQLValue($0.jour), SQLValue($0.mois), SQLValue($0.precision)] } + [
            SQLValue(resume.nombreOeufs.pondus), SQLValue(resume.nombreOeufs.eclos), SQLValue(resume.nombreOeufs.nEcl),
            SQLValue(resume.nombrePoussins.unDemi), SQLValue(resume.nombrePoussins.troisQuarts),
            SQLValue(resume.nombrePoussins.volT), SQLValue(fiche.causesEchec.causesDEchec), SQLValue(fiche.remarque),
        ]
    }
}
