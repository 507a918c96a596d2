import Foundation
import MariaDB
import TestSupport
import Testing

@Suite("TLS to MariaDB", .enabled(if: MariaDBServer.isInstalled, "needs mariadb-server"))
struct MariaDBTLSTests {
    private func cipher(_ configuration: MariaDBConfiguration) async throws -> String? {
        let connection = MariaDBConnection(configuration)
        try await connection.open()
        return try await connection.exclusively { $0.tlsCipher }
    }

    private func failure(_ configuration: MariaDBConfiguration) async -> MariaDBError? {
        await #expect(throws: MariaDBError.self) { try await MariaDBConnection(configuration).open() }
    }

    @Test("is off on loopback unless asked for, and verified with a CA file")
    func modes() async throws {
        let server = MariaDBServer(offersTLS: true)
        let other = MariaDBServer(offersTLS: true)
        var configuration = MariaDBConfiguration(try await server.createDatabase())
        #expect(try await cipher(configuration) == nil)
        configuration.tls = .required
        #expect(try await cipher(configuration) != nil)
        configuration.tls = .verified
        configuration.caFile = server.caFile
        #expect(try await cipher(configuration) != nil)
        configuration.tls = nil
        #expect(try await cipher(configuration) != nil)
        configuration.tls = .off
        #expect(try await cipher(configuration) == nil)

        try await other.start()
        for (tls, caFile) in [(MariaDBTLS?.none, other.caFile), (.verified, other.caFile), (.verified, nil)] {
            configuration.tls = tls
            configuration.caFile = caFile
            let error = await failure(configuration)
            guard case .tls? = error else {
                Issue.record("unexpected \(String(describing: error))")
                continue
            }
        }
        await server.remove()
        await other.remove()
    }

    @Test("a certificate for another name is refused when it is verified")
    func otherName() async throws {
        let server = MariaDBServer(offersTLS: true)
        let database = try await server.createDatabase()
        var configuration = MariaDBConfiguration(database)
        configuration.servers = [.tcp(host: "localhost", port: database.port)]
        configuration.caFile = server.caFile
        let error = await failure(configuration)
        guard case .tls? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        await server.remove()
    }

    @Test(
        "that is asked for and that the server does not offer is told as that",
        arguments: [MariaDBTLS.required, .verified])
    func notOffered(tls: MariaDBTLS) async throws {
        var configuration = MariaDBConfiguration(try await MariaDBServer.shared.createDatabase())
        configuration.tls = tls
        for password in [configuration.password, "wrong"] {
            configuration.password = password
            let error = await failure(configuration)
            guard case .tls(_, let reason)? = error else {
                Issue.record("unexpected \(String(describing: error))")
                continue
            }
            #expect(reason.contains("offers no TLS"))
        }
    }

    @Test("an account that requires it gets it without being told to, unless TLS is off by choice")
    func requiredByAccount() async throws {
        let server = MariaDBServer(offersTLS: true)
        let database = try await server.createDatabase(requirement: "REQUIRE SSL")
        var configuration = MariaDBConfiguration(database)
        #expect(try await cipher(configuration) != nil)
        configuration.servers = [.socket(path: database.socket)]
        #expect(try await cipher(configuration) != nil)
        configuration = MariaDBConfiguration(database)
        configuration.tls = .off
        let error = await failure(configuration)
        guard case .accessDenied(_, let reason)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(reason.contains("no TLS, which the account may require"))
        await server.remove()
    }

    @Test("a server that requires it of everybody gets it")
    func requiredByServer() async throws {
        let server = MariaDBServer(offersTLS: true, options: ["--require-secure-transport=ON"])
        var configuration = MariaDBConfiguration(try await server.createDatabase())
        #expect(try await cipher(configuration) != nil)
        configuration.tls = .off
        // Servers up to 10.11 at least say the same as to a wrong password.
        let error = await failure(configuration)
        #expect(error?.isRetryable == false)
        #expect("\(error as Any)".contains("no TLS") || "\(error as Any)".contains("insecure transport"))
        await server.remove()
    }

    @Test("an account that requires it on a server that has none is refused with that as a possible cause")
    func requiredWithoutServer() async throws {
        let database = try await MariaDBServer.shared.createDatabase(requirement: "REQUIRE SSL")
        let error = await failure(MariaDBConfiguration(database))
        guard case .accessDenied(_, let reason)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(reason.contains("offers no TLS"))
    }

    @Test("a server that asks for the password in clear text does not get it", arguments: ["ON", "OFF"])
    func clearText(cleartextPlugin: String) async throws {
        let server = MariaDBServer(
            offersTLS: true, options: ["--plugin-load-add=auth_pam", "--pam-use-cleartext-plugin=\(cleartextPlugin)"])
        let database = try await server.createDatabase()
        try await server.sql("ALTER USER \(database.user)@'%' IDENTIFIED VIA pam USING 'mariadb'")
        var configuration = MariaDBConfiguration(database)
        configuration.password = "s3cret"
        let error = await failure(configuration)
        guard case .unsuitable(_, let reason)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        #expect(reason.contains("clear text"))
        #expect(!String(reflecting: error).contains("s3cret"))
        await server.remove()
    }
}
