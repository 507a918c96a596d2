import HTTP
import TestSupport
import Testing

@testable import DAV

@Suite("Uploads that go where they belong alone", .timeLimit(.minutes(5)))
struct UploadTests {
    private let path = RemotePath("results/jpeg/a.json") ?? .root
    private let results = RemotePath("results") ?? .root

    private func client(_ server: ScriptedServer, isNextcloud: Bool = true) throws -> DAVClient {
        DAVClient(
            collection: try #require(CollectionURL(server.url + "/dav")), credentials: nil, isNextcloud: isNextcloud,
            http: HTTPClient())
    }

    private func reply(_ status: Int, _ headers: String = "", _ body: String = "") -> String {
        "HTTP/1.1 \(status) X\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private let absent = """
        <d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>Sabre\\DAV\\Exception\\NotFound</s:exception>\
        </d:error>
        """

    @Test("a modification time is sent, and whether it was taken is told with the server's clock")
    func modificationTime() async throws {
        let headers = "X-OC-MTime: accepted\r\nDate: Thu, 26 Nov 2026 18:55:30 GMT\r\nETag: \"a\"\r\n"
        try await ScriptedServer.answering({ _ in reply(201, headers) }) { server in
            let outcome = try await client(server).put(
                path, [1], contentType: "x/y", .absent, modified: 1_600_000_000)
            #expect(server.requests.first?["X-OC-MTime"] == "1600000000")
            #expect(outcome.acceptedModificationTime && outcome.date != nil && outcome.created)
            let plain = try await client(server).put(path, [1], contentType: "x/y", .absent)
            #expect(server.requests.last?["X-OC-MTime"] == nil && plain.etag?.value == "a")
        }
    }

    @Test("collections are made from the one named, and none above it, which may have been renamed")
    func madeFrom() async throws {
        try await ScriptedServer.answering({ _ in reply(404, "", absent) }) { server in
            let error = await davError {
                try await client(server).put(path, [1], contentType: "x/y", .absent, missing: .madeFrom(results))
            }
            #expect(error?.provesAbsence == true)
            let made = server.requests.map { "\($0.method) \($0.target)" }
            #expect(made == ["PUT /dav/results/jpeg/a.json", "MKCOL /dav/results/jpeg/", "MKCOL /dav/results/"])
            #expect(server.requests.allSatisfy { $0["X-NC-WebDAV-Auto-Mkcol"] == nil })
        }
    }

    @Test("where none may be made, none is, and nothing is sent twice")
    func left() async throws {
        try await ScriptedServer.answering({ _ in reply(404, "", absent) }) { server in
            let client = try client(server)
            let put = await davError {
                try await client.put(path, [1], contentType: "x/y", .absent, missing: .left)
            }
            #expect(put?.kind == .notFound)
            let move = await davError { try await client.move(path, to: results, missing: .left) }
            #expect(move?.kind == .notFound)
            #expect(server.requests.map(\.method) == ["PUT", "MOVE"])
        }
    }

    @Test("a proxy's 404 makes no collections")
    func proxy() async throws {
        try await ScriptedServer.answering({ _ in reply(404, "", "404 page not found") }) { server in
            let error = await davError { try await client(server).put(path, [1], contentType: "x/y", .absent) }
            #expect(error?.isRetryable == true && error?.proof == .nothing)
            #expect(server.requests.map(\.method) == ["PUT"])
        }
    }

    @Test("a portal that answers 200 and a page to a PUT has taken nothing")
    func portal() async throws {
        try await ScriptedServer.answering({ _ in reply(200, "", "<html><title>Log in</title></html>") }) { server in
            let error = await davError { try await client(server).put(path, [1], contentType: "x/y", .absent) }
            #expect(error?.kind == .malformed && error?.isRetryable == true)
        }
    }

    @Test("a 412 to If-Match without an ETag says that nothing is there any more; with one, or to *, it does not")
    func gone() async throws {
        func body(_ header: String) -> String {
            """
            <d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>Sabre\\DAV\\Exception\\PreconditionFailed\
            </s:exception><s:message>x</s:message><s:header>\(header)</s:header></d:error>
            """
        }
        for (answer, isGone) in [
            (reply(412, "", body("If-Match")), true), (reply(412, "ETag: \"b\"\r\n", body("If-Match")), false),
            (reply(412, "", body("If-None-Match")), false), (reply(412), false),
        ] {
            try await ScriptedServer.answering({ _ in answer }) { server in
                let etag = try #require(ETag("\"a\""))
                let error = await davError {
                    try await client(server).put(path, [1], contentType: "x/y", .unchanged(etag))
                }
                #expect(error?.kind == .preconditionFailed && error?.saysGone == isGone)
                #expect(error?.currentETag == (answer.contains("ETag: \"b\"") ? ETag("\"b\"") : nil))
            }
        }
    }

    @Test(
        "whether a server honours preconditions is found out",
        arguments: [(412, 412, true, true), (204, 204, false, false), (412, 204, false, true)])
    func preconditions(ifNoneMatch: Int, ifMatch: Int, honoursIfMatch: Bool, honoursIfNoneMatch: Bool) async throws {
        try await ScriptedServer.answering({ reply($0["If-Match"] == nil ? ifNoneMatch : ifMatch) }) { server in
            let support = try await PreconditionProbe(client(server)).support(
                on: path, content: [7], contentType: "application/json")
            #expect(support.honoursIfMatch == honoursIfMatch && support.honoursIfNoneMatch == honoursIfNoneMatch)
            #expect(server.requests.map(\.body) == [[7], [7]])
        }
    }
}
