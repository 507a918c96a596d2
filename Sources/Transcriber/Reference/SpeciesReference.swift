/// The species that sheets may be about, found by every name they have or had, and by their codes.
public struct SpeciesReference: Sendable {
    /// In the order of the file.
    public let species: [Species]
    /// Tells two references apart: what was found with one is looked for again with another.
    public let digest: String
    /// The species of a name without case, accents and signs; of several where they share it.
    let byName: [String: [Int]]
    let byCode: [Int: [Int]]
    let names: [Name]
    /// The first words of the scientific names.
    let genera: Set<String>

    /// One name, prepared to be compared.
    struct Name: Sendable {
        let species: Int
        let letters: [UInt8]
        let words: [[UInt8]]
    }

    /// The reference that ships with the program.
    public static let shipped =
        (try? SpeciesReference(csv: PackageResources.especes_csv, file: "especes.csv"))
        ?? SpeciesReference([], digest: "")

    /// - Parameter digest: tells it apart from others, in at most 20 letters.
    public init(_ species: [Species], digest: String) {
        var byName: [String: [Int]] = [:]
        var byCode: [Int: [Int]] = [:]
        var names: [Name] = []
        var genera: Set<String> = []
        for (index, one) in species.enumerated() {
            for name in one.names {
                let folded = name.folded
                guard !folded.isEmpty, byName[folded]?.contains(index) != true else { continue }
                byName[folded, default: []].append(index)
                names.append(Name(species: index, letters: Array(folded.utf8), words: Self.words(of: name)))
            }
            for number in one.numbers { byCode[number, default: []].append(index) }
            if let genus = one.scientificName.split(separator: " ").first { genera.insert(String(genus).folded) }
        }
        self.species = species
        self.digest = digest
        self.byName = byName
        self.byCode = byCode
        self.names = names
        self.genera = genera
    }

    /// A name's words, folded; those that only tie others together are left out.
    static func words(of name: String) -> [[UInt8]] {
        name.split { !$0.isLetter && !$0.isNumber }.map { Array(String($0).folded.utf8) }
            .filter { !$0.isEmpty && !ties.contains($0) }
    }

    private static let ties = Set(
        ["a", "d", "de", "des", "du", "la", "le", "les", "l", "au", "aux"].map { Array($0.utf8) })
}
