import Foundation

/// The checks of a sheet. They change nothing: a person decides.
///
/// `erreur` is what cannot be, `avertissement` what hardly can, `info` what is worth a look.
public enum FicheChecks {
    /// The remarks on a sheet.
    ///
    /// - Parameter currentYear: The year after which no sheet can be; this year unless given.
    public static func controles(
        for fiche: Fiche, promptKind: PromptKind, currentYear: Int? = nil
    ) -> [Controle] {
        var remarks = Remarks()
        if fiche.isBlank {
            remarks.add("", "fiche_vide", .avertissement, "rien n'a été lu sur cette fiche")
            return remarks.controles
        }
        ExtentChecks.check(fiche, promptKind, &remarks)
        CountChecks.check(fiche.tableauDonnees2, &remarks)
        CalendarChecks.check(
            fiche, currentYear: currentYear ?? Calendar(identifier: .gregorian).component(.year, from: Date()),
            &remarks)
        VisitChecks.check(fiche, &remarks)
        MeasureChecks.check(fiche, &remarks)
        PlaceChecks.check(fiche, &remarks)
        TextChecks.check(fiche, &remarks)
        return remarks.controles
    }
}

/// The remarks on one sheet, in the order in which they were made.
struct Remarks {
    /// Hostile answers must not make endless lists.
    private static let limit = 200

    private(set) var controles: [Controle] = []

    mutating func add(_ champ: String, _ regle: String, _ gravite: Controle.Gravite, _ message: String) {
        guard controles.count <= Self.limit else { return }
        guard controles.count < Self.limit else {
            controles.append(
                Controle(champ: "", regle: "autres", gravite: .info, message: "et d'autres remarques"))
            return
        }
        controles.append(Controle(champ: champ, regle: regle, gravite: gravite, message: message))
    }
}
