import HTTP
import HTTPTypes
import Synchronization
import TestSupport
import Testing

@Suite("Streaming", .timeLimit(.minutes(5)))
struct StreamTests {
    private let http = HTTPClient()

    @Test("bytes arrive before the answer has ended")
    func early() async throws {
        let seen = Signal()
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(answerHead(length: 10))
            try connection.send("first")
            seen.block()
            try connection.send("later")
        }) { server in
            let body = try await http.stream(HTTPRequest(.get, url: server.url)) { head, body in
                #expect(head.status.code == 200)
                var all = try await body.next() ?? []
                #expect(all == Array("first".utf8))
                seen.fire()
                while let more = try await body.next() { all += more }
                return all
            }
            #expect(body == Array("firstlater".utf8))
        }
    }

    @Test("a reader that stops makes the server stop, and gets the whole body in the end")
    func backpressure() async throws {
        let bytes = pattern(64 << 20)
        let sent = Mutex(0)
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(answerHead(length: bytes.count))
            for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
                try connection.send(Array(bytes[start..<start + 1 << 20]))
                sent.withLock { $0 += 1 << 20 }
            }
        }) { server in
            let (whole, largest) = try await http.stream(HTTPRequest(.get, url: server.url)) { _, body in
                var all = try await body.next() ?? []
                var last = -1
                // What the kernel holds of both ends is some megabytes; the rest must wait at the server.
                try await eventually("the server stands still") {
                    try await Task.sleep(for: .milliseconds(100))
                    let now = sent.withLock { $0 }
                    defer { last = now }
                    return now == last
                }
                #expect(sent.withLock { $0 } < 32 << 20)
                var largest = 0
                while let more = try await body.next() {
                    largest = max(largest, more.count)
                    all += more
                }
                return (all == bytes, largest)
            }
            #expect(whole)
            #expect(largest <= 1 << 20)
        }
    }

    @Test("leaving the closure early closes the connection")
    func leaving() async throws {
        let closed = Signal()
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(answerHead(length: 1000) + "some")
            connection.waitForEnd()
            closed.fire()
        }) { server in
            try await http.stream(HTTPRequest(.get, url: server.url)) { _, body in
                let first = try await body.next()
                #expect(first == Array("some".utf8))
            }
            await closed.wait()
        }
    }

    @Test("what the reader throws comes out as it is")
    func throwing() async throws {
        struct Mine: Error {}
        try await ScriptedServer.answering({ _ in answer(body: "x") }) { server in
            await #expect(throws: Mine.self) {
                try await http.stream(HTTPRequest(.get, url: server.url)) { _, _ in throw Mine() }
            }
        }
    }

    @Test("a body that breaks off gives what came, then an error")
    func broken() async throws {
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(answerHead(length: 1000) + "some")
        }) { server in
            try await http.stream(HTTPRequest(.get, url: server.url)) { _, body in
                var all: [UInt8] = []
                let error = await httpError { while let more = try await body.next() { all += more } }
                #expect(all == Array("some".utf8))
                guard case .connectionLost = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }

    @Test("without an answer the closure is not called")
    func nobody() async throws {
        let listener = try await ScriptedServer.run({ _ in }) { $0.url }
        let error = await httpError {
            try await http.stream(HTTPRequest(.get, url: listener)) { _, _ in Issue.record("called") }
        }
        guard case .cannotConnect = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a stream read to its end leaves the connection for the next request")
    func reuse() async throws {
        try await ScriptedServer.answering({ _ in answer(body: "x") }) { server in
            for _ in 1...5 {
                try await http.stream(HTTPRequest(.get, url: server.url)) { _, body in
                    while try await body.next() != nil {}
                }
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test("a compressed answer is read as it was before")
    func compressed() async throws {
        // "hello" in gzip.
        let bytes: [UInt8] = [
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 7, 0, 0x86, 0xA6, 0x10, 0x36, 5, 0, 0, 0,
        ]
        try await ScriptedServer.run({ connection in
            let request = try connection.readRequest()
            #expect(request?["Accept-Encoding"]?.contains("gzip") == true)
            try connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bytes.count)\r\n\r\n")
            try connection.send(bytes)
        }) { server in
            let body = try await http.stream(HTTPRequest(.get, url: server.url)) { _, body in
                var all: [UInt8] = []
                while let more = try await body.next() { all += more }
                return all
            }
            #expect(body == Array("hello".utf8))
        }
    }
}
