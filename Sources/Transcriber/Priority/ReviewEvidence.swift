/// What is known of one reading that speaks for looking it over.
public struct ReviewEvidence: Sendable, Hashable {
    /// How often each factor applies.
    public private(set) var counts: [ReviewFactor: Int] = [:]

    /// Sheets with fewer values are sparse.
    private static let sparse = 20

    /// Gathers it.
    ///
    /// - Parameters:
    ///   - fiche: the reading.
    ///   - checks: what the checks say of it.
    ///   - corrections: the number of changes that the answer needed.
    ///   - consensus: what stands under `nids_sync.consensus`: how other models' readings differ from it.
    ///   - names: the lists in which its species and commune are looked up.
    public init(
        _ fiche: Fiche, checks: [Check], corrections: Int = 0, consensus: JSONValue? = nil,
        names: NameReference = NameReference()
    ) {
        add(checks)
        add(.correction, corrections)
        add(consensus)
        let general = fiche.informationsGenerales
        add(names.species.match(name: general.espece, code: general.nEspece)?.status)
        if let commune = fiche.localisation.commune {
            let match = names.communes?.match(name: commune, department: fiche.localisation.depT)
            if match?.status == .inconnue { add(.communeInconnue, 1) }
        } else {
            add(.communeAbsente, 1)
        }
        add(.valeurManquante, max(0, Self.sparse - ExtentChecks.values(in: fiche)))
    }

    /// The evidence that a person's reading leaves: what they wrote is as they want it, unless it does not fit together.
    ///
    /// - Parameter isConfirmed: whether they said that it is right: then only what cannot be counts.
    public init(ofPersons checks: [Check], isConfirmed: Bool) {
        add(checks.filter { $0.severity == .erreur || !isConfirmed && $0.severity == .avertissement })
    }

    private mutating func add(_ checks: [Check]) {
        for check in checks {
            switch check.severity {
            case .erreur: add(.erreur, 1)
            case .avertissement: add(.avertissement, 1)
            case .info: add(.info, 1)
            }
        }
    }

    private mutating func add(_ consensus: JSONValue?) {
        for disagreement in consensus?["desaccords"]?.array ?? [] {
            // The first value is the primary's.
            let first = disagreement["valeurs"]?.object?.members.first?.value
            if let majority = disagreement["majorite"], majority != first {
                add(.minorite, 1)
            } else {
                switch disagreement["genre"]?.string {
                case "lu_par_certains": add(.luParCertains, 1)
                case "visite_de_certains": add(.visiteDeCertains, 1)
                default: add(.desaccord, 1)
                }
            }
        }
    }

    private mutating func add(_ species: SpeciesMatch.Status?) {
        switch species {
        case nil: add(.especeAbsente, 1)
        case .certaine: break
        case .proposee: add(.especeProposee, 1)
        case .plusieurs: add(.especePlusieurs, 1)
        case .inconnue: add(.especeInconnue, 1)
        }
    }

    private mutating func add(_ factor: ReviewFactor, _ count: Int) {
        guard count > 0 else { return }
        counts[factor, default: 0] += count
    }

    /// How much the reading deserves a second look, from 0 to 100 (`priorite_relecture`).
    public var priority: Int {
        let points = counts.reduce(0.0) { sum, factor in
            let weight = factor.key.weight
            return sum + weight.points * Double(min(factor.value, weight.atMost))
        }
        return min(100, Int(points.rounded()))
    }
}
