import HTTP
import TestSupport
import Testing

@testable import DAV

@Suite("Finding out what server it is", .timeLimit(.minutes(5)))
struct ServerProbeTests {
    private let credentials = Credentials(user: "schneider@example.org", password: Secret("hunter2"))

    /// A Nextcloud in that folder of its host, as recorded.
    private func nextcloud<Value: Sendable>(
        in folder: String = "", status: String = "status", user: String = "whoami",
        _ body: (ScriptedServer) async throws -> Value
    ) async throws -> Value {
        let (status, user) = (try RecordedExchange.named(status).answer, try RecordedExchange.named(user).answer)
        return try await ScriptedServer.run(
            { connection in
                while let request = try connection.readRequest() {
                    switch request.target {
                    case folder + "/status.php": try connection.send(status)
                    case folder + "/ocs/v2.php/cloud/user?format=json": try connection.send(user)
                    default: try connection.send("HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n")
                    }
                }
            }, body)
    }

    private func probe(_ url: String) async throws -> ServerProbe.Finding {
        try await ServerProbe(http: HTTPClient()).probe(url, credentials: credentials)
    }

    @Test(
        "a Nextcloud is known by its status page, also from an address inside it",
        arguments: [
            "", "/", "/index.php", "/index.php/apps/files/files?dir=/x", "/apps/files/?dir=/a/b&fileid=1", "/login",
            "/remote.php/dav/files/schneider/", "/remote.php/webdav", "/index.php/login?redirect=1", "/?x", "/#y",
        ])
    func addresses(tail: String) async throws {
        for folder in ["", "/cloud", "/login-area/sub"] {
            try await nextcloud(in: folder) { server in
                let finding = try await probe(server.url + folder + tail)
                #expect(finding.isNextcloud)
                #expect(finding.filesURL == server.url + folder + "/remote.php/dav/files/schneider")
                #expect(finding.version == "34.0.1.2")
                #expect(server.requests.first?["Authorization"] == nil)
                #expect(server.requests.last?["OCS-APIRequest"] == "true")
            }
        }
    }

