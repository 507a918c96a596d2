/// The order in which differences are shown: species, place, dates and counts, then the rest of the form, free text
/// last.
enum FieldWeight {
    private static let essential: Set<String> = [
        "n_espece", "espece", "annee", "commune", "dep_t", "Jour", "jour", "Mois", "Nombre_oeuf", "Nombre_pou",
        "pondus",
        "eclos", "n_ecl", "1/2", "3/4", "vol_t",
    ]
    private static let free: Set<String> = ["nid.nid", "paysage", "alentours", "remarque", "observations", "Precision"]

    /// 0 for what matters most, 2 for what matters least.
    static func weight(of path: String) -> Int {
        let key = path.split(separator: ".").last.map(String.init) ?? path
        if essential.contains(key) || path.hasSuffix("]") { return 0 }
        return free.contains(key) || free.contains(path) ? 2 : 1
    }
}
