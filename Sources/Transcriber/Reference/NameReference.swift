/// The lists that names on sheets are looked up in.
public struct NameReference: Sendable {
    public var species: SpeciesReference
    /// `nil` where none was given: there are 35,000 of them, and they change every year.
    public var communes: CommuneReference?

    public init(species: SpeciesReference = .shipped, communes: CommuneReference? = nil) {
        self.species = species
        self.communes = communes
    }
}
