/// One species of the reference: a row of `especes.csv`.
public struct Species: Sendable, Hashable {
    /// EURING's code, five digits; empty where the list has none.
    public var code: String
    public var scientificName: String
    public var frenchName: String
    /// Older, vernacular and former scientific names.
    public var otherNames: [String]
    /// The values of the file's further code columns, by the column's name.
    public var otherCodes: [String: String]

    public init(
        code: String, scientificName: String, frenchName: String, otherNames: [String] = [],
        otherCodes: [String: String] = [:]
    ) {
        self.code = code
        self.scientificName = scientificName
        self.frenchName = frenchName
        self.otherNames = otherNames
        self.otherCodes = otherCodes
    }

    /// Every name.
    var names: [String] { [frenchName, scientificName] + otherNames }

    /// The codes that a sheet's number may stand for.
    var numbers: Set<Int> { Set(([code] + otherCodes.values).compactMap { Int($0) }) }
}
