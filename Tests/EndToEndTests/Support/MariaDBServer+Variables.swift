import TestSupport

extension MariaDBServer.Database {
    /// The settings that lead to it.
    var variables: [String: String?] {
        ["DB_HOST": host, "DB_PORT": String(port), "DB_NAME": name, "DB_USER": user, "DB_PASSWORD": password]
    }
}
