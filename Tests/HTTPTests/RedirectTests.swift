import HTTPTypes
import TestSupport
import Testing

@testable import HTTP

@Suite("Redirects", .timeLimit(.minutes(5)))
struct RedirectTests {
    private let http = HTTPClient()
    private let secrets: HTTPFields = {
        var fields: HTTPFields = [.authorization: "Basic c2VjcmV0", .cookie: "a=secret", .accept: "text/plain"]
        for name in ["x-goog-api-key", "api-key", "X-Api-Key"].compactMap({ HTTPField.Name($0) }) {
            fields[name] = "secret"
        }
        return fields
    }()

    /// Follows one redirect to `target`, which is given the port, and returns the second request.
    private func following(_ target: @escaping @Sendable (Int) -> String) async throws -> ScriptedRequest {
        try await ScriptedServer.answering({ _ in answer(body: "there") }) { there in
            try await ScriptedServer.answering({ request in
                request.target == "/from" ? answer(302, ["Location: \(target(there.port))"]) : answer(body: "here")
            }) { here in
                let request = try HTTPRequest(.get, url: here.url + "/from", headers: secrets)
                #expect(try await http.send(request).status == 200)
                #expect(here.requests.first?["Authorization"] == "Basic c2VjcmV0")
                return try #require(there.requests.first ?? here.requests.dropFirst().first)
            }
        }
    }

    @Test("to another port or host carries nothing that proves who we are", arguments: ["127.0.0.1", "localhost"])
    func elsewhere(host: String) async throws {
        let request = try await following { "http://\(host):\($0)/to?key=1" }
        #expect(request.target == "/to?key=1")
        #expect(request["Accept"] == "text/plain")
        for name in ["Authorization", "Cookie", "x-goog-api-key", "api-key", "x-api-key"] {
            #expect(request[name] == nil, "\(name)")
        }
    }

    @Test("within one origin keeps everything")
    func sameOrigin() async throws {
        let request = try await following { _ in "/to" }
        #expect(request.target == "/to")
        for name in ["Authorization", "Cookie", "x-goog-api-key", "api-key", "x-api-key"] {
            #expect(request[name] != nil, "\(name)")
        }
    }

    @Test(
        "a reference is resolved as RFC 3986 says",
        arguments: [
            ("g", "http://a/b/c/g"), ("/g", "http://a/g"), ("//other/g", "http://other/g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y#s", "http://a/b/c/g?y"), ("../g", "http://a/b/g"), ("../../../g", "http://a/g"),
            ("./g/.", "http://a/b/c/g/"),
            ("g/../h", "http://a/b/c/h"), ("http://A:80/x", "http://A:80/x"), ("", "http://a/b/c/d;p?q"),
            ("/login?back=https://a/b", "http://a/login?back=https://a/b"), ("HTTPS://a/x", "https://a/x"),
        ])
    func references(reference: String, url: String) throws {
        let request = try HTTPRequest(.get, url: "http://a/b/c/d;p?q")
        #expect(HTTPClient.redirected(request, to: reference)?.urlText == url)
    }

    @Test(
        "nowhere to go is nowhere",
        arguments: ["ftp://a/", "javascript:alert(1)", "https://user:pass@a/", "https://", "mailto:a@b", "http://a b/"])
    func nowhere(reference: String) throws {
        #expect(HTTPClient.redirected(try HTTPRequest(.get, url: "https://a/b"), to: reference) == nil)
    }

    @Test("from https to http is never followed")
    func downgrade() throws {
        let request = try HTTPRequest(.get, url: "https://a/b")
        #expect(HTTPClient.redirected(request, to: "http://a/b") == nil)
        #expect(HTTPClient.redirected(request, to: "https://b/b") != nil)
    }

    @Test("the default port named is the same origin, another scheme is not")
    func origins() throws {
        let plain = try HTTPRequest(.get, url: "http://a/b", headers: secrets)
        #expect(HTTPClient.redirected(plain, to: "http://A:80/c")?.headerFields[.authorization] != nil)
        #expect(HTTPClient.redirected(plain, to: "https://a/c")?.headerFields[.authorization] == nil)
        #expect(HTTPClient.redirected(plain, to: "http://a.evil/c")?.headerFields[.authorization] == nil)
    }

    @Test(
        "of a writing request is not followed", arguments: [301, 302, 307, 308],
        [HTTPRequest.Method.put, .post, .delete])
    func writing(status: Int, method: HTTPRequest.Method) async throws {
        try await ScriptedServer.answering({ _ in
            answer(status, ["Location: https://user:pass@elsewhere.example/x?token=secret#secret"])
        }) { server in
            let error = await httpError { try await http.send(HTTPRequest(method, url: server.url), body: .text("x")) }
            #expect(error == .redirect(status: status, location: "https://elsewhere.example/x"))
            #expect(server.requests.count == 1)
        }
    }

    @Test("in a circle ends")
    func circle() async throws {
        try await ScriptedServer.answering({ _ in answer(302, ["Location: /again"]) }) { server in
            let error = await httpError { try await http.send(HTTPRequest(.get, url: server.url)) }
            guard case .redirect = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(server.requests.count == 6)
        }
    }

    @Test("without a place to go is the answer itself")
    func noLocation() async throws {
        try await ScriptedServer.answering({ _ in answer(302) }) { server in
            let reply = try await http.send(HTTPRequest(.get, url: server.url))
            #expect(reply.status == 302)
        }
    }

    @Test("of a PROPFIND carries its body along, and the reply says who answered")
    func propfind() async throws {
        try await ScriptedServer.answering({ request in
            request.target == "/dav" ? answer(301, ["Location: /dav/"]) : answer(207)
        }) { server in
            let method = try #require(HTTPRequest.Method("PROPFIND"))
            let reply = try await http.send(HTTPRequest(method, url: server.url + "/dav"), body: .text("<x/>"))
            #expect(reply.status == 207)
            #expect(reply.url == server.url + "/dav/")
            #expect(server.requests.last?.body == Array("<x/>".utf8))
        }
    }

    @Test("a download follows to where the file is")
    func download() async throws {
        let folder = try TemporaryDirectory()
        try await ScriptedServer.answering({ request in
            request.target == "/to" ? answer(body: "file") : answer(302, ["Location: to"], body: "moved")
        }) { server in
            _ = try await http.download(HTTPRequest(.get, url: server.url + "/from"), to: folder.file("x"))
            #expect(folder.read("x") == Array("file".utf8))
        }
    }

    @Test("a request that stays within its origin follows there, and to no login page elsewhere")
    func withinOrigin() async throws {
        try await ScriptedServer.answering({ _ in answer(body: "<html>Log in</html>") }) { elsewhere in
            try await ScriptedServer.answering({ request in
                switch request.target {
                case "/out": answer(302, ["Location: \(elsewhere.url)/login?secret=hunter2"])
                case "/in": answer(302, ["Location: /here"])
                default: answer(body: "the file")
                }
            }) { server in
                let http = HTTPClient()
                let error = await httpError {
                    try await http.send(HTTPRequest(.get, url: server.url + "/out"), redirects: .withinOrigin)
                }
                #expect(error == .redirect(status: 302, location: elsewhere.url + "/login"))
                #expect(elsewhere.requests.isEmpty)
                let reply = try await http.send(HTTPRequest(.get, url: server.url + "/in"), redirects: .withinOrigin)
                #expect(reply.body == Array("the file".utf8))
            }
        }
    }
}
