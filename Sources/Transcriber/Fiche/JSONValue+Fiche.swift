extension JSONValue {
    /// The sheet under its fixed key names (see `FicheKey`): every key present, blank is null, in the form's order.
    public init(_ fiche: Fiche) {
        let general = fiche.informationsGenerales
        let lieu = fiche.localisation
        let resume = fiche.tableauDonnees2
        self = [
            "informations_generales": [
                "n_fiche": JSONValue(general.nFiche),
                "observateur": JSONValue(general.observateur),
                "n_espece": JSONValue(general.nEspece),
                "espece": JSONValue(general.espece),
                "annee": JSONValue(general.annee),
            ],
            "nid": [
                "nid_prec_t_meme_c_ple": JSONValue(fiche.nid.nidPrecTMemeCPle),
                "haut_nid": JSONValue(fiche.nid.hautNid),
                "h_c_vert": JSONValue(fiche.nid.hCVert),
                "nid": JSONValue(fiche.nid.nid),
            ],
            "localisation": [
                "IGN_50000": JSONValue(lieu.ign50000),
                "commune": JSONValue(lieu.commune),
                "dep_t": JSONValue(lieu.depT),
                "coordonnees_et_ou_lieu_dit": JSONValue(lieu.coordonneesEtOuLieuDit),
                "altitude": JSONValue(lieu.altitude),
                "paysage": JSONValue(lieu.paysage),
                "alentours": JSONValue(lieu.alentours),
            ],
            "tableau_donnees": .array(fiche.tableauDonnees.map(Self.row)),
            "tableau_donnees_2": [
                "1er_o_pondu": Self.date(resume.premierOeufPondu),
                "1er_p_eclos": Self.date(resume.premierPoussinEclos),
                "1er_p_volant": Self.date(resume.premierPoussinVolant),
                "nombre_oeufs": [
                    "pondus": JSONValue(resume.nombreOeufs.pondus),
                    "eclos": JSONValue(resume.nombreOeufs.eclos),
                    "n_ecl": JSONValue(resume.nombreOeufs.nEcl),
                ],
                "nombre_poussins": [
                    "1/2": JSONValue(resume.nombrePoussins.unDemi),
                    "3/4": JSONValue(resume.nombrePoussins.troisQuarts),
                    "vol_t": JSONValue(resume.nombrePoussins.volT),
                ],
            ],
            "causes_echec": ["causes_d_echec": JSONValue(fiche.causesEchec.causesDEchec)],
            "remarque": JSONValue(fiche.remarque),
        ]
    }

    private static func row(_ visite: Fiche.Visite) -> JSONValue {
        [
            "Jour": JSONValue(visite.jour),
            "Mois": JSONValue(visite.mois),
            "Heure": JSONValue(visite.heure),
            "Nombre_oeuf": JSONValue(visite.nombreOeuf),
            "Nombre_pou": JSONValue(visite.nombrePou),
            "age": JSONValue(visite.age),
            "observations": JSONValue(visite.observations),
        ]
    }

    private static func date(_ date: Fiche.DateResume) -> JSONValue {
        [
            "jour": JSONValue(date.jour),
            "Mois": JSONValue(date.mois),
            "Precision": JSONValue(date.precision),
        ]
    }
}
