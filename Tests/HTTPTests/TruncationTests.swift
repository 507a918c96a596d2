import HTTP
import HTTPTypes
import TestSupport
import Testing

@Suite("Answers cut short", .timeLimit(.minutes(5)))
struct TruncationTests {
    private static let beginnings = [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nsome",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nsome\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\n",
    ]

    @Test("is an error, never a short body", arguments: beginnings, [false, true])
    func memory(beginning: String, byReset: Bool) async throws {
        let http = HTTPClient()
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(beginning)
            if byReset { connection.reset() }
        }) { server in
            let error = await httpError { try await http.send(HTTPRequest(.get, url: server.url)) }
            guard case .connectionLost(_, _, requestSent: true) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("is an error for a download too", arguments: beginnings)
    func file(beginning: String) async throws {
        let http = HTTPClient()
        let folder = try TemporaryDirectory()
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(beginning)
        }) { server in
            let request = try HTTPRequest(.get, url: server.url)
            let error = await httpError { try await http.download(request, to: folder.file("scan")) }
            guard case .connectionLost = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("more bytes than announced are not part of the body")
    func tooMuch() async throws {
        let http = HTTPClient()
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbodyHTTP/1.1 200 OK\r\n\r\n")
            connection.waitForEnd()
        }) { server in
            let reply = try await http.send(HTTPRequest(.get, url: server.url))
            #expect(reply.body == Array("body".utf8))
        }
    }

    @Test("after a body refused as too large the next request gets its own answer")
    func afterRefusal() async throws {
        let http = HTTPClient()
        try await ScriptedServer.answering({ request in
            answer(body: request.target == "/large" ? String(repeating: "x", count: 100_000) : "small")
        }) { server in
            let large = try HTTPRequest(.get, url: server.url + "/large")
            #expect(await httpError { try await http.send(large, limit: 10) } == .tooLarge(limit: 10))
            let reply = try await http.send(HTTPRequest(.get, url: server.url + "/small"), limit: 10)
            #expect(reply.body == Array("small".utf8))
        }
    }
}
