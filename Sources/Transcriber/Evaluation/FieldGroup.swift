/// The kinds of fields that scores are given for.
public enum FieldGroup: String, Sendable, Hashable, CaseIterable {
    case dates, numbers, species, places, text

    /// The group of a field, told from the last key of its path.
    public init(path: String) {
        let key = path.split(separator: ".").last.map(String.init) ?? path
        switch key {
        case "annee", "Jour", "jour", "Mois", "Heure": self = .dates
        case "n_espece", "espece": self = .species
        case "IGN_50000", "commune", "dep_t", "coordonnees_et_ou_lieu_dit": self = .places
        case "n_fiche", "haut_nid", "h_c_vert", "altitude", "Nombre_oeuf", "Nombre_pou", "pondus", "eclos", "n_ecl",
            "1/2", "3/4", "vol_t":
            self = .numbers
        default: self = .text
        }
    }
}
