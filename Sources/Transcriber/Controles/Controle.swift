/// A remark on a reading, for the person who looks it over.
public struct Controle: Sendable, Hashable, Codable {
    /// Which field, as a path of keys: `tableau_donnees[2].Jour`.
    public var champ: String
    /// Which rule, as a short name that does not change.
    public var regle: String
    public var gravite: Gravite
    /// The fault, in French.
    public var message: String

    public enum Gravite: String, Sendable, Hashable, Codable, CaseIterable {
        case info
        case avertissement
        case erreur
    }

    public init(champ: String, regle: String, gravite: Gravite, message: String) {
        self.champ = champ
        self.regle = regle
        self.gravite = gravite
        self.message = message
    }
}

extension JSONValue {
    /// The remark as it is written under `nids_sync`.
    public init(_ controle: Controle) {
        self = [
            "champ": .string(controle.champ),
            "regle": .string(controle.regle),
            "gravite": .string(controle.gravite.rawValue),
            "message": .string(controle.message),
        ]
    }
}
