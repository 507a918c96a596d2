import HTTP
import Synchronization
import TestSupport
import Testing

@testable import DAV

@Suite("The client", .timeLimit(.minutes(5)))
struct DAVClientTests {
    private func client(_ server: ScriptedServer, isNextcloud: Bool = false) throws -> DAVClient {
        DAVClient(
            collection: try #require(CollectionURL(server.url + "/dav")),
            credentials: Credentials(user: "jos\u{E9}", password: Secret("hunter2:x")), isNextcloud: isNextcloud,
            http: HTTPClient())
    }

    private let path = RemotePath("a/b/c.json") ?? .root

    private func status(_ code: Int, _ headers: String = "") -> String {
        "HTTP/1.1 \(code) X\r\nContent-Length: 0\r\n\(headers)\r\n"
    }

    @Test("every request carries the login")
    func login() async throws {
        try await ScriptedServer.answering({ _ in status(201) }) { server in
            try await client(server).makeCollection(path)
            #expect(server.requests.first?["Authorization"] == "Basic am9zw6k6aHVudGVyMjp4")
            #expect(server.requests.first?.target == "/dav/a/b/c.json/")
        }
    }

    @Test("neither the client nor its credentials print the password")
    func printing() async throws {
        try await ScriptedServer.answering({ _ in status(201) }) { server in
            let client = try client(server)
            var dumped = ""
            dump(client, to: &dumped)
            let scoped = client.scoped(to: client.collection)
            for text in [
                "\(client)", String(reflecting: scoped), dumped,
                "\(Credentials(user: "u", password: Secret("hunter2")))",
            ] {
                #expect(!text.contains("hunter2"))
                #expect(!text.contains("am9zw6k6aHVudGVyMjp4"))
            }
        }
    }

    @Test("Nextcloud's header that makes folders goes to a Nextcloud alone", arguments: [true, false])
    func autoMkcol(isNextcloud: Bool) async throws {
        try await ScriptedServer.answering({ _ in status(201) }) { server in
            _ = try await client(server, isNextcloud: isNextcloud).put(path, [1], contentType: "x/y", .absent)
            #expect(server.requests.first?["X-NC-WebDAV-Auto-Mkcol"] == (isNextcloud ? "1" : nil))
            #expect(server.requests.first?["If-None-Match"] == "*")
            #expect(server.requests.first?["Content-Type"] == "x/y")
        }
    }

    @Test("missing collections are made from the outermost, then the file is sent again", arguments: [404, 409])
    func makesCollections(refusal: Int) async throws {
        let existing = Mutex<Set<String>>(["/dav/"])
        try await ScriptedServer.answering({ request in
            existing.withLock { existing in
                let parent = request.target.split(separator: "/").dropLast().map { "\($0)/" }.joined()
                guard existing.contains("/" + parent) else { return status(refusal) }
                if request.method == "MKCOL" { existing.insert(request.target) }
                return status(201, "ETag: \"new\"\r\n")
            }
        }) { server in
            let outcome = try await client(server).put(path, [1, 2], contentType: "x/y", .absent)
            #expect(outcome == PutOutcome(etag: ETag("\"new\""), created: true))
            let made = server.requests.map { "\($0.method) \($0.target)" }
            #expect(
                made == [
                    "PUT /dav/a/b/c.json", "MKCOL /dav/a/b/", "MKCOL /dav/a/", "MKCOL /dav/a/b/", "PUT /dav/a/b/c.json",
                ])
            #expect(server.requests.last?.body == [1, 2])
        }
    }

    @Test("a server that never finds the parent is asked no more than once per collection")
    func hopeless() async throws {
        try await ScriptedServer.answering({ _ in status(409) }) { server in
            let error = await davError { try await client(server).put(path, [1], contentType: "x/y", .absent) }
            #expect(error?.kind == .conflict)
            #expect(server.requests.count < 8)
        }
    }

    @Test("a replacement is sent with the tag known, and makes no collections")
    func replacing() async throws {
        let tag = try #require(ETag("\"old\""))
        try await ScriptedServer.answering({ _ in status(404) }) { server in
            let error = await davError { try await client(server).put(path, [1], contentType: "x/y", .unchanged(tag)) }
            #expect(error?.kind == .notFound)
            #expect(server.requests.map { $0["If-Match"] } == ["\"old\""])
        }
    }

    @Test("a weak tag is never sent in If-Match")
    func weakTag() async throws {
        let tag = try #require(ETag("W/\"old\""))
        try await ScriptedServer.answering({ _ in status(204) }) { server in
            let error = await davError { try await client(server).put(path, [1], contentType: "x/y", .unchanged(tag)) }
            #expect(error?.kind == .preconditionFailed)
            #expect(server.connectionCount == 0)
        }
    }

    @Test(
        "the new tag is taken from where the server gives it, when it is strong",
        arguments: [
            ("ETag: \"a\"", "a"), ("OC-ETag: \"b\"", "b"), ("ETag: W/\"c\"", nil), ("ETag: \"\"", nil), ("X: y", nil),
        ] as [(String, String?)])
    func newTag(header: String, value: String?) async throws {
        try await ScriptedServer.answering({ _ in status(204, header + "\r\n") }) { server in
            let outcome = try await client(server).put(path, [1], contentType: "x/y", .absent)
            #expect(outcome.etag?.value == value)
            #expect(!outcome.created)
        }
    }

    @Test("a download whose answer is not the whole file is an error", arguments: [204, 206, 207])
    func partial(code: Int) async throws {
        let folder = try TemporaryDirectory()
        try await ScriptedServer.answering({ _ in status(code) }) { server in
            let error = await davError { try await client(server).get(path, to: folder.file("x")) }
            #expect(error?.kind == .malformed)
            let inMemory = await davError { try await client(server).get(path, limit: 10) }
            #expect(inMemory?.kind == .malformed)
        }
    }

    @Test("properties of something else are an answer that makes no sense")
    func otherResource() async throws {
        let body = String(decoding: multistatus(response("/dav/other", file)), as: UTF8.self)
        try await ScriptedServer.answering({ _ in listing(body) }) { server in
            let error = await davError { try await client(server).properties(of: path) }
            #expect(error?.kind == .malformed)
        }
    }
}

/// The error that is thrown, which is a `DAVError`.
func davError<Value>(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
) async -> DAVError? {
    do {
        _ = try await body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as DAVError {
        return error
    } catch {
        Issue.record("another error was thrown: \(error)", sourceLocation: sourceLocation)
    }
    return nil
}

/// A 207 with that body.
func listing(_ body: String) -> String {
    "HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
}
