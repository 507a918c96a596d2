extension SpeciesReference {
    /// Reads a list of species: `code_euring`, `nom_scientifique`, `nom_francais`, `autres_noms` (joined by `|`), and
    /// any further columns whose names begin with `code_`.
    ///
    /// - Parameter file: its name, for errors.
    /// - Throws: `ReferenceError` that names the line.
    public init(csv bytes: [UInt8], file: String) throws(ReferenceError) {
        let table = try CSVTable(bytes, file: file)
        let code = try table.required("code_euring")
        let scientific = try table.required("nom_scientifique")
        let french = try table.required("nom_francais")
        let others = table.column("autres_noms")
        let codes = table.columns.enumerated().filter { $0.offset != code && $0.element.hasPrefix("code_") }
        var lines: [String: Int] = [:]
        var species: [Species] = []
        for row in table.rows {
            let one = Species(
                code: try Self.code(row.fields[code], table, row),
                scientificName: try Self.name(row.fields[scientific], "nom_scientifique", table, row),
                frenchName: try Self.name(row.fields[french], "nom_francais", table, row),
                otherNames: others.map { row.fields[$0].split(separator: "|").map { String($0).trimmed } }?
                    .filter { !$0.isEmpty } ?? [],
                otherCodes: Dictionary(
                    codes.map { ($0.element, row.fields[$0.offset].trimmed) }.filter { !$0.1.isEmpty },
                    uniquingKeysWith: { first, _ in first }))
            if let earlier = lines.updateValue(row.line, forKey: one.code) {
                throw table.error(
                    row, "the code \(one.code) stands on line \(earlier) already", "Each species has a code of its own."
                )
            }
            species.append(one)
        }
        guard !species.isEmpty else {
            throw ReferenceError(
                file: file, line: 1, problem: "it names no species", advice: "Each further line is a species.")
        }
        self.init(species, digest: CSVTable.digest(of: bytes))
    }

    /// Five digits: spreadsheets take leading zeros away.
    private static func code(
        _ text: String, _ table: CSVTable, _ row: CSVTable.Row
    ) throws(ReferenceError) -> String {
        let digits = text.trimmed
        guard (1...5).contains(digits.count), digits.allSatisfy(\.isASCIIDigit) else {
            throw table.error(
                row, "« \(text.shortened) » is no code_euring", "A number of five digits, for example 07350.")
        }
        return String(repeating: "0", count: 5 - digits.count) + digits
    }

    private static func name(
        _ text: String, _ column: String, _ table: CSVTable, _ row: CSVTable.Row
    ) throws(ReferenceError) -> String {
        let name = text.trimmed
        guard !name.folded.isEmpty, name.utf8.count <= longestName, !name.contains(where: \.isNewline) else {
            throw table.error(
                row, name.isEmpty ? "\(column) is empty" : "« \(name.shortened) » is no \(column)",
                "Each species has one of at most \(longestName) bytes.")
        }
        return name
    }

    /// More than any bird has, and little enough to be compared with any text.
    static let longestName = 120
}
