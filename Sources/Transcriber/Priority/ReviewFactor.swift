/// What speaks for looking a reading over, and how much each of it weighs.
///
/// The weights follow a fit (`SimulatedReading.fit`) to simulated misreadings of the project's sample sheets: letters,
/// digits, months, swapped, lost and invented fields. What hardly occurs there, or not at all (a commune that is in no
/// list, a distant year, a duplicate), was set by judgement beside them. Real readings, whose errors nobody has counted
/// yet, had no part in it: `nids-sync evaluate` tells how well they do.
public enum ReviewFactor: String, Sendable, Hashable, CaseIterable {
    /// A check of something that cannot be.
    case erreur
    /// A check of something that hardly can.
    case avertissement
    /// A check of something worth a look.
    case info
    /// A field that most models have read otherwise than this one.
    case minorite
    /// A field of which two models have read different values.
    case desaccord
    /// A field that some models have read, and others have left blank.
    case luParCertains
    /// A visit that only some models have.
    case visiteDeCertains
    /// A change that the model's answer needed to become a sheet.
    case correction
    /// No species.
    case especeAbsente
    /// A species' name that is only near one.
    case especeProposee
    /// A name of several species.
    case especePlusieurs
    /// A name that is near no species'.
    case especeInconnue
    /// No commune.
    case communeAbsente
    /// A commune that is not in the list, where there is one.
    case communeInconnue
    /// A value fewer than sparse sheets have.
    case valeurManquante
    /// A year far from those of the folder's other sheets.
    case anneeEloignee
    /// Likely the same sheet as another one.
    case doublon

    /// The points that one of them gives, and how many of them count.
    public var weight: (points: Double, atMost: Int) {
        switch self {
        case .erreur: (6, 4)
        case .avertissement: (5, 6)
        case .info: (2, 5)
        case .minorite: (1.5, 8)
        case .desaccord: (1, 8)
        case .luParCertains: (0.3, 8)
        case .visiteDeCertains: (0.5, 6)
        case .correction: (8, 3)
        case .especeAbsente: (6, 1)
        case .especeProposee: (4, 1)
        case .especePlusieurs: (4, 1)
        case .especeInconnue: (12, 1)
        case .communeAbsente: (8, 1)
        case .communeInconnue: (6, 1)
        case .valeurManquante: (1, 10)
        case .anneeEloignee: (20, 1)
        case .doublon: (20, 1)
        }
    }
}
