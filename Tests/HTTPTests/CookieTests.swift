import HTTP
import HTTPTypes
import TestSupport
import Testing

@Suite("Cookies", .timeLimit(.minutes(5)))
struct CookieTests {
    @Test("a server's cookies come back to it and go to no other host")
    func perHost() async throws {
        let http = HTTPClient()
        try await ScriptedServer.answering({ _ in answer(200, ["Set-Cookie: session=abc; path=/; HttpOnly"]) }) {
            server in
            let other = "http://localhost:\(server.port)/"
            _ = try await http.send(HTTPRequest(.get, url: server.url))
            _ = try await http.send(HTTPRequest(.get, url: other))
            _ = try await http.send(HTTPRequest(.get, url: server.url))
            #expect(server.requests.map { $0["Cookie"] } == [nil, nil, "session=abc"])
        }
    }

    @Test("one client's cookies are not another's")
    func perClient() async throws {
        try await ScriptedServer.answering({ _ in answer(200, ["Set-Cookie: session=abc"]) }) { server in
            for _ in 1...2 { _ = try await HTTPClient().send(HTTPRequest(.get, url: server.url)) }
            #expect(server.requests.allSatisfy { $0["Cookie"] == nil })
        }
    }
}
