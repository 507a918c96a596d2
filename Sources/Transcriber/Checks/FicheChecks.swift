import Foundation

/// The checks of a sheet. They change nothing: a person decides.
///
/// `erreur` is what cannot be, `avertissement` what hardly can, `info` what is worth a look.
public enum FicheChecks {
    /// The remarks on a sheet.
    ///
    /// - Parameters:
    ///   - currentYear: The year after which no sheet can be; this year unless given.
    ///   - names: The lists that names are looked up in.
    public static func checks(
        for fiche: Fiche, promptKind: PromptKind, currentYear: Int? = nil, names: NameReference = NameReference()
    ) -> [Check] {
        var remarks = Remarks()
        if fiche.isBlank {
            remarks.add("", "fiche_vide", .avertissement, "rien n'a été lu sur cette fiche")
            return remarks.checks
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
        NameChecks.check(fiche, names, &remarks)
        return remarks.checks
    }
}

/// The remarks on one sheet, in the order in which they were made.
struct Remarks {
    /// Hostile answers must not make endless lists.
    private static let limit = 200

    private(set) var checks: [Check] = []

    mutating func add(_ field: String, _ rule: String, _ severity: Check.Severity, _ message: String) {
        guard checks.count <= Self.limit else { return }
        guard checks.count < Self.limit else {
            checks.append(
                Check(field: "", rule: "autres", severity: .info, message: "et d'autres remarques"))
            return
        }
        checks.append(Check(field: field, rule: rule, severity: severity, message: message))
    }
}
