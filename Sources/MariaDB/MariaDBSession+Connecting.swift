internal import CMariaDB

extension MariaDBSession {
    /// libmariadb wants its one-time initialisation done before threads share it.
    private static let library: Int32 = mysql_server_init(0, nil, nil)

    /// Ways of proving a password that do not send it. libmariadb has others, which a server may ask for, and which
    /// send it in clear text: mysql_clear_password and dialog.
    private static let authentication = "mysql_native_password,client_ed25519,caching_sha2_password,parsec"

    /// Connects and logs in.
    /// - Throws: `cannotConnect`, `tls`, `accessDenied`, `unknownDatabase`, `unsuitable` or `unavailable`.
    static func connect(
        _ configuration: MariaDBConfiguration, to address: MariaDBAddress
    ) throws(MariaDBError) -> UnsafeMutablePointer<MYSQL> {
        let tls = tls(for: address, configuration)
        var attempt = try Attempt(configuration, address, tls)
        if case .failure(let error) = attempt.result, configuration.tls == nil, tls == .off, attempt.offersTLS,
            error.mayWantTLS
        {
            attempt = try Attempt(configuration, address, .required)
        }
        switch attempt.result {
        case .success(let handle): return handle
        case .failure(let error): throw error
        }
    }

    private static func tls(for address: MariaDBAddress, _ configuration: MariaDBConfiguration) -> MariaDBTLS {
        guard case .tcp(let host, _) = address else { return .off }
        if let tls = configuration.tls { return tls }
        if configuration.caFile != nil { return .verified }
        return LocalNetwork.containsAll(of: host) ? .off : .required
    }

    /// One try to connect, with TLS or without.
    private struct Attempt {
        var result: Result<UnsafeMutablePointer<MYSQL>, MariaDBError>
        /// True where a server introduced itself and can do TLS.
        var offersTLS: Bool

        init(
            _ configuration: MariaDBConfiguration, _ address: MariaDBAddress, _ tls: MariaDBTLS
        ) throws(MariaDBError) {
            guard library == 0, let handle = mysql_init(nil) else {
                throw .cannotConnect(server: address.description, reason: "libmariadb could not be initialised")
            }
            setOptions(of: handle, configuration, address, tls)
            let (host, port, socket): (String?, Int, String?) =
                switch address {
                case .tcp(let host, let port): (host, port, nil)
                case .socket(let path): (path == nil ? "localhost" : nil, 0, path)
                }
            // Updates count the rows they find, as SQLite's do, not only those whose values differ.
            let connected = mysql_real_connect(
                handle, host, configuration.user, configuration.password, configuration.name,
                UInt32(clamping: port), socket, UInt(CLIENT_FOUND_ROWS))
            let capabilities = handle.pointee.server_capabilities
            offersTLS = capabilities & UInt(CLIENT_SSL) != 0
            let error =
                connected == nil
                ? MariaDBError(
                    connecting: Int(mysql_errno(handle)), message: String(cString: mysql_error(handle)), to: address,
                    configuration) : nil
            if tls != .off, capabilities != 0, !offersTLS {
                result = .failure(.tls(server: address.description, reason: "the server offers no TLS"))
            } else if let error {
                result = .failure(error.told(tls, offersTLS: offersTLS, wasReached: capabilities != 0))
            } else if tls != .off, mysql_get_ssl_cipher(handle) == nil {
                result = .failure(.tls(server: address.description, reason: "the connection is not encrypted"))
            } else {
                result = .success(handle)
                return
            }
            mysql_close(handle)
        }
    }

    private static func setOptions(
        of handle: UnsafeMutablePointer<MYSQL>, _ configuration: MariaDBConfiguration, _ address: MariaDBAddress,
        _ tls: MariaDBTLS
    ) {
        set(MYSQL_OPT_CONNECT_TIMEOUT, of: handle, to: seconds(configuration.connectTimeout))
        set(MYSQL_OPT_READ_TIMEOUT, of: handle, to: seconds(configuration.statementTimeout))
        set(MYSQL_OPT_WRITE_TIMEOUT, of: handle, to: seconds(configuration.statementTimeout))
        // A hostile server may otherwise ask for any file of this machine.
        set(MYSQL_OPT_LOCAL_INFILE, of: handle, to: UInt32(0))
        _ = mysql_options(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4")
        _ = mysql_options(handle, MARIADB_OPT_RESTRICTED_AUTH, authentication)
        if case .tcp = address {
            // Or `localhost` would be the socket, even with a port.
            set(MYSQL_OPT_PROTOCOL, of: handle, to: MYSQL_PROTOCOL_TCP)
        }
        // Without verification, libmariadb only takes up the TLS that a server offers.
        set(MYSQL_OPT_SSL_ENFORCE, of: handle, to: my_bool(tls == .off ? 0 : 1))
        set(MYSQL_OPT_SSL_VERIFY_SERVER_CERT, of: handle, to: my_bool(tls == .verified ? 1 : 0))
        if tls == .verified, let caFile = configuration.caFile {
            _ = mysql_options(handle, MYSQL_OPT_SSL_CA, caFile)
        }
    }

    private static func set(
        _ option: mysql_option, of handle: UnsafeMutablePointer<MYSQL>, to value: some BitwiseCopyable
    ) {
        withUnsafePointer(to: value) { _ = mysql_options(handle, option, $0) }
    }

    private static func seconds(_ duration: Duration) -> UInt32 {
        UInt32(clamping: max(1, duration.components.seconds))
    }
}

extension MariaDBError {
    /// True for what a server says to an account that must come with TLS: it does not tell it from a wrong password.
    fileprivate var mayWantTLS: Bool {
        switch self {
        case .accessDenied, .tls: true
        default: false
        }
    }

    /// The same with what may be the cause, where a login was refused without TLS.
    fileprivate func told(_ tls: MariaDBTLS, offersTLS: Bool, wasReached: Bool) -> MariaDBError {
        guard case .accessDenied(let user, let reason) = self, tls == .off, wasReached else { return self }
        let note =
            offersTLS
            ? "the connection has no TLS, which the account may require"
            : "the server offers no TLS: an account that requires it is refused in these words too"
        return .accessDenied(user: user, reason: "\(reason) (\(note))")
    }

    /// A rollback that failed leaves a connection whose transaction nobody knows.
    var asLoss: MariaDBError {
        endsConnection ? self : .lostConnection(reason: "a transaction could not be rolled back: \(self)")
    }
}
