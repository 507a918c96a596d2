public import MariaDB

extension Settings {
    /// The database in which the observations are recorded.
    public enum Observations: Sendable, Hashable {
        /// A file of the state folder.
        case sqlite
        case mariaDB(MariaDBConfiguration)
    }
}

extension Settings.Observations {
    /// The database as the state remembers it: `sqlite`, or `mariadb://host:port,…/name`; no login and no password.
    public var home: String {
        guard case .mariaDB(let configuration) = self else { return Self.sqliteHome }
        return Self.scheme + configuration.servers.map(Self.word).joined(separator: ",") + "/" + configuration.name
    }

    /// True where `stored`, the `home` of an earlier run, names the same database: a cluster that was given a further
    /// node, has lost one, or is named in another order has one server at least in common with what it was.
    public func isHome(_ stored: String) -> Bool { Self.areSame(home, stored) }

    /// The same for the homes of two runs.
    static func areSame(_ home: String, _ stored: String) -> Bool {
        guard let mine = parts(home), let other = parts(stored) else { return home == stored }
        return mine.name == other.name && !mine.servers.isDisjoint(with: other.servers)
    }

    private static let sqliteHome = "sqlite"
    private static let scheme = "mariadb://"

    private static func word(_ address: MariaDBAddress) -> String {
        switch address {
        case .tcp(let host, let port): "\(host):\(port)"
        case .socket(let path): "\(path ?? "localhost"):3306"
        }
    }

    private static func parts(_ home: String) -> (servers: Set<String>, name: Substring)? {
        guard home.hasPrefix(scheme), let slash = home.lastIndex(of: "/") else { return nil }
        let servers = home[..<slash].dropFirst(scheme.count).split(separator: ",").map { server in
            // A socket has no port, and was once remembered with the one that was set beside it.
            server.hasPrefix("/") || server.hasPrefix("localhost:")
                ? String(server[..<(server.lastIndex(of: ":") ?? server.endIndex)]) : String(server)
        }
        return (Set(servers), home[slash...].dropFirst())
    }
}
