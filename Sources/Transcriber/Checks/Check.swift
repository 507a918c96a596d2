/// A remark on a reading, for the person who looks it over.
public struct Check: Sendable, Hashable, Codable {
    /// Which field, as a path of keys: `tableau_donnees[2].Jour`.
    public var field: String
    /// Which rule, as a short name that does not change.
    public var rule: String
    public var severity: Severity
    /// The fault, in French.
    public var message: String

    public enum Severity: String, Sendable, Hashable, Codable, CaseIterable {
        case info
        case avertissement
        case erreur
    }

    public init(field: String, rule: String, severity: Severity, message: String) {
        self.field = field
        self.rule = rule
        self.severity = severity
        self.message = message
    }
}

extension JSONValue {
    /// The remark as it is written under `nids_sync`.
    public init(_ check: Check) {
        self = [
            "champ": .string(check.field),
            "regle": .string(check.rule),
            "gravite": .string(check.severity.rawValue),
            "message": .string(check.message),
        ]
    }
}
