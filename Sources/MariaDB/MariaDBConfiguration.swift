/// The servers of one MariaDB database, and the login to it.
public struct MariaDBConfiguration: Sendable, Hashable {
    /// The servers that hold the database, as the nodes of a Galera cluster do. They are tried in this order; the one
    /// that answers is kept until it fails.
    public var servers: [MariaDBAddress]
    /// The database's name.
    public var name: String
    /// The login.
    public var user: String
    /// The login's password; in no description and no error.
    public var password: String
    /// `nil`: `verified` with a CA file; else `off` for sockets and hosts with loopback and private addresses only
    /// (``LocalNetwork``), where TLS is taken up all the same when the server refuses the login without; else
    /// `required`. Through a Unix socket there is no TLS but in that last case.
    public var tls: MariaDBTLS?
    /// A PEM file of certificate authorities for `verified`; `nil` for the system's.
    public var caFile: String?
    /// The time that connecting and logging in may take for each server, in whole seconds, 1 at least.
    public var connectTimeout: Duration
    /// The time that the server may stay silent within one statement, in whole seconds, 1 at least.
    public var statementTimeout: Duration

    public init(
        servers: [MariaDBAddress], name: String, user: String, password: String, tls: MariaDBTLS? = nil,
        caFile: String? = nil, connectTimeout: Duration = .seconds(10), statementTimeout: Duration = .seconds(60)
    ) {
        self.servers = servers
        self.name = name
        self.user = user
        self.password = password
        self.tls = tls
        self.caFile = caFile
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
    }

    /// One server, its host written as ``MariaDBAddress/init(_:defaultPort:)`` reads it.
    public init(
        host: String, port: Int = 3306, name: String, user: String, password: String, tls: MariaDBTLS? = nil,
        caFile: String? = nil, connectTimeout: Duration = .seconds(10), statementTimeout: Duration = .seconds(60)
    ) {
        self.init(
            servers: [MariaDBAddress(host, defaultPort: port) ?? .tcp(host: host, port: port)], name: name, user: user,
            password: password, tls: tls, caFile: caFile, connectTimeout: connectTimeout,
            statementTimeout: statementTimeout)
    }

    /// The servers as messages name them: `db.example.org:3306`, or the socket.
    public var server: String { servers.map(\.description).joined(separator: ", ") }
}

extension MariaDBConfiguration: CustomStringConvertible, CustomReflectable {
    public var description: String { "\(user)@\(server)/\(name)" }

    /// Without the password, since `dump` and failed test expectations print mirrors.
    public var customMirror: Mirror {
        Mirror(self, children: ["server": server, "name": name, "user": user])
    }
}
