import Testing
import Transcriber

/// A good answer and what may be wrong with it.
enum Sample {
    static let good = """
        {"informations_generales": {"n_fiche": "12", "observateur": "Zoé Prototype", "n_espece": 9920,
        "espece": "Hirondelle rustique", "annee": "2020"},
        "nid": {"nid_prec_t_meme_c_ple": true, "haut_nid": "4.5", "h_c_vert": null, "nid": "Sur un néon"},
        "localisation": {"IGN_50000": "VIII-18", "commune": "Guémené", "dep_t": "56",
        "coordonnees_et_ou_lieu_dit": "Les Quatre-Vents", "altitude": "150", "paysage": "Bocage",
        "alentours": "Lisière"},
        "tableau_donnees": [{"Jour": 3, "Mois": 6, "Heure": 9, "Nombre_oeuf": null, "Nombre_pou": null,
        "age": null, "observations": "ponte en cours"}],
        "tableau_donnees_2": {"1er_o_pondu": {"jour": 6, "Mois": 6, "Precision": "exacte"},
        "1er_p_eclos": {"jour": 25, "Mois": 6, "Precision": null},
        "1er_p_volant": {"jour": 16, "Mois": 7, "Precision": null},
        "nombre_oeufs": {"pondus": 5, "eclos": 3, "n_ecl": 2},
        "nombre_poussins": {"1/2": 3, "3/4": 2, "vol_t": 2}},
        "causes_echec": {"causes_d_echec": null}, "remarque": "Couple farouche"}
        """

    static func changed(_ old: String, _ new: String) -> String { good.replacing(old, with: new) }
}

