/// A commune of France, of today or of the past.
public struct Commune: Sendable, Hashable {
    /// INSEE's code, five characters.
    public var code: String
    public var name: String
    /// The department's number: `38`, `2A`, `974`.
    public var department: String
    /// Degrees, where the list has them.
    public var latitude: Double?
    public var longitude: Double?
    /// True for one that is no commune of its own any more.
    public var isFormer: Bool

    public init(
        code: String, name: String, department: String, latitude: Double? = nil, longitude: Double? = nil,
        isFormer: Bool = false
    ) {
        self.code = code
        self.name = name
        self.department = department
        self.latitude = latitude
        self.longitude = longitude
        self.isFormer = isFormer
    }
}

/// The commune that a sheet's words stand for.
public struct CommuneMatch: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// The words are one commune's name, and the department is its own, or none is given and it is the only one.
        case certaine
        /// There are communes of that name, in other departments.
        case autreDepartement = "autre_departement"
        /// Several communes have the name, and nothing tells which is meant.
        case plusieurs
        /// The list has none of that name.
        case inconnue
    }

    public var status: Status
    /// The commune, where it is certain.
    public var commune: Commune?
    /// The departments of those that have the name, in order.
    public var departments: [String]
}
