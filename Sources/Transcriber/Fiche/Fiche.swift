/// One nest record sheet as it was read: what stands on the paper, nothing concluded from it.
///
/// Property names are the French names of the sheet; `JSONValue(fiche)` writes the keys that existing tools read.
/// Blank on paper is `nil`, an empty table `[]`.
public struct Fiche: Sendable, Hashable {
    public var informationsGenerales = InformationsGenerales()
    public var nid = Nid()
    public var localisation = Localisation()
    public var tableauDonnees: [Visite] = []
    public var tableauDonnees2 = Resume()
    public var causesEchec = CausesEchec()
    public var remarque: String?

    /// Creates an entirely blank sheet.
    public init() {}

    /// True when nothing at all was read.
    public var isBlank: Bool { self == Fiche() }
}

extension Fiche {
    /// The sheet's head: who saw which species, and in which year.
    public struct InformationsGenerales: Sendable, Hashable {
        public var nFiche: String?
        public var observateur: String?
        public var nEspece: Int?
        public var espece: String?
        /// Four digits.
        public var annee: String?

        public init() {}
    }

    /// The nest itself.
    public struct Nid: Sendable, Hashable {
        /// The box "oui" or "non": the pair's previous nest was the same one; `nil` when neither is ticked.
        public var nidPrecTMemeCPle: Bool?
        /// Height of the nest in metres, without the unit.
        public var hautNid: String?
        /// Height of the cover in metres, without the unit.
        public var hCVert: String?
        public var nid: String?

        public init() {}
    }

    /// Where the nest is.
    public struct Localisation: Sendable, Hashable {
        public var ign50000: String?
        public var commune: String?
        public var depT: String?
        public var coordonneesEtOuLieuDit: String?
        /// Metres, without the unit.
        public var altitude: String?
        public var paysage: String?
        public var alentours: String?

        public init() {}
    }

    /// One row of the table of visits.
    public struct Visite: Sendable, Hashable {
        /// 1 to 31.
        public var jour: Int?
        /// 1 to 12.
        public var mois: Int?
        /// 0 to 24.
        public var heure: Int?
        public var nombreOeuf: Int?
        public var nombrePou: Int?
        public var age: String?
        public var observations: String?

        public init() {}

        /// True when the row is entirely empty; such rows are not part of a sheet.
        public var isBlank: Bool { self == Visite() }
    }

    /// The summary table.
    public struct Resume: Sendable, Hashable {
        public var premierOeufPondu = DateResume()
        public var premierPoussinEclos = DateResume()
        public var premierPoussinVolant = DateResume()
        public var nombreOeufs = NombreOeufs()
        public var nombrePoussins = NombrePoussins()

        public init() {}
    }

    /// A date of the summary, with how exact it is.
    public struct DateResume: Sendable, Hashable {
        public var jour: Int?
        public var mois: Int?
        public var precision: String?

        public init() {}
    }

    /// The eggs of the summary.
    public struct NombreOeufs: Sendable, Hashable {
        public var pondus: Int?
        public var eclos: Int?
        public var nEcl: Int?

        public init() {}
    }

    /// The young of the summary: half grown, three quarters grown, fledged.
    public struct NombrePoussins: Sendable, Hashable {
        public var unDemi: Int?
        public var troisQuarts: Int?
        public var volT: Int?

        public init() {}
    }

    /// The causes of the brood's failure.
    public struct CausesEchec: Sendable, Hashable {
        public var causesDEchec: String?

        public init() {}
    }
}
