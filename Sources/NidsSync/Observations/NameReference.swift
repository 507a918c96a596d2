public import Transcriber

/// The lists that names on sheets are looked up in.
public struct NameReference: Sendable {
    public var species: SpeciesReference

    public init(species: SpeciesReference = .shipped) {
        self.species = species
    }

    /// Raised whenever other values are computed of the same words.
    private static let version = 1

    /// What a row was computed with: it is computed anew where that is another.
    var digest: String { "\(Self.version) \(species.digest)" }
}
