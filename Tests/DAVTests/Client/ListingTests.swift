import HTTP
import TestSupport
import Testing

@testable import DAV

@Suite("Listing", .timeLimit(.minutes(5)))
struct ListingTests {
    private func client(_ server: ScriptedServer, stall: Duration = .seconds(50)) throws -> DAVClient {
        DAVClient(
            collection: try #require(CollectionURL(server.url + "/dav")), credentials: nil, isNextcloud: false,
            http: HTTPClient(.init(timeouts: HTTPTimeouts(stall: stall))))
    }

    private let whole = String(decoding: multistatus(response("/dav/a", file), response("/dav/b", file)), as: UTF8.self)

    /// What arrived of a listing, and how it ended.
    private func list(
        _ server: ScriptedServer, stall: Duration = .seconds(50)
    ) async throws -> (paths: [String], error: DAVError?) {
        var paths: [String] = []
        do {
            try await client(server, stall: stall).list(.root, depth: .infinity) { paths += $0.map(\.path.description) }
            return (paths, nil)
        } catch let error as DAVError {
            return (paths, error)
        }
    }

    @Test("resources arrive while the server is still writing")
    func streaming() async throws {
        let seen = Signal()
        let text = whole
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            let middle = text.index(text.firstRange(of: "</d:response>")?.upperBound ?? text.endIndex, offsetBy: 5)
            let head = "HTTP/1.1 207 X\r\nContent-Length: \(text.utf8.count)\r\n\r\n"
            try connection.send(head + text[..<middle])
            seen.block()
            try connection.send(String(text[middle...]))
        }) { server in
            var paths: [String] = []
            try await client(server).list(.root, depth: .one) { resources in
                paths += resources.map(\.path.description)
                seen.fire()
            }
            #expect(paths == ["a", "b"])
            #expect(server.requests.first?["Depth"] == "1")
            #expect(server.requests.first?.target == "/dav/")
        }
    }

    @Test("a connection that breaks off within a listing leaves it incomplete, with what came before")
    func broken() async throws {
        let text = whole
        for ending in ["cut", "stalled", "end of a chunk missing"] {
            try await ScriptedServer.run({ connection in
                _ = try connection.readRequest()
                let part = String(text.dropLast(60))
                switch ending {
                case "end of a chunk missing":
                    try connection.send("HTTP/1.1 207 X\r\nTransfer-Encoding: chunked\r\n\r\n")
                    try connection.send("\(String(part.utf8.count, radix: 16))\r\n\(part)\r\n")
                default: try connection.send("HTTP/1.1 207 X\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(part)")
                }
                if ending == "stalled" { connection.waitForEnd() }
            }) { server in
                let (paths, error) = try await list(server, stall: .seconds(ending == "stalled" ? 1 : 50))
                #expect(paths == ["a"])
                #expect(error?.kind == .incomplete, "\(ending)")
                #expect(error?.isRetryable == true)
            }
        }
    }

    @Test("a document that ends early, or has an error inside, leaves the listing incomplete")
    func incomplete() async throws {
        let listings = [
            String(whole.dropLast(60)), whole + "<d:error/>",
            whole.replacing("</d:multistatus>", with: "<d:error/></d:multistatus>"),
            whole.replacing("/dav/b", with: "/elsewhere/b"),
        ]
        for text in listings {
            try await ScriptedServer.answering({ _ in listing(text) }) { server in
                let (_, error) = try await list(server)
                #expect(error?.kind == .incomplete)
                #expect(error?.status == 207)
            }
        }
    }

    @Test("a cancelled listing is cancelled, not incomplete")
    func cancelled() async throws {
        let text = whole
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 207 X\r\nContent-Length: 100000\r\n\r\n\(text.dropLast(60))")
            connection.waitForEnd()
        }) { server in
            let begun = Signal()
            let task = Task { [client = try client(server)] in
                await davError { try await client.list(.root, depth: .one) { _ in begun.fire() } }
            }
            await begun.wait()
            task.cancel()
            #expect(await task.value?.kind == .transport(.cancelled))
        }
    }

    @Test(
        "an answer that is no multistatus has its own kind",
        arguments: [(404, "notFound"), (403, "forbidden"), (200, "malformed")])
    func otherStatus(status: Int, kind: String) async throws {
        try await ScriptedServer.answering({ _ in "HTTP/1.1 \(status) X\r\nContent-Length: 3\r\n\r\nxyz" }) { server in
            let (paths, error) = try await list(server)
            #expect(paths.isEmpty)
            #expect(error.map { "\($0.kind)" } == kind)
        }
    }

    @Test("a server that sends us elsewhere is not followed")
    func redirect() async throws {
        try await ScriptedServer.answering({ _ in
            "HTTP/1.1 301 X\r\nLocation: http://elsewhere.example/?x\r\nContent-Length: 0\r\n\r\n"
        }) { server in
            let (_, error) = try await list(server)
            #expect(error?.kind == .redirected(to: "http://elsewhere.example/"))
        }
    }

    @Test("what the receiver throws comes out as it is, and ends the request")
    func receiver() async throws {
        let text = whole
        try await ScriptedServer.answering({ _ in listing(text) }) { server in
            let mine = HTTPError.file(path: "/spool", reason: "full")
            await #expect(throws: mine) {
                try await client(server).list(.root, depth: .one) { _ in throw mine }
            }
        }
    }

    @Test("nobody there is an error of the connection")
    func nobody() async throws {
        let gone = try await ScriptedServer.run({ _ in }) { server in try client(server) }
        let error = await davError { try await gone.list(.root, depth: .one) { _ in } }
        guard case .transport(.cannotConnect) = error?.kind else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
