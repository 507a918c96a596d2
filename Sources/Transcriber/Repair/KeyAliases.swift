/// The names under which models give the fields of a sheet.
///
/// Names are compared without accents, case, spaces and punctuation, so only real misspellings are listed.
enum KeyAliases {
    /// A key, and what else stands for it.
    struct Key: Sendable {
        let name: String
        let aliases: [String]

        init(_ name: String, _ aliases: String...) {
            self.name = name
            self.aliases = aliases
        }
    }

    /// The keys of one object.
    struct Table: Sendable, ExpressibleByArrayLiteral {
        let names: [String]
        private let keysBySpelling: [String: String]

        init(_ keys: [Key]) {
            names = keys.map(\.name)
            let spellings = keys.flatMap { key in ([key.name] + key.aliases).map { ($0.folded, key.name) } }
            keysBySpelling = Dictionary(spellings, uniquingKeysWith: { first, _ in first })
        }

        init(arrayLiteral keys: Key...) { self.init(keys) }

        /// The key that a normalized name stands for.
        func key(normalized name: String) -> String? { keysBySpelling[name] }
    }

    static let sections: Table = [
        Key("informations_generales", "information generale", "infos generales", "informations", "en-tete"),
        Key("nid"),
        Key("localisation", "localization", "lieu"),
        Key("tableau_donnees", "tableau de donnees", "tableau des donnees", "tableau_donnees_1", "visites"),
        Key("tableau_donnees_2", "tableau_resume", "tableau_recap", "tableau_recapitulatif", "tableau de donnees 2"),
        Key("causes_echec", "cause_echec", "causes d'echec", "cause d'echec", "causes de l'echec"),
        Key("remarque", "remarques"),
    ]

    static let informationsGenerales: Table = [
        Key("n_fiche", "no fiche", "num fiche", "numero fiche", "numero de fiche", "numero de la fiche"),
        Key("observateur", "observateurs", "nom observateur", "nom de l'observateur"),
        Key("n_espece", "no espece", "num espece", "numero espece", "numero d'espece", "code espece"),
        Key("espece", "nom espece", "nom de l'espece"),
        Key("annee"),
    ]
    static let nid: Table = [
        Key(
            "nid_prec_t_meme_c_ple", "nid precedent meme couple", "nid prec meme couple", "nid_prec_meme_cple",
            "nid precedent du meme couple"),
        Key("haut_nid", "hauteur nid", "hauteur du nid", "haut du nid"),
        Key("h_c_vert", "h couvert", "hauteur couvert", "hauteur du couvert", "hauteur du couvert vegetal"),
        Key("nid", "description", "description du nid"),
    ]
    static let localisation: Table = [
        Key("IGN_50000", "ign", "carte ign", "carte ign 50000", "ign 1/50000"),
        Key("commune", "communes"),
        Key("dep_t", "dep", "departement"),
        Key(
            "coordonnees_et_ou_lieu_dit", "coordonees et/ou lieu-dit", "coordonnees ou lieu-dit",
            "coordonnees et lieu-dit", "coordonnees", "lieu-dit"),
        Key("altitude", "alt"),
        Key("paysage", "paysages"),
        Key("alentours", "alentour"),
    ]
    static let visite: Table = [
        Key("Jour", "jours"),
        Key("Mois"),
        Key("Heure", "heures"),
        Key("Nombre_oeuf", "nombre oeufs", "nombre d'oeufs", "nb oeufs", "nb oeuf", "oeufs"),
        Key(
            "Nombre_pou", "nombre poussin", "nombre poussins", "nombre de poussins", "nombre pous", "nb pou",
            "nb poussins", "poussins"),
        Key("age", "ages", "age poussins", "age des poussins"),
        Key("observations", "observation", "obs"),
    ]
    static let resume: Table = [
        Key("1er_o_pondu", "premier o pondu", "1er oeuf pondu", "premier oeuf pondu"),
        Key("1er_p_eclos", "premier p eclos", "1er poussin eclos", "premier poussin eclos"),
        Key("1er_p_volant", "premier p volant", "1er poussin volant", "premier poussin volant", "1er_p_vol_t"),
        Key("nombre_oeufs", "nombre oeuf", "nombre d'oeufs", "nb oeufs", "oeufs"),
        Key("nombre_poussins", "nombre poussin", "nombre de poussins", "nb poussins", "poussins"),
    ]
    static let date: Table = [Key("jour", "jours"), Key("Mois"), Key("Precision", "precisions")]
    static let oeufs: Table = [
        Key("pondus", "pondu", "oeufs pondus"), Key("eclos", "eclose", "oeufs eclos"),
        Key("n_ecl", "non eclos", "n eclos", "necl", "oeufs non eclos"),
    ]
    static let poussins: Table = [
        Key("1/2", "un demi", "demi", "une demie"), Key("3/4", "trois quarts", "trois quart"),
        Key("vol_t", "volant", "volants", "vol", "poussins volants"),
    ]
    static let causes: Table = [Key("causes_d_echec", "cause_d_echec", "causes_echec", "causes", "cause")]

    /// Fields that are known wherever they stand, with their section; "nid" alone is the section.
    private static let strays: [(section: String, keys: Table)] = [
        ("informations_generales", informationsGenerales), ("nid", nid), ("localisation", localisation),
        ("tableau_donnees_2", resume), ("causes_echec", causes),
    ]

    /// The section and key of a field that stands outside its section.
    static func stray(normalized name: String) -> (section: String, key: String)? {
        for (section, keys) in strays {
            if let key = keys.key(normalized: name) { return (section, key) }
        }
        return nil
    }

    /// The number of a sheet's sections in a document, and of fields that stand outside them.
    static func score(_ document: JSONValue) -> Int {
        score(Fragments(document).object)
    }

    /// The number of the sections' own names in an object.
    static func sectionCount(_ object: JSONObject) -> Int {
        Set(object.names.compactMap { sections.key(normalized: $0.folded) }).count
    }

    /// The keys of a section whose fields may stand outside it.
    static func keys(of section: String) -> Table? { strays.first { $0.section == section }?.keys }

    /// The field that a section is, when it is only a text.
    static func scalarKey(of section: String) -> String? {
        switch section {
        case "nid": "nid"
        case "causes_echec": "causes_d_echec"
        default: nil
        }
    }

    static func score(_ object: JSONObject) -> Int {
        object.names.reduce(0) { score, name in
            let name = name.folded
            return sections.key(normalized: name) != nil || stray(normalized: name) != nil ? score + 1 : score
        }
    }
}
