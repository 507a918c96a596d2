/// A view meant for people: one reading per sheet, a person's, else the primary model's, else the first by label.
public enum ObservationView: String, Sendable, CaseIterable {
    /// One row per sheet.
    case fiches = "nids_v_fiches"
    /// One row per visit.
    case visites = "nids_v_visites"

    /// The columns' names.
    public var columns: [String] {
        switch self {
        case .fiches:
            ["racine", "chemin"] + ReadingRows.ficheColumns + [
                "nombre_controles", "origine", "modele", "type_fiche", "transcrite_le", "chemin_resultat",
            ] + ObservationViews.added
        case .visites:
            [
                "racine", "chemin", "n_fiche", "observateur", "n_espece", "espece", "annee", "commune", "departement",
            ] + ReadingRows.visiteColumns + ObservationViews.addedToVisits
        }
    }
}
