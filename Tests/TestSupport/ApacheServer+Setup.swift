import Foundation

extension ApacheServer {
    /// Apache does not serve as root; Debian's account for it.
    static let account = "www-data"

    static func prepare(_ directory: TemporaryDirectory, _ options: Options) async throws {
        let manager = FileManager.default
        for folder in ["www/dav", "run"] {
            try manager.createDirectory(atPath: directory.file(folder), withIntermediateDirectories: true)
        }
        let hash = try await ChildProcess.run(["/usr/bin/openssl", "passwd", "-apr1", "sécret:42"])
        _ = try directory.write("schneider:\(hash)".utf8, to: "users")
        if !options.certificateNames.isEmpty { try await makeCertificates(directory, options.certificateNames) }
        if geteuid() == 0 { try await ChildProcess.run(["/bin/chown", "-R", account, directory.path]) }
    }

    private static func makeCertificates(_ directory: TemporaryDirectory, _ names: [String]) async throws {
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        try await ChildProcess.run(
            ["/usr/bin/openssl", "req", "-x509", "-subj", "/CN=test authority"]
                + ["-keyout", directory.file("ca.key"), "-out", directory.file("ca.pem")] + key)
        try await ChildProcess.run(
            ["/usr/bin/openssl", "req", "-x509", "-CA", directory.file("ca.pem"), "-CAkey", directory.file("ca.key")]
                + ["-subj", "/CN=test server", "-addext", "subjectAltName=\(names.joined(separator: ","))"]
                + ["-addext", "basicConstraints=critical,CA:FALSE"]
                + ["-keyout", directory.file("server.key"), "-out", directory.file("server.pem")] + key)
    }

    static func configuration(_ directory: TemporaryDirectory, _ options: Options, port: Int, tlsPort: Int) -> String {
        let modules = [
            "mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "dav", "dav_fs", "dir",
            "alias", "headers", "ssl", "http2", "proxy", "proxy_http",
        ]
        return """
            \(modules.map { "LoadModule \($0)_module /usr/lib/apache2/modules/mod_\($0).so" }.joined(separator: "\n"))
            ServerRoot "\(directory.path)"
            ServerName 127.0.0.1
            DefaultRuntimeDir "\(directory.file("run"))"
            PidFile "\(directory.file("run/pid"))"
            ErrorLog "\(directory.file("error.log"))"
            ThreadsPerChild 32
            MaxRequestWorkers 32
            MaxKeepAliveRequests 0
            DocumentRoot "\(directory.file("www"))"
            DavLockDB "\(directory.file("run/locks"))"
            Listen 127.0.0.1:\(port)
            <Directory "\(directory.file("www/dav"))">
                Dav On
                \(options.depthInfinity ? "DavDepthInfinity On" : "")
                AuthType Basic
                AuthName "test"
                AuthUserFile "\(directory.file("users"))"
                Require valid-user
            </Directory>
            Redirect "/downgrade" "http://127.0.0.1:\(port)/plain.txt"
            \(options.certificateNames.isEmpty ? "" : tls(directory, options, port: tlsPort))
            \(options.configuration)

            """
    }

    private static func tls(_ directory: TemporaryDirectory, _ options: Options, port: Int) -> String {
        """
        Listen 127.0.0.1:\(port)
        <VirtualHost 127.0.0.1:\(port)>
            SSLEngine on
            SSLCertificateFile "\(directory.file("server.pem"))"
            SSLCertificateKeyFile "\(directory.file("server.key"))"
            Protocols h2 http/1.1
            Header always set X-Protocol "expr=%{SERVER_PROTOCOL}"
            \(options.tlsConfiguration)
        </VirtualHost>
        """
    }
}
