import HTTPTypes
import TestSupport
import Testing

@testable import HTTP

@Suite("The pace of a whole exchange", .timeLimit(.minutes(5)))
struct PaceTests {
    private func client(firstByte: Duration = .zero, grace: Duration, rate: Int) -> HTTPClient {
        let pace = HTTPPace(grace: grace, bytesPerSecond: rate)
        return HTTPClient(.init(timeouts: HTTPTimeouts(firstByte: firstByte, stall: .seconds(50), pace: pace)))
    }

    @Test("a server that sends a byte now and then is given up, although nothing ever stands still")
    func trickle() async throws {
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(answerHead(length: 1_000))
            while true {
                usleepMilliseconds(20)
                try connection.send("x")
            }
        }) { server in
            let http = client(firstByte: .milliseconds(200), grace: .milliseconds(300), rate: 1_000_000)
            let error = await httpError { try await http.send(HTTPRequest(.get, url: server.url)) }
            guard case .connectionLost(_, let reason, requestSent: true) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reason.contains("too slow"))
        }
    }

    @Test(
        "header lines and interim answers without end are given up too",
        arguments: ["X: y\r\n", "HTTP/1.1 102 P\r\n\r\n"])
    func endlessHead(piece: String) async throws {
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            if piece.hasPrefix("X") { try connection.send("HTTP/1.1 200 OK\r\n") }
            while true {
                usleepMilliseconds(20)
                try connection.send(piece)
            }
        }) { server in
            let http = client(firstByte: .milliseconds(400), grace: .milliseconds(300), rate: 1_000_000)
            let error = await httpError { try await http.send(HTTPRequest(.get, url: server.url)) }
            guard case .connectionLost = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("a server that reads what we send drop by drop is given up")
    func slowUpload() async throws {
        try await ScriptedServer.run({ connection in
            _ = try connection.readHead()
            while true {
                usleepMilliseconds(20)
                _ = try connection.readBytes(1_000)
            }
        }) { server in
            let http = client(grace: .milliseconds(500), rate: 100_000_000)
            let error = await httpError {
                try await http.send(HTTPRequest(.put, url: server.url), body: .bytes(pattern(64 << 20)))
            }
            guard case .connectionLost(_, _, requestSent: false) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("every byte moved buys time: a slow body that keeps the pace arrives")
    func keepsPace() async throws {
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(answerHead(length: 20_000))
            for _ in 1...20 {
                usleepMilliseconds(50)
                try connection.send([UInt8](repeating: 1, count: 1_000))
            }
        }) { server in
            let http = client(firstByte: .milliseconds(300), grace: .milliseconds(300), rate: 10_000)
            let reply = try await http.send(HTTPRequest(.get, url: server.url))
            #expect(reply.body.count == 20_000)
        }
    }

    @Test("silence before the first byte is allowed for beside the pace")
    func silence() async throws {
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            usleepMilliseconds(500)
            try connection.send(answer(body: "x"))
        }) { server in
            let http = client(firstByte: .seconds(50), grace: .zero, rate: 1_000)
            let reply = try await http.send(HTTPRequest(.get, url: server.url))
            #expect(reply.status == 200)
        }
    }

    @Test("the time in which our own reader is busy does not count")
    func slowReader() async throws {
        let bytes = pattern(8 << 20)
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(answerHead(length: bytes.count))
            try connection.send(bytes)
        }) { server in
            let http = client(firstByte: .milliseconds(200), grace: .milliseconds(400), rate: 1_000_000_000)
            let count = try await http.stream(HTTPRequest(.get, url: server.url)) { _, body in
                var count = try await body.next()?.count ?? 0
                try await Task.sleep(for: .milliseconds(1_200))
                while let more = try await body.next() { count += more.count }
                return count
            }
            #expect(count == bytes.count)
        }
    }

    @Test(
        "the limit grows with what was moved, and no number overflows it",
        arguments: [
            (0, 10, Duration.seconds(7)), (99, 10, .seconds(16)), (-5, 10, .seconds(7)), (50, 0, .seconds(57)),
            (.max, 1, .seconds(31_536_007)),
        ])
    func limit(moved: Int, rate: Int, limit: Duration) {
        let pace = HTTPPace(grace: .seconds(5), bytesPerSecond: rate)
        #expect(pace.limit(firstByte: .seconds(2), moved: moved) == limit)
    }
}
