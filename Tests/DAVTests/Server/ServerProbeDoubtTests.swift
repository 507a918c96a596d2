import HTTP
import TestSupport
import Testing

@testable import DAV

@Suite("A server that somebody stands in front of", .timeLimit(.minutes(5)))
struct ServerProbeDoubtTests {
    private static let html = "Content-Type: text/html\r\n"
    private static let page = "<!DOCTYPE html><html><title>Log in to the Wi-Fi</title></html>"

    /// A Nextcloud of which some addresses answer otherwise; `nil` leaves the answer to Nextcloud.
    private func nextcloud<Value: Sendable>(
        user: String = "schneider", _ instead: @escaping @Sendable (ScriptedRequest) -> String?,
        _ body: (ScriptedServer) async throws -> Value
    ) async throws -> Value {
        let (status, whoami) = (
            try RecordedExchange.named("status").answer, try RecordedExchange.named("whoami").answer
        )
        let absent = try RecordedExchange.named("propfind-404").answer
        return try await ScriptedServer.run(
            { connection in
                while let request = try connection.readRequest() {
                    if let answer = instead(request) {
                        try connection.send(answer)
                        continue
                    }
                    switch request.target {
                    case "/status.php": try connection.send(status)
                    case "/ocs/v2.php/cloud/user?format=json": try connection.send(whoami)
                    case "/remote.php/dav/": try connection.send(listing(principal(user)))
                    default: try connection.send(absent)
                    }
                }
            }, body)
    }

    private func principal(_ user: String) -> String {
        """
        <?xml version="1.0"?><d:multistatus xmlns:d="DAV:"><d:response><d:href>/remote.php/dav/</d:href><d:propstat>\
        <d:prop><d:current-user-principal><d:href>/remote.php/dav/principals/users/\(user)/</d:href>\
        </d:current-user-principal></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>
        """
    }

    private func reply(_ status: Int, _ headers: String = html, _ body: String = page) -> String {
        "HTTP/1.1 \(status) X\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private func probe(_ url: String, root: String = "Root") async throws -> ServerProbe.Finding {
        try await ServerProbe(http: HTTPClient()).probe(
            url, credentials: Credentials(user: "jean@example.org", password: Secret("p")),
            root: RemotePath(root) ?? .root)
    }

    @Test(
        "whoever answers everything in its place is named, nothing is concluded, and it is to be asked again",
        arguments: [200, 403, 404, 502])
    func portal(status: Int) async throws {
        try await nextcloud({ _ in reply(status) }) { server in
            let error = await davError { try await probe(server.url) }
            #expect(error?.detail.contains("a web page (\u{201C}Log in to the Wi-Fi\u{201D}) came instead of") == true)
            #expect(error?.answeredBy.contains("Log in to the Wi-Fi") == true)
            #expect(error?.isRetryable == true)
            #expect(error?.path == server.url)
        }
    }

    @Test("a starting proxy's plain 404 is no plain WebDAV")
    func traefik() async throws {
        try await nextcloud({ _ in reply(404, "Content-Type: text/plain\r\n", "404 page not found\n") }) { server in
            let error = await davError { try await probe(server.url) }
            #expect(error?.isRetryable == true)
            #expect(error?.detail.contains("in front of the server") == true)
        }
    }

    @Test("a host's name that Nextcloud does not know is told as that")
    func untrusted() async throws {
        let json = #"{"error": "Trusted domain error.", "code": 15}"#
        try await nextcloud({ _ in reply(400, "", json) }) { server in
            let error = await davError { try await probe(server.url) }
            #expect(error?.detail.contains("trusted_domains") == true)
            #expect(error?.isRetryable == true)
        }
    }