    @Test(
        "the address is found without touching the host's name",
        arguments: [
            ("https://login.example.org", "https://login.example.org"),
            ("https://index.php.net/index.php", "https://index.php.net"),
            ("https://remote.php:8443/x/", "https://remote.php:8443/x"),
            ("https://h/loginservice", "https://h/loginservice"), ("https://h/myapps/x", "https://h/myapps/x"),
            ("https://h/remote.php2", "https://h/remote.php2"), ("https://h/a/remote.php/dav/files/x/", "https://h/a"),
        ])
    func bases(url: String, base: String) { #expect(ServerProbe.bases(of: url) == [base]) }

    @Test("apps and login may be pages of a Nextcloud or folders above it: both are looked at, the longest first")
    func ambiguousBases() {
        #expect(ServerProbe.bases(of: "https://h/apps/files/?dir=/") == ["https://h/apps/files", "https://h"])
        #expect(
            ServerProbe.bases(of: "https://h/login/x/apps/files")
                == ["https://h/login/x/apps/files", "https://h/login/x", "https://h"])
        #expect(
            ServerProbe.bases(of: "https://h/apps/cloud/index.php/apps/files") == ["https://h/apps/cloud", "https://h"])
    }

    @Test("maintenance is said as such, and comes to an end")
    func maintenance() async throws {
        try await nextcloud(status: "maintenance-status") { server in
            let error = await davError { try await probe(server.url) }
            #expect(error?.kind == .maintenance)
            #expect(error?.isRetryable == true)
        }
    }

    @Test("a wrong password is refused, and not shown")
    func wrongPassword() async throws {
        try await nextcloud(user: "propfind-401") { server in
            let error = await davError { try await probe(server.url) }
            #expect(error?.kind == .unauthorized)
            #expect(error.map { "\($0)" }?.contains("hunter2") == false)
        }
    }

    @Test("a user id that needs encoding is encoded")
    func oddUser() async throws {
        let status = try RecordedExchange.named("status").answer
        try await ScriptedServer.run({ connection in
            while let request = try connection.readRequest() {
                let body = "{\"ocs\":{\"data\":{\"id\":\"Max M\u{FC}ller @x\"}}}"
                try connection.send(
                    request.target == "/status.php"
                        ? status : Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
            }
        }) { server in
            let finding = try await probe(server.url)
            #expect(finding.filesURL == server.url + "/remote.php/dav/files/Max%20M%C3%BCller%20%40x")
        }
    }

    @Test(
        "what has no status page and answers 207 for the root is plain WebDAV at the address given",
        arguments: [
            "HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<html",
            "HTTP/1.1 401 X\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 403 X\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 501 X\r\nContent-Length: 0\r\n\r\n",
        ])
    func plainWebDAV(answer: String) async throws {
        let folder = "<d:resourcetype><d:collection/></d:resourcetype>"
        let body = String(decoding: multistatus(response("/dav/scans/", folder)), as: UTF8.self)
        try await ScriptedServer.answering({ $0.target == "/dav/scans/" ? listing(body) : answer }) { server in
            let finding = try await ServerProbe(http: HTTPClient()).probe(
                server.url + "/dav/", credentials: credentials, root: RemotePath("scans") ?? .root)
            #expect(finding == ServerProbe.Finding(isNextcloud: false, filesURL: server.url + "/dav/"))
        }
    }

    @Test("a server that fails just now is not taken for another kind", arguments: [500, 502, 503, 504, 429])
    func failing(status: Int) async throws {
        try await ScriptedServer.answering({ _ in "HTTP/1.1 \(status) X\r\nContent-Length: 0\r\n\r\n" }) { server in
            let error = await davError { try await probe(server.url) }
            #expect(error?.isRetryable == true)
        }
    }

    @Test(
        "an answer about the user that makes no sense is an error",
        arguments: ["{}", "[]", "", "{\"ocs\":{\"data\":{\"id\":\"\"}}}"])
    func nonsense(body: String) async throws {
        let status = try RecordedExchange.named("status").answer
        try await ScriptedServer.run({ connection in
            while let request = try connection.readRequest() {
                try connection.send(
                    request.target == "/status.php"
                        ? status : Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
            }
        }) { server in
            #expect(await davError { try await probe(server.url) }?.kind == .malformed)
        }
    }

    @Test("nobody there is an error of the connection")
    func nobody() async throws {
        let url = try await ScriptedServer.run({ _ in }) { $0.url }
        let error = await davError { try await probe(url) }
        guard case .transport(.cannotConnect) = error?.kind else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}

@Suite("Finding out what server it is, over TLS", .timeLimit(.minutes(5)), .enabled(if: ApacheServer.isInstalled))
struct ServerProbeTLSTests {
    @Test(
        "an address that redirects to https is replaced by it, for a Nextcloud and for plain WebDAV",
        arguments: [true, false])
    func upgrade(isNextcloud: Bool) async throws {
        let status = isNextcloud ? "status" : "get-404"
        let (known, user) = (try RecordedExchange.named(status).answer, try RecordedExchange.named("whoami").answer)
        let folder = "<d:resourcetype><d:collection/></d:resourcetype>"
        let body = String(decoding: multistatus(response("/cloud/", folder)), as: UTF8.self)
        try await ScriptedServer.run({ connection in
            while let request = try connection.readRequest() {
                let isRoot = request.method == "PROPFIND" && request.target == "/"
                try connection.send(
                    isRoot ? Array(listing(body).utf8) : request.target.hasPrefix("/ocs") ? user : known)
            }
        }) { behind in
            let proxy = "ProxyPass \"/cloud/\" \"http://127.0.0.1:\(behind.port)/\""
            let options = ApacheServer.Options(
                certificateNames: ["IP:127.0.0.1"], tlsConfiguration: proxy)
            try await ApacheServer.run(options) { apache in
                try await ScriptedServer.answering({ request in
                    "HTTP/1.1 301 X\r\nLocation: \(apache.tlsURL)\(request.target)\r\nContent-Length: 0\r\n\r\n"
                }) { front in
                    let http = HTTPClient(.init(caFile: apache.caFile))
                    let finding = try await ServerProbe(http: http).probe(
                        front.url + "/cloud/", credentials: Credentials(user: "u", password: Secret("p")))
                    #expect(finding.isNextcloud == isNextcloud)
                    #expect(
                        finding.filesURL == apache.tlsURL
                            + (isNextcloud ? "/cloud/remote.php/dav/files/schneider" : "/cloud/"))
                    #expect(front.requests.allSatisfy { $0["Authorization"] == nil })
                }
            }
        }
    }
}
