/// What of a sheet can be computed with: numbers and days, where its words say them without doubt.
///
/// Nothing is guessed: a range, a day without its month and a year of two digits give `nil`.
public struct FicheValues: Sendable, Hashable {
    public var year: Int?
    /// Metres above the ground.
    public var nestHeight: Double?
    /// Metres.
    public var coverHeight: Double?
    /// Metres above the sea.
    public var altitude: Double?
    public var firstEgg: CalendarDay?
    public var firstHatching: CalendarDay?
    public var firstFledging: CalendarDay?
    /// The day of each visit.
    public var visits: [CalendarDay?]

    public init(_ fiche: Fiche) {
        let year = fiche.informationsGenerales.annee.flatMap(Self.year)
        func day(_ day: Int?, _ month: Int?) -> CalendarDay? {
            guard let year, let month, let day else { return nil }
            return CalendarDay(year: year, month: month, day: day)
        }
        let summary = fiche.tableauDonnees2
        self.year = year
        nestHeight = fiche.nid.hautNid.flatMap { Self.isGround($0) ? 0 : Metres.value(in: $0) }
        coverHeight = fiche.nid.hCVert.flatMap(Metres.value)
        altitude = fiche.localisation.altitude.flatMap(Metres.value)
        firstEgg = day(summary.premierOeufPondu.jour, summary.premierOeufPondu.mois)
        firstHatching = day(summary.premierPoussinEclos.jour, summary.premierPoussinEclos.mois)
        firstFledging = day(summary.premierPoussinVolant.jour, summary.premierPoussinVolant.mois)
        visits = fiche.tableauDonnees.map { day($0.jour, $0.mois) }
    }

    private static func year(_ text: String) -> Int? {
        let text = text.trimmed
        guard text.utf8.count == 4, text.allSatisfy(\.isASCIIDigit), let year = Int(text), year >= 1000 else {
            return nil
        }
        return year
    }

    private static func isGround(_ text: String) -> Bool {
        text.utf8.count < 20 && ["sol", "ausol", "aterre", "parterre", "surlesol"].contains(text.folded)
    }
}