/// A bad answer, and what is to become of one of its fields.
struct BadAnswer: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    var kind = PromptKind.standard
    /// A path of keys and indices.
    let path: [String]
    let expected: JSONValue
    /// The rule of a remark that must be there.
    var rule: String?

    var testDescription: String { name }

    init(
        _ name: String, _ text: String, kind: PromptKind = .standard, _ path: String..., becomes expected: JSONValue,
        rule: String? = nil
    ) {
        self.name = name
        self.text = text
        self.kind = kind
        self.path = path
        self.expected = expected
        self.rule = rule
    }

    static let jour = ["tableau_donnees", "0", "Jour"]

    static let all: [BadAnswer] = [
        BadAnswer(
            "a Markdown fence", "```json\n\(Sample.good)\n```", "informations_generales", "n_fiche", becomes: "12"),
        BadAnswer("a fence that is not closed", "```\n\(Sample.good)", "remarque", becomes: "Couple farouche"),
        BadAnswer(
            "text before and after", "Voici [la fiche] {lue} :\n\(Sample.good)\nBonne journée !", "localisation",
            "dep_t", becomes: "56"),
        BadAnswer("a byte order mark", "\u{FEFF}\(Sample.good)", "remarque", becomes: "Couple farouche"),
        BadAnswer("a list around it", "[\(Sample.good)]", "remarque", becomes: "Couple farouche"),
        BadAnswer("an object around it", "{\"fiche\": \(Sample.good)}", "remarque", becomes: "Couple farouche"),
        BadAnswer(
            "JSON inside a JSON string", JSONValue.string(Sample.good).serialized(.canonical), "remarque",
            becomes: "Couple farouche"),
        BadAnswer(
            "a comma too many", Sample.changed("\"vol_t\": 2}", "\"vol_t\": 2,}"), "remarque",
            becomes: "Couple farouche"),
        BadAnswer(
            "a missing comma", Sample.changed("\"n_fiche\": \"12\",", "\"n_fiche\": \"12\""),
            "informations_generales", "observateur", becomes: "Zoé Prototype"),
        BadAnswer(
            "Python's words", Sample.changed("\"h_c_vert\": null", "\"h_c_vert\": None"), "nid", "h_c_vert",
            becomes: nil),
        BadAnswer(
            "a line break in a string", Sample.changed("Couple farouche", "Couple\nfarouche"), "remarque",
            becomes: "Couple\nfarouche"),
        BadAnswer(
            "a wrong escape", Sample.changed("Couple farouche", "Couple d\\'ici"), "remarque",
            becomes: "Couple d\\'ici"),
        BadAnswer(
            "comments", Sample.changed("\"h_c_vert\": null,", "\"h_c_vert\": null, // illisible\n/* ? */"), "nid",
            "nid", becomes: "Sur un néon"),
        BadAnswer(
            "a Python dictionary",
            "{'remarque': 'Couple \"farouche\", l\\'œuf', 'nid': {'nid': \"l'arbre\", 'haut_nid': None}}", "remarque",
            becomes: "Couple \"farouche\", l'œuf"),
        BadAnswer(
            "an address in a text is no comment", Sample.changed("Couple farouche", "http://x /* y"), "remarque",
            becomes: "http://x /* y"),
        BadAnswer(
            "« 3/6/2020 » in the day", Sample.changed("\"Jour\": 3, \"Mois\": 6", "\"Jour\": \"4/7/2020\""),
            "tableau_donnees", "0", "Mois", becomes: 7),
        BadAnswer(
            "« 2020-06-03 » in the day", Sample.changed("\"Jour\": 3, \"Mois\": 6", "\"Jour\": \"2020-07-04\""),
            "tableau_donnees", "0", "Jour", becomes: 4),
        BadAnswer(
            "« 1er juin » in the day", Sample.changed("\"Jour\": 3, \"Mois\": 6", "\"Jour\": \"1er juin\""),
            "tableau_donnees", "0", "Mois", becomes: 6),
        BadAnswer(
            "« 4 mai 2020 » beside another month", Sample.changed("\"Jour\": 3", "\"Jour\": \"4 mai 2020\""),
            "tableau_donnees", "0", "Jour", becomes: nil, rule: "jour_mois_contradictoires"),
        BadAnswer(
            "« vers le 3 » in the day", Sample.changed("\"Jour\": 3", "\"Jour\": \"vers le 3\""),
            "tableau_donnees", "0", "Jour", becomes: nil, rule: "nombre_entier"),
        BadAnswer(
            "« 4 ? » eggs", Sample.changed("\"pondus\": 5", "\"pondus\": \"4 ?\""), "tableau_donnees_2",
            "nombre_oeufs", "pondus", becomes: nil, rule: "nombre_entier"),
        BadAnswer(
            "half a surrogate pair", Sample.changed("Couple farouche", "x\\ud83d"), "remarque",
            becomes: "x\u{FFFD}"),
        BadAnswer(
            "a huge number", Sample.changed("\"n_espece\": 9920", "\"n_espece\": 1e999"),
            "informations_generales", "n_espece", becomes: nil, rule: "nombre_entier"),
        BadAnswer(
            "a number of many digits", Sample.changed("9920", String(repeating: "9", count: 5000)),
            "informations_generales", "n_espece", becomes: nil, rule: "nombre_entier"),
        BadAnswer(
            "« n° fiche »", Sample.changed("\"n_fiche\"", "\"n° fiche\""), "informations_generales", "n_fiche",
            becomes: "12"),
        BadAnswer(
            "« espèce »", Sample.changed("\"espece\"", "\"espèce\""), "informations_generales", "espece",
            becomes: "Hirondelle rustique"),
        BadAnswer(
            "« Année »", Sample.changed("\"annee\"", "\"Année\""), "informations_generales", "annee",
            becomes: "2020"),
        BadAnswer(
            "« annee » decomposed", Sample.changed("\"annee\"", "\"anne\u{301}e\""), "informations_generales",
            "annee", becomes: "2020"),
        BadAnswer("« haut. nid »", Sample.changed("\"haut_nid\"", "\"haut. nid\""), "nid", "haut_nid", becomes: "4.5"),
        BadAnswer(
            "« h.c'vert »", Sample.changed("\"h_c_vert\": null", "\"h.c'vert\": \"12\""), "nid", "h_c_vert",
            becomes: "12"),
        BadAnswer(
            "« nid préc't même c'ple »", Sample.changed("nid_prec_t_meme_c_ple", "nid préc't même c'ple"),
            "nid", "nid_prec_t_meme_c_ple", becomes: true),
        BadAnswer(
            "« IGN/50000 »", Sample.changed("IGN_50000", "IGN/50000"), "localisation", "IGN_50000",
            becomes: "VIII-18"),
        BadAnswer("« dép't »", Sample.changed("dep_t", "dép't"), "localisation", "dep_t", becomes: "56"),
        BadAnswer(
            "« coordonées et/ou lieu-dit »",
            Sample.changed("coordonnees_et_ou_lieu_dit", "coordonées et/ou lieu-dit"), "localisation",
            "coordonnees_et_ou_lieu_dit", becomes: "Les Quatre-Vents"),
        BadAnswer(
            "« Nombre œuf »", Sample.changed("\"Nombre_oeuf\": null", "\"Nombre œuf\": 4"), "tableau_donnees",
            "0", "Nombre_oeuf", becomes: 4),
        BadAnswer(
            "« tableau_resume »", Sample.changed("tableau_donnees_2", "tableau_resume"), "tableau_donnees_2",
            "nombre_oeufs", "pondus", becomes: 5),
        BadAnswer(
            "« tableau_recap »", Sample.changed("tableau_donnees_2", "tableau_recap"), "tableau_donnees_2",
            "nombre_oeufs", "pondus", becomes: 5),
        BadAnswer(
            "« causes d'échec »",
            Sample.changed("\"causes_d_echec\": null", "\"causes d'échec\": \"prédation\""), "causes_echec",
            "causes_d_echec", becomes: "prédation"),
        BadAnswer(
            "a text where the causes' object belongs",
            Sample.changed("{\"causes_d_echec\": null}", "\"prédation\""), "causes_echec", "causes_d_echec",
            becomes: "prédation"),
        BadAnswer(
            "« ½ »", Sample.changed("\"1/2\"", "\"½\""), "tableau_donnees_2", "nombre_poussins", "1/2",
            becomes: 3),
        BadAnswer(
            "a field outside its section", "{\"commune\": \"Guémené\", \"remarque\": null}", "localisation",
            "commune", becomes: "Guémené"),
        BadAnswer("a missing section", "{\"remarque\": \"vue\"}", "localisation", "commune", becomes: nil),
        BadAnswer(
            "a list where an object belongs",
            Sample.changed("{\"pondus\": 5, \"eclos\": 3, \"n_ecl\": 2}", "[{\"pondus\": 5}, {\"pondus\": 6}]"),
            "tableau_donnees_2", "nombre_oeufs", "pondus", becomes: 5, rule: "liste"),
        BadAnswer(
            "an object where the list belongs",
            Sample.changed("[{\"Jour\": 3,", "{\"Jour\": 3,").replacing("cours\"}],", with: "cours\"},"),
            "tableau_donnees", "0", "Jour", becomes: 3),
        BadAnswer(
            "the list under a name", "{\"tableau_donnees\": {\"lignes\": [{\"Jour\": 7}]}}", "tableau_donnees",
            "0", "Jour", becomes: 7),
        BadAnswer(
            "rows under names", "{\"tableau_donnees\": {\"1\": {\"Jour\": 7}, \"2\": {\"Jour\": 8}}}",
            "tableau_donnees", "1", "Jour", becomes: 8),
        BadAnswer(
            "a number as a string", Sample.changed("\"Jour\": 3", "\"Jour\": \"03\""), "tableau_donnees", "0",
            "Jour", becomes: 3),
        BadAnswer(
            "a string as a number", Sample.changed("\"altitude\": \"150\"", "\"altitude\": 150"),
            "localisation", "altitude", becomes: "150"),
        BadAnswer(
            "3.0 as a whole number", Sample.changed("\"pondus\": 5", "\"pondus\": 5.0"), "tableau_donnees_2",
            "nombre_oeufs", "pondus", becomes: 5),
        BadAnswer(
            "« 30,5 » : the day", Sample.changed("\"Jour\": 3, \"Mois\": 6", "\"Jour\": \"30,5\", \"Mois\": null"),
            "tableau_donnees", "0", "Jour", becomes: 30),
        BadAnswer(
            "« 30,5 » : the month",
            Sample.changed("\"Jour\": 3, \"Mois\": 6", "\"Jour\": \"30,5\", \"Mois\": null"), "tableau_donnees", "0",
            "Mois", becomes: 5),
        BadAnswer(
            "30.5 as a number", Sample.changed("\"Jour\": 3, \"Mois\": 6", "\"Jour\": 30.5, \"Mois\": null"),
            "tableau_donnees", "0", "Mois", becomes: 5),
        BadAnswer(
            "30.10 as a number", Sample.changed("\"Jour\": 3, \"Mois\": 6", "\"Jour\": 30.10, \"Mois\": null"),
            "tableau_donnees", "0", "Mois", becomes: 10),
        BadAnswer(
            "30.1, which may be January or October",
            Sample.changed("\"Jour\": 3, \"Mois\": 6", "\"Jour\": 30.1, \"Mois\": null"), "tableau_donnees", "0",
            "Mois", becomes: nil, rule: "mois_incertain"),
        BadAnswer(
            "« 30/6 » beside the same month", Sample.changed("\"Jour\": 3", "\"Jour\": \"30/6\""),
            "tableau_donnees", "0", "Jour", becomes: 30),
        BadAnswer(
            "« 30,5 » beside another month", Sample.changed("\"Jour\": 3", "\"Jour\": \"30,5\""),
            "tableau_donnees", "0", "Jour", becomes: nil, rule: "jour_mois_contradictoires"),
        BadAnswer(
            "« 32,5 »", Sample.changed("\"Jour\": 3, \"Mois\": 6", "\"Jour\": \"32,5\", \"Mois\": null"),
            "tableau_donnees", "0", "Mois", becomes: nil, rule: "intervalle"),
        BadAnswer(
            "a date in the summary's day",
            Sample.changed("{\"jour\": 6, \"Mois\": 6, \"Precision\": \"exacte\"}", "\"6/6\""), "tableau_donnees_2",
            "1er_o_pondu", "Mois", becomes: 6),
        BadAnswer(
            "a month's name", Sample.changed("\"Mois\": 6, \"Heure\"", "\"Mois\": \"Août\", \"Heure\""),
            "tableau_donnees", "0", "Mois", becomes: 8),
        BadAnswer(
            "a Roman month", Sample.changed("\"Mois\": 6, \"Heure\"", "\"Mois\": \"VI\", \"Heure\""),
            "tableau_donnees", "0", "Mois", becomes: 6),
        BadAnswer(
            "« 14h »", Sample.changed("\"Heure\": 9", "\"Heure\": \"14h\""), "tableau_donnees", "0", "Heure",
            becomes: 14),
        BadAnswer(
            "« 14 h 30 »", Sample.changed("\"Heure\": 9", "\"Heure\": \"14 h 30\""), "tableau_donnees", "0",
            "Heure", becomes: 14, rule: "minutes"),
        BadAnswer(
            "25 o'clock", Sample.changed("\"Heure\": 9", "\"Heure\": 25"), "tableau_donnees", "0", "Heure",
            becomes: nil, rule: "intervalle"),
        BadAnswer(
            "« midi »", Sample.changed("\"Heure\": 9", "\"Heure\": \"midi\""), "tableau_donnees", "0", "Heure",
            becomes: nil, rule: "nombre_entier"),
        BadAnswer(
            "« 5 œufs »", Sample.changed("\"pondus\": 5", "\"pondus\": \"5 œufs\""), "tableau_donnees_2",
            "nombre_oeufs", "pondus", becomes: 5),
        BadAnswer(
            "« 4+1 »", Sample.changed("\"pondus\": 5", "\"pondus\": \"4+1\""), "tableau_donnees_2",
            "nombre_oeufs", "pondus", becomes: nil, rule: "nombre_entier"),
        BadAnswer(
            "a negative count", Sample.changed("\"pondus\": 5", "\"pondus\": -1"), "tableau_donnees_2",
            "nombre_oeufs", "pondus", becomes: nil, rule: "intervalle"),
        BadAnswer("« 2,5 m »", Sample.changed("\"4.5\"", "\"2,5 m\""), "nid", "haut_nid", becomes: "2.5"),
        BadAnswer("« 1m50 »", Sample.changed("\"4.5\"", "\"1m50\""), "nid", "haut_nid", becomes: "1.50"),
        BadAnswer("« 80 cm »", Sample.changed("\"4.5\"", "\"80 cm\""), "nid", "haut_nid", becomes: "0.8"),
        BadAnswer(
            "« 2 à 3 m » stays", Sample.changed("\"4.5\"", "\"2 à 3 m\""), "nid", "haut_nid",
            becomes: "2 à 3 m", rule: "nombre_attendu"),
        BadAnswer(
            "« 150 m »", Sample.changed("\"altitude\": \"150\"", "\"altitude\": \"150 m\""), "localisation",
            "altitude", becomes: "150"),
        BadAnswer(
            "« 1 150 mètres »", Sample.changed("\"altitude\": \"150\"", "\"altitude\": \"1 150 mètres\""),
            "localisation", "altitude", becomes: "1150"),
        BadAnswer(
            "« 77 » on the old form", Sample.changed("\"2020\"", "\"77\""), kind: .ancien,
            "informations_generales", "annee", becomes: "1977"),
        BadAnswer(
            "77 as a number on the old form", Sample.changed("\"2020\"", "77"), kind: .ancien,
            "informations_generales", "annee", becomes: "1977"),
        BadAnswer(
            "« 77 » on the standard form", Sample.changed("\"2020\"", "\"77\""), "informations_generales",
            "annee", becomes: nil, rule: "annee"),
        BadAnswer(
            "a year as a number", Sample.changed("\"2020\"", "2020"), "informations_generales", "annee",
            becomes: "2020"),
        BadAnswer("an empty string", Sample.changed("Couple farouche", ""), "remarque", becomes: nil),
        BadAnswer("white space", Sample.changed("Couple farouche", " \\n "), "remarque", becomes: nil),
        BadAnswer("« null » as a text", Sample.changed("Couple farouche", "NULL"), "remarque", becomes: nil),
        BadAnswer(
            "« - » is nothing written", Sample.changed("Couple farouche", "-"), "remarque", becomes: nil,
            rule: "illisible"),
        BadAnswer(
            "« néant » is what stands there", Sample.changed("Couple farouche", "néant"), "remarque",
            becomes: "néant"),
        BadAnswer(
            "« oui »", Sample.changed("\"nid_prec_t_meme_c_ple\": true", "\"nid_prec_t_meme_c_ple\": \"Oui\""),
            "nid", "nid_prec_t_meme_c_ple", becomes: true),
        BadAnswer(
            "« non »", Sample.changed("\"nid_prec_t_meme_c_ple\": true", "\"nid_prec_t_meme_c_ple\": \"non\""),
            "nid", "nid_prec_t_meme_c_ple", becomes: false),
        BadAnswer(
            "both boxes as an object",
            Sample.changed(
                "\"nid_prec_t_meme_c_ple\": true", "\"nid_prec_t_meme_c_ple\": {\"oui\": false, \"non\": true}"),
            "nid", "nid_prec_t_meme_c_ple", becomes: false),
        BadAnswer(
            "« peut-être »",
            Sample.changed("\"nid_prec_t_meme_c_ple\": true", "\"nid_prec_t_meme_c_ple\": \"peut-être\""), "nid",
            "nid_prec_t_meme_c_ple", becomes: nil, rule: "oui_non"),
        BadAnswer(
            "an empty row", Sample.changed("[{\"Jour\": 3,", "[{\"Jour\": null}, {}, null, {\"Jour\": 3,"),
            "tableau_donnees", "0", "Jour", becomes: 3),
        BadAnswer(
            "a row that is a text", Sample.changed("[{\"Jour\": 3,", "[\"3 juin\", {\"Jour\": 3,"),
            "tableau_donnees", "0", "Jour", becomes: 3, rule: "forme"),
        BadAnswer(
            "a list of texts", Sample.changed("\"Couple farouche\"", "[\"Couple\", \"farouche\"]"), "remarque",
            becomes: "Couple ; farouche"),
        BadAnswer(
            "a list of « null »", Sample.changed("\"Couple farouche\"", "[\"null\"]"), "remarque", becomes: nil),
        BadAnswer(
            "an unknown key", Sample.changed("\"remarque\"", "\"confiance\": 0.9, \"remarque\""), "remarque",
            becomes: "Couple farouche"),
        BadAnswer(
            "a key twice, the second null",
            Sample.changed("\"n_fiche\": \"12\"", "\"n_fiche\": \"12\", \"n_fiche\": null"), "informations_generales",
            "n_fiche", becomes: "12"),
    ]
}
