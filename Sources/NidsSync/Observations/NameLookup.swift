import Transcriber

/// Looks names up, the same one only once: an archive has a few species, misread in a few ways.
struct NameLookup {
    let names: NameReference
    /// What people decided about forms of names that are none of the reference.
    var learned: [String: EquivalenceTable.Learned] = [:]
    private var found: [Words: SpeciesMatch?] = [:]
    private var places: [Place: CommuneMatch?] = [:]

    private struct Words: Hashable {
        let name: [UInt8]
        let code: Int?
    }

    private struct Place: Hashable {
        let name: [UInt8]
        let department: [UInt8]
    }

    /// More than is worth its memory is forgotten.
    private static let limit = 5_000

    init(_ names: NameReference) {
        self.names = names
    }

    mutating func species(_ general: Fiche.InformationsGenerales) -> SpeciesMatch? {
        let words = Words(name: Array((general.espece ?? "").utf8), code: general.nEspece)
        if let match = found[words] { return match }
        let match = names.species.match(name: general.espece, code: general.nEspece)
        if found.count >= Self.limit { found = [:] }
        found[words] = .some(match)
        return match
    }

    mutating func commune(_ place: Fiche.Localisation) -> CommuneMatch? {
        guard let communes = names.communes else { return nil }
        let key = Place(name: Array((place.commune ?? "").utf8), department: Array((place.depT ?? "").utf8))
        if let match = places[key] { return match }
        let match = communes.match(name: place.commune, department: place.depT)
        if places.count >= Self.limit { places = [:] }
        places[key] = .some(match)
        return match
    }

    /// The species that people put in the place of a name, where the sheet's code speaks for no other.
    func learned(_ form: String, code: Int?) -> (species: Species, isAgreed: Bool)? {
        guard let learned = learned[form], let species = names.species.species(code: learned.code),
            names.species.allows(species, code: code)
        else { return nil }
        return (species, learned.isAgreed)
    }
}
