/// The names that Nextcloud refuses to make.
enum NameRules {
    /// The refusal of the last name of a path for something new; nil for a name that is taken.
    static func refusal(of names: [String]) -> DAVError? {
        guard let name = names.last else { return nil }
        if name == ".htaccess" {
            let path = "files/" + names.joined(separator: "/")
            return DAVError(500, #"OCP\Files\ForbiddenException"#, "Invalid path: \(path)", anonymous: true)
        }
        if name.utf8.count > 250 { return .invalidPath("Filename is too long") }
        for ending in [".filepart", ".part"] where name.lowercased().hasSuffix(ending) {
            return .invalidPath("\"\(ending)\" is a forbidden file type.")
        }
        if name.contains("\\") { return .invalidPath("\"\\\" is not allowed inside a file or folder name.") }
        return nil
    }
}
