/// The species that a sheet's words and number stand for, and how sure that is.
public struct SpeciesMatch: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// The words are one species' name, or nearly, and the number is that species' code.
        case certaine
        /// The words are near a species' name, or are missing beside its code: a person decides.
        case proposee
        /// A genus, or a name that several species share.
        case plusieurs
        /// Near nothing.
        case inconnue
    }

    public var status: Status
    /// The species: certain, or proposed.
    public var species: Species?
    /// The likeness of the words and the species' name, from 0 to 1; 1 for its very name.
    public var score: Double?
    /// The species whose code the sheet bears, where that is another one: a low doubt, since nobody knows for sure whose
    /// codes a sheet bears.
    public var codeSpecies: Species?

    init(_ status: Status, _ species: Species? = nil, score: Double? = nil, codeSpecies: Species? = nil) {
        self.status = status
        self.species = species
        self.score = score
        self.codeSpecies = codeSpecies
    }
}
