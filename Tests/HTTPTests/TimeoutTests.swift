import HTTP
import HTTPTypes
import TestSupport
import Testing

@Suite("Patience", .timeLimit(.minutes(5)))
struct TimeoutTests {
    private let brief = Duration.milliseconds(300)
    private let long = Duration.seconds(50)

    @Test("a connection that is not made in time is an error, and nothing was sent")
    func connect() async throws {
        let listener = try SilentListener()
        let http = HTTPClient(.init(timeouts: HTTPTimeouts(connect: brief, firstByte: long, stall: long)))
        let error = await httpError { try await http.send(HTTPRequest(.get, url: "http://127.0.0.1:\(listener.port)")) }
        guard case .cannotConnect(let host, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(host == "127.0.0.1:\(listener.port)")
        #expect(error?.mayHaveActed == false)
    }

    @Test("a TLS handshake that gets no answer is a connection that is not made")
    func handshake() async throws {
        let http = HTTPClient(.init(timeouts: HTTPTimeouts(connect: brief, firstByte: long, stall: long)))
        try await ScriptedServer.run({ $0.waitForEnd() }) { server in
            let error = await httpError {
                try await http.send(HTTPRequest(.get, url: "https://127.0.0.1:\(server.port)"))
            }
            guard case .cannotConnect = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("silence before the first byte is borne as long as it is told", arguments: [HTTPBody.none, .text("body")])
    func firstByte(body: HTTPBody) async throws {
        let http = HTTPClient(.init(timeouts: HTTPTimeouts(connect: long, firstByte: brief, stall: long)))
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            connection.waitForEnd()
        }) { server in
            let error = await httpError { try await http.send(HTTPRequest(.post, url: server.url), body: body) }
            #expect(error == .stalled(host: "127.0.0.1:\(server.port)", after: brief, requestSent: true))
        }
    }

    @Test(
        "a server that thinks longer than a stalled body may is waited for", arguments: [HTTPBody.none, .text("body")])
    func thinking(body: HTTPBody) async throws {
        let http = HTTPClient(.init(timeouts: HTTPTimeouts(connect: long, firstByte: long, stall: brief)))
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            usleepMilliseconds(700)
            try connection.send(answer(body: "x"))
        }) { server in
            let reply = try await http.send(HTTPRequest(.post, url: server.url), body: body)
            #expect(reply.status == 200)
        }
    }

    @Test("a body that stands still is given up")
    func stall() async throws {
        let http = HTTPClient(.init(timeouts: HTTPTimeouts(connect: long, firstByte: long, stall: brief)))
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(answerHead(length: 100) + "some")
            connection.waitForEnd()
        }) { server in
            let error = await httpError { try await http.send(HTTPRequest(.get, url: server.url)) }
            #expect(error == .stalled(host: "127.0.0.1:\(server.port)", after: brief, requestSent: true))
        }
    }

    @Test("a server that stops reading what we send is given up, and has not acted")
    func stalledUpload() async throws {
        let http = HTTPClient(.init(timeouts: HTTPTimeouts(connect: long, firstByte: long, stall: brief)))
        let stop = Signal()
        try await ScriptedServer.run({ connection in
            _ = try connection.readHead()
            stop.block()
        }) { server in
            let error = await httpError {
                try await http.send(HTTPRequest(.put, url: server.url), body: .bytes(pattern(32 << 20)))
            }
            stop.fire()
            #expect(error == .stalled(host: "127.0.0.1:\(server.port)", after: brief, requestSent: false))
        }
    }

    @Test("a slow body that keeps coming is no stalled one")
    func slow() async throws {
        let http = HTTPClient(.init(timeouts: HTTPTimeouts(connect: long, firstByte: long, stall: .seconds(1))))
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(answerHead(length: 15))
            for _ in 1...15 {
                usleepMilliseconds(100)
                try connection.send("x")
            }
        }) { server in
            let reply = try await http.send(HTTPRequest(.get, url: server.url))
            #expect(reply.body.count == 15)
        }
    }

    @Test("a slow reader of a stream is no stalled server")
    func slowReader() async throws {
        let http = HTTPClient(.init(timeouts: HTTPTimeouts(connect: long, firstByte: long, stall: brief)))
        let bytes = pattern(8 << 20)
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(answerHead(length: bytes.count))
            try connection.send(bytes)
        }) { server in
            let count = try await http.stream(HTTPRequest(.get, url: server.url)) { _, body in
                var count = try await body.next()?.count ?? 0
                try await Task.sleep(for: .milliseconds(800))
                while let more = try await body.next() { count += more.count }
                return count
            }
            #expect(count == bytes.count)
        }
    }
}
