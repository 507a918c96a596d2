/// The result's form, as a JSON Schema for models and as a check of our own.
public enum FicheSchema {
    /// Most eggs or young that a count can hold; more is a misreading.
    static let largestCount = 999
    /// Largest species number.
    static let largestSpeciesNumber = 999_999

    /// The result's JSON Schema (draft 2020-12).
    ///
    /// Gemini emits `required` properties in the order of that array, and the order changes what is read rightly:
    /// the head first, then the table, then what is derived from both.
    public static var jsonSchema: JSONValue { form.jsonSchema }

    /// The faults that keep a document from being exactly a result: one line each, none for a result.
    ///
    /// Every key must be there, with its type, in its range; no other key but `nids_sync` at the top.
    public static func violations(of document: JSONValue) -> [String] {
        var faults: [String] = []
        var document = document
        if case .object(var object) = document {
            object["nids_sync"] = nil
            document = .object(object)
        }
        form.check(document, at: "", into: &faults)
        return faults
    }

    static let form: Node = .object([
        ("informations_generales", informationsGenerales),
        ("nid", nid),
        ("localisation", localisation),
        ("tableau_donnees", .list(visite, "Les visites, une par ligne remplie, de haut en bas ; [] sans visite")),
        ("tableau_donnees_2", resume),
        ("causes_echec", .object([("causes_d_echec", .text("Causes d'échec"))])),
        ("remarque", .text("Remarque")),
    ])

    private static let informationsGenerales: Node = .object([
        ("n_fiche", .text("Numéro de la fiche")),
        ("observateur", .text("Observateur")),
        ("n_espece", .integer(0...largestSpeciesNumber, "Numéro de l'espèce")),
        ("espece", .text("Espèce")),
        ("annee", .year("Année telle qu’elle est écrite")),
    ])

    private static let nid: Node = .object([
        ("nid_prec_t_meme_c_ple", .flag("Nid précédent du même couple : true oui, false non, null sans coche")),
        ("haut_nid", .text("Hauteur du nid en mètres, le nombre seul")),
        ("h_c_vert", .text("Hauteur du couvert végétal en mètres, le nombre seul")),
        ("nid", .text("Description du nid")),
    ])

    private static let localisation: Node = .object([
        ("IGN_50000", .text("Carte IGN au 1/50000")),
        ("commune", .text("Commune")),
        ("dep_t", .text("Département")),
        ("coordonnees_et_ou_lieu_dit", .text("Coordonnées et/ou lieu-dit")),
        ("altitude", .text("Altitude en mètres, le nombre seul")),
        ("paysage", .text("Paysage")),
        ("alentours", .text("Alentours")),
    ])

    private static let visite: Node = .object([
        ("Jour", .integer(1...31, "Jour")),
        ("Mois", .integer(1...12, "Mois")),
        ("Heure", .integer(0...24, "Heure")),
        ("Nombre_oeuf", .integer(0...largestCount, "Nombre d'œufs")),
        ("Nombre_pou", .integer(0...largestCount, "Nombre de poussins")),
        ("age", .text("Âge des poussins")),
        ("observations", .text("Observations")),
    ])

    private static let date: Node = .object([
        ("jour", .integer(1...31, "Jour")),
        ("Mois", .integer(1...12, "Mois")),
        ("Precision", .text("Précision")),
    ])

    private static let resume: Node = .object([
        ("1er_o_pondu", date),
        ("1er_p_eclos", date),
        ("1er_p_volant", date),
        (
            "nombre_oeufs",
            .object([
                ("pondus", .integer(0...largestCount, "Œufs pondus")),
                ("eclos", .integer(0...largestCount, "Œufs éclos")),
                ("n_ecl", .integer(0...largestCount, "Œufs non éclos")),
            ])
        ),
        (
            "nombre_poussins",
            .object([
                ("1/2", .integer(0...largestCount, "Poussins à mi-croissance")),
                ("3/4", .integer(0...largestCount, "Poussins aux trois quarts")),
                ("vol_t", .integer(0...largestCount, "Poussins volants")),
            ])
        ),
    ])
}
