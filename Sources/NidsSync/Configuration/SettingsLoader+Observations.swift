import HTTP
import MariaDB

extension SettingsLoader {
    func observations() throws(ConfigurationError) -> Settings.Observations {
        let servers = try servers()
        guard !servers.isEmpty else {
            try refuseDatabaseWithoutHost()
            return .sqlite
        }
        let tls = try tls()
        return .mariaDB(
            MariaDBConfiguration(
                servers: servers,
                name: try sources.required("observations.name", "The database's name (DB_NAME)."),
                user: try sources.required("observations.user", "The database account's name (DB_USER)."),
                password: try sources.secret("observations.password")?.value ?? "",
                tls: tls, caFile: try caFile(tls)))
    }

    private func servers() throws(ConfigurationError) -> [MariaDBAddress] {
        let port = try sources.integer("observations.port", in: 1...65535) ?? 3306
        var servers: [MariaDBAddress] = []
        for text in try sources.list("observations.host") ?? [] {
            // It is not shown: an address of the form mysql://user:password@host is what some programs want.
            guard let server = MariaDBAddress(text, defaultPort: port) else {
                throw sources.refused(
                    "observations.host", "it is no host",
                    "A host's name or address, with a port where it needs one of its own, or a socket's path; several "
                        + "as a list: db1, db2:3307, [fd00::1]:3306, /run/mysqld/mysqld.sock. Name, user and password "
                        + "have settings of their own.")
            }
            guard !servers.contains(server) else {
                throw sources.refused("observations.host", "a host stands there twice", "Remove one.")
            }
            servers.append(server)
        }
        return servers
    }

    /// Refuses a database's name or login without a host: the observations must not go to a file that nobody looks at.
    private func refuseDatabaseWithoutHost() throws(ConfigurationError) {
        for key in ["name", "user", "password", "password_file"] {
            let path = "observations.\(key)"
            guard sources.raw(path) != nil else { continue }
            throw ConfigurationError(
                "given, and observations.host is missing", key: path, at: sources.place(of: path),
                advice: "Give the server as DB_HOST or observations.host, or take the database's other settings away: "
                    + "without any, the observations go to SQLite in the state folder.")
        }
    }

    /// Whether the Django application's lists serve, which live in its database.
    func takesDjangoLists() throws(ConfigurationError) -> Bool {
        guard try sources.boolean("observations.django_bridge") == true else { return false }
        guard try !servers().isEmpty else {
            throw sources.refused(
                "observations.django_bridge", "it is on, and observations.host is missing",
                "Give the application's database (DB_HOST), or set it to false.")
        }
        return true
    }

    private func tls() throws(ConfigurationError) -> MariaDBTLS? {
        guard let text = try sources.text("observations.tls") else { return nil }
        guard let tls = MariaDBTLS(rawValue: text) else {
            throw sources.wrong(
                "observations.tls", text, "One of \(MariaDBTLS.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return tls
    }

    private func caFile(_ tls: MariaDBTLS?) throws(ConfigurationError) -> String? {
        guard let file = try sources.readableFile("observations.ca_file") else { return nil }
        guard tls == nil || tls == .verified else {
            throw sources.refused(
                "observations.ca_file", "observations.tls is \(tls?.rawValue ?? ""), which verifies nothing",
                "Set observations.tls to verified, or remove it; or remove the file.")
        }
        return file
    }
}
