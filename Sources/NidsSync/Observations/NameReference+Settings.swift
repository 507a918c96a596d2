public import Transcriber

extension NameReference {
    /// Bytes; France has 35,000 communes, with all that is said of them 30 MB at the most.
    private static let longestFile = 64 << 20

    /// Reads the lists that were given.
    /// - Throws: `ConfigurationError` that names the file and the line.
    public init(_ settings: Settings.Reference) throws(ConfigurationError) {
        self.init()
        if let file = settings.speciesFile {
            species = try Self.read(file, "reference.especes_file") { bytes throws(ReferenceError) in
                try SpeciesReference(csv: bytes, file: file)
            }
        }
        if let file = settings.communesFile {
            communes = try Self.read(file, "reference.communes_file") { bytes throws(ReferenceError) in
                try CommuneReference(csv: bytes, file: file)
            }
        }
    }

    private static func read<List>(
        _ file: String, _ key: String, _ body: ([UInt8]) throws(ReferenceError) -> List
    ) throws(ConfigurationError) -> List {
        let bytes: [UInt8]
        do throws(SmallFile.Problem) { bytes = Array(try SmallFile.read(file, limit: longestFile)) } catch {
            throw ConfigurationError(
                error == .tooLarge ? "\(file) is larger than 64 MB" : "\(file) cannot be read", key: key,
                advice: "Give the path of a CSV file that this user may read.")
        }
        do throws(ReferenceError) { return try body(bytes) } catch {
            throw ConfigurationError(
                error.problem, key: key, at: .file(error.file, line: error.line), advice: error.advice)
        }
    }
}
