import HTTP
import HTTPTypes
import TestSupport
import Testing

@Suite("Bodies of answers", .timeLimit(.minutes(5)))
struct BodyTests {
    private let http = HTTPClient()

    @Test("a body comes into memory whole")
    func memory() async throws {
        let bytes = pattern(300_000)
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(answerHead(length: bytes.count))
            try connection.send(bytes)
        }) { server in
            let reply = try await http.send(HTTPRequest(.get, url: server.url))
            #expect(reply.status == 200)
            #expect(reply.body == bytes)
        }
    }

    @Test("a body as large as the limit is taken, one byte more is not")
    func memoryLimit() async throws {
        try await ScriptedServer.answering({ _ in answer(body: String(repeating: "x", count: 1000)) }) { server in
            let request = try HTTPRequest(.get, url: server.url)
            #expect(try await http.send(request, limit: 1000).body.count == 1000)
            #expect(await httpError { try await http.send(request, limit: 999) } == .tooLarge(limit: 999))
        }
    }

    @Test("a 2xx body goes into the file, and empties the one that was there")
    func file() async throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("something much longer than the answer".utf8, to: "scan.jpg")
        try await ScriptedServer.answering({ _ in answer(body: "new") }) { server in
            let reply = try await http.download(HTTPRequest(.get, url: server.url), to: path)
            #expect(reply.body.isEmpty)
            #expect(folder.read("scan.jpg") == Array("new".utf8))
        }
    }

    @Test("an empty 2xx body makes an empty file")
    func emptyFile() async throws {
        let folder = try TemporaryDirectory()
        try await ScriptedServer.answering({ _ in answer() }) { server in
            _ = try await http.download(HTTPRequest(.get, url: server.url), to: folder.file("empty"))
            #expect(folder.read("empty") == [])
        }
    }

    @Test("an error's body stays in memory and makes no file")
    func errorBody() async throws {
        let folder = try TemporaryDirectory()
        try await ScriptedServer.answering({ _ in answer(404, body: "not here") }) { server in
            let reply = try await http.download(HTTPRequest(.get, url: server.url), to: folder.file("none"))
            #expect(reply.status == 404)
            #expect(reply.body == Array("not here".utf8))
            #expect(folder.read("none") == nil)
        }
    }

    @Test("a file larger than the limit is refused")
    func fileLimit() async throws {
        let folder = try TemporaryDirectory()
        try await ScriptedServer.answering({ _ in answer(body: String(repeating: "x", count: 1000)) }) { server in
            let request = try HTTPRequest(.get, url: server.url)
            let error = await httpError { try await http.download(request, to: folder.file("a"), limit: 999) }
            #expect(error == .tooLarge(limit: 999))
            _ = try await http.download(request, to: folder.file("b"), limit: 1000)
            #expect(folder.read("b")?.count == 1000)
        }
    }

    @Test("a file that cannot be made is an error that names it")
    func unwritable() async throws {
        try await ScriptedServer.answering({ _ in answer(body: "x") }) { server in
            let request = try HTTPRequest(.get, url: server.url)
            let error = await httpError { try await http.download(request, to: "/nowhere/at/all") }
            guard case .file(path: "/nowhere/at/all", _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("an error page larger than what the caller takes does not hide the status")
    func largeErrorPage() async throws {
        try await ScriptedServer.answering({ _ in answer(404, body: String(repeating: "x", count: 5000)) }) { server in
            let reply = try await http.send(HTTPRequest(.get, url: server.url), limit: 1000)
            #expect(reply.status == 404)
        }
    }

    @Test("an error page without end is cut off, and the status is known")
    func endlessErrorPage() async throws {
        let folder = try TemporaryDirectory()
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 500 Oh\r\nContent-Length: 99999999999\r\n\r\n")
            let chunk = [UInt8](repeating: 0x78, count: 100_000)
            while true { try connection.send(chunk) }
        }) { server in
            let request = try HTTPRequest(.get, url: server.url)
            let downloaded = try await http.download(request, to: folder.file("x"))
            #expect(downloaded.status == 500)
            #expect(downloaded.body.count <= 256 << 10)
            let sent = try await http.send(request)
            #expect(sent.status == 500)
            #expect(!sent.body.isEmpty)
        }
    }

    @Test("a body without a length ends with the connection")
    func untilClose() async throws {
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it")
        }) { server in
            let reply = try await http.send(HTTPRequest(.get, url: server.url))
            #expect(reply.body == Array("all of it".utf8))
        }
    }

    @Test("HEAD has no body, whatever length is announced")
    func head() async throws {
        try await ScriptedServer.answering({ _ in answerHead(length: 12345) }) { server in
            let reply = try await http.send(HTTPRequest(.head, url: server.url))
            #expect(reply.head.headerFields[.contentLength] == "12345")
            #expect(reply.body.isEmpty)
        }
    }
}

func answerHead(length: Int) -> String { "HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n" }
