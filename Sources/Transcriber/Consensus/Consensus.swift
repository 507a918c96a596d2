/// The fields on which several readings of one sheet agree, and those to look at first where they do not.
///
/// Values are compared as `nids-sync evaluate` compares them: without regard to case, spaces, ligatures and the like;
/// visits are matched in their order by month and day. Nothing is decided: the primary's reading stays as it is.
public struct Consensus: Sendable, Hashable {
    /// The labels of the readings, the primary's first.
    public var models: [String]
    /// Fields that all have read alike, in the form's order.
    public var agreed: [String]
    /// Fields and rows that they have not, what to look at first first.
    public var disagreements: [Disagreement]
    /// The number of fields that all have left blank.
    public var blank: Int

    /// A field, or a row of the table of visits, that was not read alike.
    public struct Disagreement: Sendable, Hashable {
        /// Such as `nid.haut_nid` or `tableau_donnees[2].Jour`; a row that the primary has not is `[+n]`.
        public var path: String
        public var kind: Kind
        /// The value that each has read, in the order of `models`; a whole row where rows are at issue.
        public var values: [JSONValue]
        /// The value that more than half of them have read; `nil` when there is none.
        public var majority: JSONValue?
        /// True when a check doubts the primary's value too.
        public var isDoubted: Bool

        /// True when the majority has read otherwise than the primary.
        public var outvotesPrimary: Bool {
            guard let majority, let primary = values.first else { return false }
            return ScoredText.normalised(majority) != ScoredText.normalised(primary)
        }
    }

    /// In which way readings differ.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Two or more have read different values.
        case conflicting = "valeurs_differentes"
        /// Some have read a value, the same one, and others nothing.
        case partial = "lu_par_certains"
        /// A visit that only some have.
        case row = "visite_de_certains"
    }

    /// Compares the readings of one sheet; `nil` when there are fewer than two.
    ///
    /// - Parameters:
    ///   - readings: Each model's label and reading, the primary's first.
    ///   - controles: What the checks say of the primary's reading.
    public init?(_ readings: [(label: String, fiche: Fiche)], checks: [Check] = []) {
        guard readings.count > 1 else { return nil }
        var comparison = ReadingComparison(doubted: Set(checks.filter { $0.severity != .info }.map(\.field)))
        comparison.compare(readings.map { JSONValue($0.fiche) })
        models = readings.map(\.label)
        agreed = comparison.agreed
        blank = comparison.blank
        disagreements = comparison.disagreements.enumerated().sorted { first, second in
            let (left, right) = (Self.rank(first.element), Self.rank(second.element))
            return left == right ? first.offset < second.offset : left.lexicographicallyPrecedes(right)
        }.map(\.element)
    }

    /// The share of fields with something read that all have read alike, 0 to 1; 1 when nothing was read.
    public var agreement: Double {
        let all = agreed.count + disagreements.count
        return all == 0 ? 1 : Double(agreed.count) / Double(all)
    }

    /// Smaller is looked at sooner: where the primary is outvoted, where a check doubts it too, what the observation
    /// is about, contradictions before gaps.
    private static func rank(_ disagreement: Disagreement) -> [Int] {
        [
            disagreement.outvotesPrimary ? 0 : 1,
            disagreement.isDoubted ? 0 : 1,
            FieldWeight.weight(of: disagreement.path),
            disagreement.kind == .partial ? 1 : 0,
        ]
    }
}

extension JSONValue {
    /// The report as it is written under `nids_sync.consensus`.
    public init(_ consensus: Consensus) {
        self = [
            "modeles": .array(consensus.models.map(JSONValue.string)),
            "taux_accord": .number((consensus.agreement * 1000).rounded() / 1000),
            "champs_vides": .integer(consensus.blank),
            "a_voir_d_abord": .array(consensus.disagreements.prefix(5).map { .string($0.path) }),
            "desaccords": .array(
                consensus.disagreements.map { disagreement in
                    var object = JSONObject([
                        ("champ", .string(disagreement.path)),
                        ("genre", .string(disagreement.kind.rawValue)),
                        (
                            "valeurs",
                            .object(JSONObject(Array(zip(consensus.models, disagreement.values))))
                        ),
                    ])
                    if let majority = disagreement.majority { object["majorite"] = majority }
                    return .object(object)
                }),
            "accords": .array(consensus.agreed.map(JSONValue.string)),
        ]
    }
}
