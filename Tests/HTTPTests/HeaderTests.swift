import HTTP
import HTTPTypes
import TestSupport
import Testing

@Suite("Header fields", .timeLimit(.minutes(5)))
struct HeaderTests {
    private let http = HTTPClient()

    private func head(of answer: String) async throws -> HTTPResponse {
        try await ScriptedServer.answering({ _ in answer }) { server in
            try await http.send(HTTPRequest(.get, url: server.url)).head
        }
    }

    @Test("interim answers are not the answer")
    func interim() async throws {
        let head = try await head(
            of: "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nX-Interim: yes\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
                + answer(204))
        #expect(head.status.code == 204)
        #expect(head.headerFields[try name("X-Interim")] == nil)
    }

    @Test("a field that comes several times keeps all its values")
    func several() async throws {
        let head = try await head(of: answer(200, ["DAV: 1, 3", "dav: 2"]))
        #expect(head.headerFields[values: try name("DAV")] == ["1, 3", "2"])
    }

    @Test("names, values and status lines out of the ordinary")
    func odd() async throws {
        let head = try await head(
            of: "HTTP/1.1 200\r\nX-Empty:\r\nX-Blanks: \t a b \t \r\nx!#$%&'*+.^_`|~9: odd\r\nX-Colon: a:b:c\r\n"
                + "X-Accent: s\u{E9}rie\r\nContent-Length:0\r\n\r\n")
        let fields = head.headerFields
        #expect(head.status.code == 200)
        #expect(fields[try name("X-Empty")] == "")
        #expect(fields[try name("X-Blanks")] == "a b")
        #expect(fields[try name("x!#$%&'*+.^_`|~9")] == "odd")
        #expect(fields[try name("X-Colon")] == "a:b:c")
        #expect(fields[try name("X-Accent")] == "s\u{E9}rie")
        #expect(fields[try name("content-length")] == "0")
    }

    @Test("a field with a name that is none costs that field alone")
    func badName() async throws {
        let head = try await head(of: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nbad name: x\r\nX-Good: y\r\n\r\n")
        #expect(head.headerFields[try name("X-Good")] == "y")
        #expect(head.headerFields.count == 2)
    }

    @Test("trailers are no header fields")
    func trailers() async throws {
        let head = try await head(
            of:
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n1\r\na\r\n0\r\nX-Late: yes\r\n\r\n"
        )
        #expect(head.headerFields[try name("X-Late")] == nil)
    }

    @Test("a server that never stops sending header fields is stopped")
    func endless() async throws {
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\n")
            let lines = String(repeating: "X-More: \(String(repeating: "y", count: 90))\r\n", count: 1000)
            while true { try connection.send(lines) }
        }) { server in
            let error = await httpError { try await http.send(HTTPRequest(.get, url: server.url)) }
            guard case .connectionLost = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test(
        "an answer that is not HTTP is an error",
        arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "<html>hello</html>", "", "\0\0\0\0"])
    func notHTTP(text: String) async throws {
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(text)
        }) { server in
            let error = await httpError { try await http.send(HTTPRequest(.get, url: server.url)) }
            guard case .connectionLost(_, _, requestSent: true) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("what a request names is sent as it stands")
    func request() async throws {
        try await ScriptedServer.answering({ _ in answer() }) { server in
            var fields: HTTPFields = [.ifMatch: "\"a\"", .userAgent: "mine"]
            fields[try name("X-Empty")] = ""
            fields[try name("X-NC-WebDAV-Auto-Mkcol")] = "1"
            let path = "/remote.php/../a%2fb/./%C3%A9?q=%20&r=a+b"
            _ = try await http.send(HTTPRequest(.get, url: server.url + path, headers: fields))
            let request = try #require(server.requests.first)
            #expect(request.target == path)
            #expect(request["If-Match"] == "\"a\"")
            #expect(request["User-Agent"] == "mine")
            #expect(request["X-Empty"] == "")
            #expect(request["X-NC-WebDAV-Auto-Mkcol"] == "1")
            #expect(request["Host"] == "127.0.0.1:\(server.port)")
        }
    }

    @Test("the client's User-Agent is sent where a request names none")
    func userAgent() async throws {
        try await ScriptedServer.answering({ _ in answer() }) { server in
            let http = HTTPClient(.init(userAgent: "nids-sync/9"))
            _ = try await http.send(HTTPRequest(.get, url: server.url))
            #expect(server.requests.first?["User-Agent"] == "nids-sync/9")
        }
    }
}
