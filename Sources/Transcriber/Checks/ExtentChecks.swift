/// Checks that a reading has about as much in it as a sheet of its kind has: a page that was drawn wrongly is read as
/// nearly blank, and a model that repeats itself finds visits without end.
enum ExtentChecks {
    /// The least number of values: the sparest sheets that are known have 20, on the old form, whose table is on the
    /// verso, a recto alone has fewer.
    private static func fewest(_ kind: PromptKind) -> Int { kind == .standard ? 15 : 10 }
    /// The most rows: printed sheets have 28 at most on a page.
    private static let mostVisits = 60

    static func check(_ fiche: Fiche, _ kind: PromptKind, _ remarks: inout Remarks) {
        let written = values(in: fiche)
        if written < fewest(kind) {
            remarks.add(
                "", "peu_de_champs", .avertissement,
                "\(written) valeurs lues seulement : la page a-t-elle été bien vue ?")
        }
        let visits = fiche.tableauDonnees.count
        if visits > mostVisits {
            remarks.add(
                "tableau_donnees", "visites_nombreuses", .avertissement,
                "\(visits) visites : une fiche n'en a pas autant")
        }
    }

    /// The number of values that were read.
    static func values(in fiche: Fiche) -> Int { count(JSONValue(fiche)) }

    private static func count(_ value: JSONValue) -> Int {
        switch value {
        case .object(let object): object.members.reduce(0) { $0 + count($1.value) }
        case .array(let elements): elements.reduce(0) { $0 + count($1) }
        case .null: 0
        default: 1
        }
    }
}
