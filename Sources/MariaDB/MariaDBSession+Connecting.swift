internal import CMariaDB

extension MariaDBSession {
    /// libmariadb wants its one-time initialisation done before threads share it.
    private static let library: Int32 = mysql_server_init(0, nil, nil)

    static func connect(_ configuration: MariaDBConfiguration) throws(MariaDBError) -> UnsafeMutablePointer<MYSQL> {
        guard library == 0, let handle = mysql_init(nil) else {
            throw .cannotConnect(server: configuration.server, reason: "libmariadb could not be initialised")
        }
        setOptions(of: handle, configuration)
        // Updates count the rows they find, as SQLite's do, not only those whose values differ.
        let connected = mysql_real_connect(
            handle, configuration.socketPath == nil ? configuration.host : nil, configuration.user,
            configuration.password, configuration.name, UInt32(clamping: configuration.port),
            configuration.socketPath, UInt(CLIENT_FOUND_ROWS))
        guard connected != nil else {
            let error = MariaDBError(
                connecting: Int(mysql_errno(handle)), message: String(cString: mysql_error(handle)), to: configuration)
            mysql_close(handle)
            throw error
        }
        if configuration.caFile != nil, !configuration.usesSocket, mysql_get_ssl_cipher(handle) == nil {
            mysql_close(handle)
            throw .tls(server: configuration.server, reason: "the server offers no TLS, which a CA file asks for")
        }
        return handle
    }

    private static func setOptions(of handle: UnsafeMutablePointer<MYSQL>, _ configuration: MariaDBConfiguration) {
        set(MYSQL_OPT_CONNECT_TIMEOUT, of: handle, to: seconds(configuration.connectTimeout))
        set(MYSQL_OPT_READ_TIMEOUT, of: handle, to: seconds(configuration.statementTimeout))
        set(MYSQL_OPT_WRITE_TIMEOUT, of: handle, to: seconds(configuration.statementTimeout))
        // A hostile server may otherwise ask for any file of this machine.
        set(MYSQL_OPT_LOCAL_INFILE, of: handle, to: UInt32(0))
        _ = mysql_options(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4")
        guard !configuration.usesSocket else { return }
        // Despite its name, without verification this only makes libmariadb take up the TLS that a server offers.
        set(MYSQL_OPT_SSL_ENFORCE, of: handle, to: my_bool(1))
        if let caFile = configuration.caFile {
            _ = mysql_options(handle, MYSQL_OPT_SSL_CA, caFile)
            set(MYSQL_OPT_SSL_VERIFY_SERVER_CERT, of: handle, to: my_bool(1))
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
