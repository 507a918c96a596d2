/// The printed labels of the fields outside the tables.
enum FieldLabel: String, CaseIterable, Sendable {
    case nFiche, observateur, nEspece, espece, annee
    case nidPrecedent, hautNid, hCVert, nid
    case ign, commune, departement, lieuDit, altitude, paysage, alentours
    case causesEchec, remarques

    /// As printed, by `FuzzyText.skeleton`.
    var skeletons: [[UInt8]] { spellings.map(FuzzyText.skeleton) }

    private var spellings: [String] {
        switch self {
        case .nFiche: ["N° fiche", "Numéro fiche", "Fiche n°"]
        case .observateur: ["Observateur", "Observateurs", "Observateur(s)"]
        case .nEspece: ["N° espèce", "Numéro espèce", "Code espèce"]
        case .espece: ["Espèce"]
        case .annee: ["Année"]
        case .nidPrecedent: ["Nid préc't même c'ple", "Nid précédent même couple"]
        case .hautNid: ["Haut. nid", "Hauteur nid", "Hauteur du nid"]
        case .hCVert: ["H. c'vert", "Haut. couvert", "Hauteur couvert"]
        case .nid: ["Nid"]
        case .ign: ["IGN/50000", "Carte IGN/50000", "IGN 1/50000"]
        case .commune: ["Commune"]
        case .departement: ["Dép't", "Département"]
        case .lieuDit: ["Coordonnées et/ou lieu-dit", "Lieu-dit"]
        case .altitude: ["Altitude"]
        case .paysage: ["Paysage"]
        case .alentours: ["Alentours"]
        case .causesEchec: ["Causes d'échec", "Cause d'échec"]
        case .remarques: ["Remarques", "Remarque"]
        }
    }

    /// True when the value may go on in the lines below.
    var mayGoOn: Bool {
        switch self {
        case .nid, .lieuDit, .paysage, .alentours, .causesEchec, .remarques: true
        default: false
        }
    }
}
