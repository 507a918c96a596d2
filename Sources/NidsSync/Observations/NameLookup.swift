import Transcriber

/// Looks names up, the same one only once: an archive has a few species, misread in a few ways.
struct NameLookup {
    let names: NameReference
    private var found: [Words: SpeciesMatch?] = [:]

    private struct Words: Hashable {
        let name: [UInt8]
        let code: Int?
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
        found[words] = match
        return match
    }
}
