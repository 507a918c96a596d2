/// The resource that a DAV request is about: a path in somebody's files.
struct DAVTarget: Sendable {
    /// Whose files, by the id in the path.
    var user: String
    var names: [String]
    /// The beginning of hrefs, percent-encoded.
    var prefix: String

    /// For messages: `/Fixture/x.json`.
    var path: String { "/" + names.joined(separator: "/") }

    init(user: String, names: [String], prefix: String = "") {
        self.user = user
        self.names = names
        self.prefix = prefix
    }

    /// The path among an account's files that a request is about; nil for any other.
    static func file(_ rawPath: String) -> String? {
        let nobody = Account(user: "", password: "")
        return DAVTarget(rawPath: rawPath, account: nobody)?.names.joined(separator: "/")
    }

    /// Reads `/remote.php/dav/files/<user>/…` or `/remote.php/webdav/…`; nil for any other path.
    init?(rawPath: String, account: Account) {
        guard let path = PercentEncoding.decoded(rawPath), let parts = PathRules.names(of: path) else { return nil }
        if parts.starts(with: ["remote.php", "dav", "files"]), parts.count > 3 {
            user = parts[3]
            names = Array(parts.dropFirst(4))
            prefix = "/remote.php/dav/files/" + Href.encoded(user)
        } else if parts.starts(with: ["remote.php", "webdav"]) {
            user = account.userID
            names = Array(parts.dropFirst(2))
            prefix = "/remote.php/webdav"
        } else {
            return nil
        }
    }
}