    @Test("a Nextcloud that is not installed yet, or waits for its upgrade, is asked again")
    func notReady() async throws {
        for (json, words) in [
            (#"{"installed":false}"#, "not installed"),
            (#"{"installed":true,"maintenance":false,"needsDbUpgrade":true}"#, "maintenance"),
        ] {
            try await nextcloud({
                $0.target == "/status.php" ? reply(200, "", json) : reply(302, "Location: /index.php\r\n")
            }) {
                server in
                let error = await davError { try await probe(server.url) }
                #expect(error?.detail.contains(words) == true)
                #expect(error?.isRetryable == true)
            }
        }
    }

    @Test("messages of PHP before the status are told, and the finding is used without being final")
    func dirtyStatus() async throws {
        let json = "<br />\n<b>Deprecated</b>: Return type of X<br />\n{\"installed\":true,\"version\":\"34.0.1.2\"}"
        try await nextcloud({ $0.target == "/status.php" ? reply(200, "", json) : nil }) { server in
            let finding = try await probe(server.url)
            #expect(finding.isNextcloud && finding.version == "34.0.1.2")
            #expect(finding.doubt?.contains("Deprecated: Return type of X") == true)
        }
    }

    @Test("a byte order mark or a blank line before the status disturbs nothing", arguments: ["\u{FEFF}", "\n"])
    func blanks(before: String) async throws {
        try await nextcloud({ $0.target == "/status.php" ? reply(200, "", before + "{\"installed\":true}") : nil }) {
            server in
            let finding = try await probe(server.url)
            #expect(finding.doubt == nil)
        }
    }

    @Test(
        "a blocked status page beside a working WebDAV is a Nextcloud, for good", arguments: [200, 403, 404, 401, 503])
    func blockedStatus(status: Int) async throws {
        try await nextcloud({ $0.target == "/status.php" ? reply(status) : nil }) { server in
            let finding = try await probe(server.url)
            #expect(
                finding
                    == ServerProbe.Finding(
                        isNextcloud: true, filesURL: server.url + "/remote.php/dav/files/schneider"))
        }
    }

    @Test("where OCS is blocked, WebDAV names the user, who is not the login", arguments: [200, 403, 404, 401])
    func blockedOCS(status: Int) async throws {
        try await nextcloud(user: "jean%20d", { $0.target.hasPrefix("/ocs/") ? reply(status) : nil }) { server in
            let finding = try await probe(server.url)
            #expect(finding.filesURL == server.url + "/remote.php/dav/files/jean%20d")
            #expect(finding.doubt == nil)
        }
    }

    @Test("where OCS and the principal are blocked, the login is the user whose files answer it")
    func blockedAsides() async throws {
        let files = listing(
            """
            <?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:response>\
            <d:href>/remote.php/dav/files/jean%40example.org/</d:href><d:propstat><d:prop><oc:fileid>12</oc:fileid>\
            <d:resourcetype><d:collection/></d:resourcetype></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>\
            </d:response></d:multistatus>
            """)
        for isStatusBlocked in [false, true] {
            try await nextcloud({ request in
                if request.target.hasPrefix("/ocs/") || request.target == "/remote.php/dav/" { return reply(403) }
                if request.target == "/status.php", isStatusBlocked { return reply(403) }
                return request.target.hasPrefix("/remote.php/dav/files/jean%40example.org") ? files : nil
            }) { server in
                let finding = try await probe(server.url)
                #expect(finding.isNextcloud)
                #expect(finding.filesURL == server.url + "/remote.php/dav/files/jean%40example.org")
            }
        }
    }

    @Test("where nothing tells the user, the address that is blocked is named")
    func blockedAltogether() async throws {
        try await nextcloud({ $0.target.hasPrefix("/ocs/") || $0.target == "/remote.php/dav/" ? reply(403) : nil }) {
            server in
            let error = await davError { try await probe(server.url) }
            #expect(error?.path == server.url + "/ocs/v2.php/cloud/user")
            #expect(error?.isRetryable == true)
        }
    }

    @Test("a user id that comes as a number is one, also with a message before it")
    func numericUser() async throws {
        for body in [#"{"ocs":{"data":{"id":123456}}}"#, #"<b>Notice</b>: x {"ocs":{"data":{"id":"123456"}}}"#] {
            try await nextcloud({ $0.target.hasPrefix("/ocs/") ? reply(200, "", body) : nil }) { server in
                let finding = try await probe(server.url)
                #expect(finding.filesURL.hasSuffix("/files/123456"))
            }
        }
    }

    @Test(
        "a Nextcloud in a folder called apps or login is found there",
        arguments: ["/apps/cloud", "/login", "/a/login/b"])
    func inOddFolder(folder: String) async throws {
        let (status, whoami) = (
            try RecordedExchange.named("status").answer, try RecordedExchange.named("whoami").answer
        )
        try await ScriptedServer.run({ connection in
            while let request = try connection.readRequest() {
                switch request.target {
                case folder + "/status.php": try connection.send(status)
                case folder + "/ocs/v2.php/cloud/user?format=json": try connection.send(whoami)
                default: try connection.send(reply(404))
                }
            }
        }) { server in
            for tail in ["", "/", "/index.php/apps/files"] {
                let finding = try await probe(server.url + folder + tail)
                #expect(finding.filesURL == server.url + folder + "/remote.php/dav/files/schneider")
            }
        }
    }

    @Test("a disabled account is told as that, although OCS says that the login is refused")
    func disabled() async throws {
        let body = """
            <d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>Sabre\\DAV\\Exception\\ServiceUnavailable\
            </s:exception><s:message>OC\\User\\DisabledUserException: Account disabled</s:message></d:error>
            """
        try await nextcloud({ request in
            if request.target.hasPrefix("/ocs/") { return reply(401, "", #"{"ocs":{"data":[]}}"#) }
            return request.target == "/remote.php/dav/" ? reply(503, "", body) : nil
        }) { server in
            let error = await davError { try await probe(server.url) }
            #expect(error?.kind == .accountDisabled)
            #expect(error?.isRetryable == true)
        }
    }

    @Test(
        "a login that Nextcloud itself refuses is refused, with the status page blocked or not",
        arguments: [true, false])
    func refused(isBlocked: Bool) async throws {
        let refusal = try RecordedExchange.named("propfind-401").answer
        try await ScriptedServer.run({ connection in
            while let request = try connection.readRequest() {
                if request.target == "/status.php" {
                    try connection.send(isBlocked ? Array(reply(403).utf8) : RecordedExchange.named("status").answer)
                } else {
                    try connection.send(refusal)
                }
            }
        }) { server in
            #expect(await davError { try await probe(server.url) }?.kind == .unauthorized)
        }
    }

    @Test("a plain server without the root is told as that, once it is known to speak WebDAV")
    func plainWithoutRoot() async throws {
        let folder = "<d:resourcetype><d:collection/></d:resourcetype>"
        let body = String(decoding: multistatus(response("/dav/", folder)), as: UTF8.self)
        try await ScriptedServer.answering({ $0.target == "/dav/" ? listing(body) : reply(404) }) { server in
            let error = await davError { try await probe(server.url + "/dav") }
            #expect(error?.kind == .notFound && error?.path == "Root")
        }
    }

    @Test("what is neither a Nextcloud nor WebDAV is not taken for anything", arguments: [404, 403, 500, 200])
    func neither(status: Int) async throws {
        try await ScriptedServer.answering({ $0.target == "/dav/Root/" ? reply(status) : reply(404) }) { server in
            let error = await davError { try await probe(server.url + "/dav") }
            #expect(error?.kind == .malformed && error?.isRetryable == true)
            #expect(error?.path == server.url + "/dav")
        }
    }

    @Test("a status page that fails for the moment is never the sign of a plain server")
    func passingStatus() async throws {
        let folder = "<d:resourcetype><d:collection/></d:resourcetype>"
        let body = String(decoding: multistatus(response("/dav/Root/", folder)), as: UTF8.self)
        try await ScriptedServer.answering({ $0.target == "/dav/Root/" ? listing(body) : reply(503) }) { server in
            let error = await davError { try await probe(server.url + "/dav") }
            #expect(error?.kind == .serverFailure)
        }
    }

    @Test("plain http on a port of TLS is told as that, in the words of Apache, nginx and Go")
    func wrongScheme() async throws {
        for words in [
            "You're speaking plain HTTP to an SSL-enabled server port.",
            "The plain HTTP request was sent to HTTPS port",
            "Client sent an HTTP request to an HTTPS server.",
        ] {
            try await ScriptedServer.answering({ _ in reply(400, Self.html, "<html>\(words)</html>") }) { server in
                let error = await davError { try await probe(server.url) }
                #expect(error?.kind == .wrongAddress)
                #expect(error?.detail.contains("https://") == true)
            }
        }
    }
}
