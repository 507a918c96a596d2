/// Sheets made up from a picture's bytes: the same picture always gives the same sheet.
public enum SampleFiche {
    private static let species = [
        (1230, "Hirondelle rustique"), (1310, "Rougegorge familier"), (1420, "Merle noir"),
        (1475, "Mésange charbonnière"), (1510, "Grive musicienne"), (1605, "Pinson des arbres"),
    ]
    private static let places = [
        ("56", "Guémené-sur-Scorff"), ("38", "Vif"), ("73", "Chambéry"), ("2A", "Sartène"), ("59", "Cassel"),
    ]

    /// A sheet of the result's form, for the pages of a request.
    public static func json(for call: ModelCall) -> String {
        json(seed: call.inline.flatMap { $0.sha256.utf8 })
    }

    /// A sheet of the result's form, for any bytes.
    public static func json(seed: [UInt8]) -> String {
        // FNV-1a: enough to make different sheets of different pictures.
        var state = seed.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        func next(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }
        let (number, name) = species[next(species.count)]
        let (department, commune) = places[next(places.count)]
        let laid = 3 + next(3)
        let hatched = laid - next(2)
        let day = 1 + next(10)
        return """
            {"informations_generales": {"n_fiche": "\(1 + next(900))", "observateur": "Jean Exemple", \
            "n_espece": \(number), "espece": "\(name)", "annee": "\(1970 + next(50))"}, \
            "nid": {"nid_prec_t_meme_c_ple": \(["true", "false", "null"][next(3)]), "haut_nid": "\(1 + next(4)).5", \
            "h_c_vert": null, "nid": "Coupe d'herbes sèches"}, \
            "localisation": {"IGN_50000": null, "commune": "\(commune)", "dep_t": "\(department)", \
            "coordonnees_et_ou_lieu_dit": "Le Moulin", "altitude": "\(100 + next(800))", "paysage": "Bocage", \
            "alentours": null}, \
            "tableau_donnees": [\
            {"Jour": \(day), "Mois": 5, "Heure": \(8 + next(10)), "Nombre_oeuf": \(laid), "Nombre_pou": null, \
            "age": null, "observations": "femelle couve"}, \
            {"Jour": \(day + 14), "Mois": 5, "Heure": \(8 + next(10)), "Nombre_oeuf": null, \
            "Nombre_pou": \(hatched), "age": "env. 3 j", "observations": null}], \
            "tableau_donnees_2": {\
            "1er_o_pondu": {"jour": \(day), "Mois": 5, "Precision": "estimée"}, \
            "1er_p_eclos": {"jour": \(day + 13), "Mois": 5, "Precision": null}, \
            "1er_p_volant": {"jour": \(day), "Mois": 6, "Precision": null}, \
            "nombre_oeufs": {"pondus": \(laid), "eclos": \(hatched), "n_ecl": \(laid - hatched)}, \
            "nombre_poussins": {"1/2": \(hatched), "3/4": \(hatched), "vol_t": \(hatched)}}, \
            "causes_echec": {"causes_d_echec": null}, "remarque": null}
            """
    }
}
