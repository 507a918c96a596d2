import Transcriber

extension BadAnswer {
    /// Answers of which something written was once lost, or something not written was once made up.
    static let lost: [BadAnswer] = pieces + strays + cells

    private static let header = "{\"informations_generales\": {\"n_fiche\": \"12\", \"espece\": \"Merle\"}}"
    private static let table = "{\"tableau_donnees\": [{\"Jour\": 7, \"Mois\": 5}], \"remarque\": \"vue\"}"

    private static let pieces: [BadAnswer] = [
        BadAnswer(
            "recto and verso: the recto", "{\"recto\": \(header), \"verso\": \(table)}", "informations_generales",
            "espece", becomes: "Merle"),
        BadAnswer(
            "recto and verso: the verso", "{\"recto\": \(header), \"verso\": \(table)}", "tableau_donnees", "0",
            "Jour", becomes: 7),
        BadAnswer(
            "recto and verso that contradict each other",
            "{\"recto\": {\"remarque\": \"une\", \"annee\": \"2020\"}, \"verso\": {\"remarque\": \"deux\"}}",
            "remarque",
            becomes: "une", rule: "parties_contradictoires"),
        BadAnswer(
            "two blocks: the first", "```json\n\(header)\n```\n```json\n\(table)\n```", "informations_generales",
            "n_fiche", becomes: "12"),
        BadAnswer(
            "two blocks: the second", "```json\n\(header)\n```\n```json\n\(table)\n```", "tableau_donnees", "0",
            "Mois", becomes: 5),
        BadAnswer(
            "a remark beside the sheet", "{\"remarque\": \"à part\", \"fiche\": \(Sample.good)}", "localisation",
            "commune", becomes: "Guémené", rule: "parties_contradictoires"),
        BadAnswer(
            "a number beside the sheet", "{\"n_fiche\": \"12\", \"fiche\": \(Sample.good)}", "localisation",
            "commune", becomes: "Guémené"),
        BadAnswer(
            "a sheet among three members", "{\"fiche\": \(Sample.good), \"confidence\": 0.9, \"notes\": \"floue\"}",
            "localisation", "commune", becomes: "Guémené", rule: "cle_inconnue"),
        BadAnswer(
            "how sure the model is, in the sheet's form",
            "{\"fiche\": \(Sample.good), \"confidence\": {\"nid\": {\"h_c_vert\": 0.4}}}", "nid", "h_c_vert",
            becomes: nil, rule: "cle_inconnue"),
        BadAnswer(
            "of two readings the last", "\(Sample.changed("Guémené", "Autre"))\n\(Sample.good)", "localisation",
            "commune", becomes: "Guémené", rule: "parties_contradictoires"),
        BadAnswer(
            "thoughts whose beginning is missing", "{\"remarque\": \"brouillon\"}</think>\(header)", "remarque",
            becomes: nil),
        BadAnswer(
            "a comment that ends in an open bracket", "\(Sample.good)\nVoir aussi [", "remarque",
            becomes: "Couple farouche"),
    ]

    private static let strays: [BadAnswer] = [
        BadAnswer(
            "the nest's text beside its height", "{\"nid\": \"coupe d'herbes\", \"haut_nid\": \"2.5\"}", "nid", "nid",
            becomes: "coupe d'herbes"),
        BadAnswer(
            "the nest's height beside its text", "{\"nid\": \"coupe d'herbes\", \"haut_nid\": \"2.5\"}", "nid",
            "haut_nid", becomes: "2.5"),
        BadAnswer(
            "a year beside a header in a list",
            "{\"informations_generales\": [{\"n_fiche\": \"12\"}], \"annee\": \"1977\"}", "informations_generales",
            "n_fiche", becomes: "12"),
        BadAnswer(
            "a year beside another in its section",
            "{\"informations_generales\": {\"Année\": \"1978\"}, \"annee\": \"1977\"}", "informations_generales",
            "annee", becomes: "1978", rule: "cle_repetee"),
        BadAnswer(
            "a cause in a list", "{\"causes_echec\": [\"Prédation\"]}", "causes_echec", "causes_d_echec",
            becomes: "Prédation"),
        BadAnswer(
            "causes in a list", "{\"causes_echec\": [\"Prédation\", \"Intempéries\"]}", "causes_echec",
            "causes_d_echec", becomes: "Prédation, Intempéries"),
        BadAnswer(
            "causes as boxes",
            "{\"causes_echec\": {\"prédation\": true, \"intempéries\": false, \"autre\": \"X\"}}", "causes_echec",
            "causes_d_echec", becomes: "prédation, autre"),
        BadAnswer(
            "numbers where an object belongs", "{\"tableau_donnees_2\": {\"nombre_oeufs\": [5, 4, 1]}}",
            "tableau_donnees_2", "nombre_oeufs", "pondus", becomes: nil, rule: "forme"),
        BadAnswer(
            "numbers where a date belongs", "{\"tableau_donnees_2\": {\"1er_o_pondu\": [12, 5]}}",
            "tableau_donnees_2", "1er_o_pondu", "jour", becomes: nil, rule: "forme"),
        BadAnswer(
            "a row's date", "{\"tableau_donnees\": [{\"Date\": \"12/05\", \"Nombre_oeuf\": 4}]}", "tableau_donnees",
            "0", "Mois", becomes: 5),
        BadAnswer(
            "two spellings of a key", "{\"informations_generales\": {\"espèce\": \"Grive\", \"espece\": \"Merle\"}}",
            "informations_generales", "espece", becomes: "Merle", rule: "cle_repetee"),
        BadAnswer(
            "an unknown key with a value", "{\"remarque\": \"vue\", \"meteo\": \"pluie\"}", "remarque", becomes: "vue",
            rule: "cle_inconnue"),
        BadAnswer(
            "a key twice, the second empty",
            "{\"tableau_donnees\": [{\"Jour\": 7}], \"tableau_donnees\": []}", "tableau_donnees", "0", "Jour",
            becomes: 7),
        BadAnswer(
            "a key twice, with two values", "{\"remarque\": \"une\", \"remarque\": \"deux\"}", "remarque",
            becomes: "deux", rule: "cle_repetee"),
        BadAnswer(
            "a row of which nothing could be kept", "{\"tableau_donnees\": [{\"Jour\": \"??\"}, {\"Jour\": 12}]}",
            "tableau_donnees", "0", "Jour", becomes: 12, rule: "nombre_entier"),
    ]

