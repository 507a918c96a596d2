import Foundation
import HTTP
import HTTPTypes
import TestSupport
import Testing

@Suite("Connections", .timeLimit(.minutes(5)))
struct ConnectionTests {
    @Test("requests one after another use one connection")
    func reuse() async throws {
        let http = HTTPClient()
        try await ScriptedServer.answering({ _ in answer(body: "x") }) { server in
            for _ in 1...20 { _ = try await http.send(HTTPRequest(.get, url: server.url)) }
            _ = try await http.send(HTTPRequest(.put, url: server.url), body: .text("body"))
            #expect(server.connectionCount == 1)
            #expect(http.requestCount == 21)
        }
    }

    @Test("200 requests at once are all answered, each with its own answer")
    func many() async throws {
        try await withFlyingFox { url in
            let http = HTTPClient()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...200 {
                    group.addTask {
                        let reply = try await http.send(HTTPRequest(.get, url: "\(url)/\(number)"))
                        #expect(reply.body == Array("answer to /\(number)".utf8))
                    }
                }
                try await group.waitForAll()
            }
            #expect(http.requestCount == 200)
        }
    }

    @Test("no more connections to one host than the client is told, and those that wait lose no patience")
    func perHost() async throws {
        let timeouts = HTTPTimeouts(connect: .milliseconds(300), firstByte: .seconds(20), stall: .milliseconds(300))
        let http = HTTPClient(.init(timeouts: timeouts, connectionsPerHost: 1))
        try await ScriptedServer.run({ connection in
            while try connection.readRequest() != nil {
                // Longer than the patience for a connection and for a body: a request that waits its turn uses neither.
                usleepMilliseconds(500)
                try connection.send(answer(body: "x"))
            }
        }) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...3 {
                    group.addTask {
                        let reply = try await http.send(HTTPRequest(.get, url: server.url))
                        #expect(reply.status == 200)
                    }
                }
                try await group.waitForAll()
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test("a kept connection that the server has closed is replaced unnoticed", arguments: [true, false])
    func closedMeanwhile(reading: Bool) async throws {
        let http = HTTPClient()
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(answer(body: "\(connection.number)"))
            // The second request arrives, and the connection ends without a byte of an answer.
            if reading, connection.number == 1 { _ = try connection.readRequest() }
        }) { server in
            let request = try HTTPRequest(.put, url: server.url)
            #expect(try await http.send(request, body: .text("first")).body == Array("1".utf8))
            #expect(try await http.send(request, body: .text("again")).body == Array("2".utf8))
            #expect(server.requests.last?.body == Array("again".utf8))
        }
    }

    @Test("a POST that reached a server that died is not sent again: it may have been billed")
    func postIsNotRepeated() async throws {
        let http = HTTPClient()
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send(answer(body: "\(connection.number)"))
            _ = try connection.readRequest()
        }) { server in
            _ = try await http.send(HTTPRequest(.get, url: server.url))
            let error = await httpError {
                try await http.send(HTTPRequest(.post, url: server.url), body: .text("paid for"))
            }
            #expect(error?.mayHaveActed == true)
            #expect(server.requests.filter { $0.method == "POST" }.count == 1)
        }
    }

    @Test("a fresh connection that dies is an error at once")
    func dyingAtOnce() async throws {
        let http = HTTPClient()
        try await ScriptedServer.run({ connection in _ = try connection.readRequest() }) { server in
            let error = await httpError { try await http.send(HTTPRequest(.get, url: server.url)) }
            guard case .connectionLost(_, _, requestSent: true) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test(
        "cancelling closes the connection at once",
        arguments: ["before the answer", "within the body", "while sending"])
    func cancelling(moment: String) async throws {
        let http = HTTPClient()
        let (arrived, closed) = (Signal(), Signal())
        try await ScriptedServer.run({ connection in
            _ = try connection.readHead()
            if moment == "within the body" { try connection.send(answerHead(length: 100) + "some") }
            arrived.fire()
            connection.waitForEnd()
            closed.fire()
        }) { server in
            let body: HTTPBody = moment == "while sending" ? .bytes(pattern(32 << 20)) : .none
            let task = Task {
                await httpError { try await http.send(HTTPRequest(.put, url: server.url), body: body) }
            }
            await arrived.wait()
            let start = ContinuousClock.now
            task.cancel()
            #expect(await task.value == .cancelled)
            await closed.wait()
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }

    @Test("a task cancelled before it asks gets nothing and hangs nowhere")
    func cancelledBefore() async throws {
        let http = HTTPClient()
        try await ScriptedServer.run({ $0.waitForEnd() }) { server in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await httpError { try await http.send(HTTPRequest(.get, url: server.url)) }
            }
            #expect(await task.value == .cancelled)
        }
    }

    @Test("the thread and the connections end with the client")
    func thread() async throws {
        try await ScriptedServer.run({ connection in
            while try connection.readRequest() != nil { try connection.send(answer()) }
        }) { server in
            for _ in 1...5 {
                let http = HTTPClient(.init(userAgent: "short-lived"))
                _ = try await http.send(HTTPRequest(.get, url: server.url))
            }
            try await eventually("all connections are closed") { server.openConnectionCount == 0 }
            #expect(server.connectionCount == 5)
        }
    }

    @Test("hundreds of clients leave no thread and no file behind")
    func noLeak() async throws {
        let http = HTTPClient()
        try await eventually("a client's thread can be seen") { try threadCount(named: "nids-http") > 0 }
        for _ in 1...300 { _ = HTTPClient() }
        try await eventually("their threads have ended") { try threadCount(named: "nids-http") < 200 }
        #expect(http.requestCount == 0)
    }

    private func threadCount(named name: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count { identifier in
            let comm = try? String(contentsOfFile: "/proc/self/task/\(identifier)/comm", encoding: .utf8)
            return comm?.hasPrefix(name) == true
        }
    }
}
