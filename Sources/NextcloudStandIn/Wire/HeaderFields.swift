/// The header fields of a message, in their order; names are compared without regard to case (RFC 9110, section 5.1).
struct HeaderFields: Sendable {
    private(set) var fields: [(name: String, value: String)] = []

    /// The value of the first field of that name.
    subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.name.lowercased() == wanted }?.value
    }

    mutating func append(_ name: String, _ value: String) { fields.append((name, value)) }

    /// True where a field that is a list of words holds that word.
    func lists(_ word: String, in name: String) -> Bool {
        let words = self[name]?.split(separator: ",") ?? []
        return words.contains { $0.filter { $0 != " " }.lowercased() == word }
    }
}