    private static let cells: [BadAnswer] = [
        BadAnswer(
            "« 1 2 » eggs", "{\"tableau_donnees\": [{\"Jour\": 3, \"Nombre_oeuf\": \"1 2\"}]}", "tableau_donnees", "0",
            "Nombre_oeuf", becomes: nil, rule: "nombre_entier"),
        BadAnswer(
            "« 1 2 » as a day", "{\"tableau_donnees\": [{\"Jour\": \"1 2\", \"Mois\": 5}]}", "tableau_donnees", "0",
            "Jour", becomes: nil, rule: "nombre_entier"),
        BadAnswer(
            "a species' number in groups", Sample.changed("9920", "\"12 345\""), "informations_generales", "n_espece",
            becomes: 12345),
        BadAnswer(
            "« 99 20 »", Sample.changed("9920", "\"99 20\""), "informations_generales", "n_espece", becomes: nil,
            rule: "nombre_entier"),
        BadAnswer(
            "« [illisible] »", Sample.changed("Guémené", "[illisible]"), "localisation", "commune", becomes: nil,
            rule: "illisible"),
        BadAnswer(
            "« N/A »", Sample.changed("Zoé Prototype", "N/A"), "informations_generales", "observateur",
            becomes: nil, rule: "illisible"),
        BadAnswer(
            "a sign for « as above » stays", Sample.changed("ponte en cours", " » "), "tableau_donnees", "0",
            "observations", becomes: "»"),
        BadAnswer(
            "a sheet and something else in a list", "[\(Sample.good), {\"meteo\": \"pluie\"}]", "remarque",
            becomes: "Couple farouche", rule: "parties_contradictoires"),
        BadAnswer("« ?? »", Sample.changed("Couple farouche", "??"), "remarque", becomes: nil, rule: "illisible"),
        BadAnswer(
            "a box with an X",
            Sample.changed(
                "\"nid_prec_t_meme_c_ple\": true", "\"nid_prec_t_meme_c_ple\": {\"oui\": \"X\", \"non\": \"\"}"),
            "nid", "nid_prec_t_meme_c_ple", becomes: true),
        BadAnswer(
            "a box with a 1",
            Sample.changed("\"nid_prec_t_meme_c_ple\": true", "\"nid_prec_t_meme_c_ple\": {\"oui\": 0, \"non\": 1}"),
            "nid", "nid_prec_t_meme_c_ple", becomes: false),
        BadAnswer(
            "a box with a word",
            Sample.changed(
                "\"nid_prec_t_meme_c_ple\": true", "\"nid_prec_t_meme_c_ple\": {\"oui\": \"chat\", \"non\": true}"),
            "nid", "nid_prec_t_meme_c_ple", becomes: nil, rule: "oui_non"),
        BadAnswer(
            "a date of another year", Sample.changed("\"Jour\": 3, \"Mois\": 6", "\"Jour\": \"12/05/77\""),
            "tableau_donnees", "0", "Jour", becomes: 12, rule: "annee_date"),
        BadAnswer(
            "« 5-6 », which may be a range", Sample.changed("\"Jour\": 3, \"Mois\": 6", "\"Jour\": \"5-6\""),
            "tableau_donnees", "0", "Jour", becomes: 5, rule: "jour_ou_intervalle"),
        BadAnswer(
            "« 1.500 m »", Sample.changed("\"150\"", "\"1.500 m\""), "localisation", "altitude", becomes: "1.500",
            rule: "milliers_ou_decimales"),
        BadAnswer(
            "« juil. »", Sample.changed("\"Mois\": 6, \"Heure\"", "\"Mois\": \"juil.\", \"Heure\""),
            "tableau_donnees", "0", "Mois", becomes: 7),
        BadAnswer(
            "« févr »", Sample.changed("\"Mois\": 6, \"Heure\"", "\"Mois\": \"févr\", \"Heure\""), "tableau_donnees",
            "0", "Mois", becomes: 2),
        BadAnswer(
            "« jui », which may be two months",
            Sample.changed("\"Mois\": 6, \"Heure\"", "\"Mois\": \"jui\", \"Heure\""), "tableau_donnees", "0", "Mois",
            becomes: nil, rule: "nombre_entier"),
        BadAnswer("2,5 without quotes", Sample.changed("\"4.5\"", "2,5"), "nid", "haut_nid", becomes: "2.5"),
        BadAnswer("Infinity", Sample.changed("\"4.5\"", "Infinity"), "nid", "haut_nid", becomes: nil),
    ]
}
