/// Where a MariaDB server is, and who logs in to which database.
public struct MariaDBConfiguration: Sendable, Hashable {
    /// The server's name or address; a path (`/run/mysqld/mysqld.sock`) is a Unix socket, and so is `localhost`.
    ///
    /// That `localhost` means the socket, whatever the port, is libmariadb's rule, which Django's client and the
    /// `mariadb` command follow too; `127.0.0.1` means TCP.
    public var host: String
    /// The TCP port; of no meaning for a socket.
    public var port: Int
    /// The database's name.
    public var name: String
    /// The login.
    public var user: String
    /// The login's password; in no description and no error.
    public var password: String
    /// A PEM file of certificate authorities: when given, TCP connections must be encrypted and the server's
    /// certificate must be signed by one of them and bear the host's name. Without it, TLS is used where the server
    /// offers it, unverified.
    public var caFile: String?
    /// How long connecting and logging in may take, in whole seconds.
    public var connectTimeout: Duration
    /// How long the server may stay silent within one statement, in whole seconds.
    public var statementTimeout: Duration

    public init(
        host: String, port: Int = 3306, name: String, user: String, password: String, caFile: String? = nil,
        connectTimeout: Duration = .seconds(10), statementTimeout: Duration = .seconds(60)
    ) {
        self.host = host
        self.port = port
        self.name = name
        self.user = user
        self.password = password
        self.caFile = caFile
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
    }

    /// The Unix socket's path, when the host is one.
    var socketPath: String? { host.hasPrefix("/") ? host : nil }

    /// Whether the connection leads through a Unix socket.
    var usesSocket: Bool { socketPath != nil || host == "localhost" }

    /// The server as messages name it: `db.example.org:3306`, or the socket.
    public var server: String {
        if let socketPath { return socketPath }
        return usesSocket ? "localhost (its Unix socket; write 127.0.0.1 for TCP)" : "\(host):\(port)"
    }
}

extension MariaDBConfiguration: CustomStringConvertible, CustomReflectable {
    public var description: String { "\(user)@\(server)/\(name)" }

    /// Without the password, since `dump` and failed test expectations print mirrors.
    public var customMirror: Mirror {
        Mirror(self, children: ["server": server, "name": name, "user": user])
    }
}
