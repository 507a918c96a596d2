import HTTP
import TestSupport
import Testing

@testable import DAV

@Suite("Downloads that are believed", .timeLimit(.minutes(5)))
struct DownloadTests {
    private let path = RemotePath("jpeg/fiche 1.jpg") ?? .root
    private let listed = BodyExpectation(length: 6, etag: ETag("\"a\""))

    private func client(_ server: ScriptedServer) throws -> DAVClient {
        DAVClient(
            collection: try #require(CollectionURL(server.url + "/dav")), credentials: nil, isNextcloud: true,
            http: HTTPClient())
    }

    private func reply(_ body: String, _ headers: String = "", status: Int = 200) -> String {
        "HTTP/1.1 \(status) X\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// What comes of a download, into a file and into memory.
    private func outcomes(
        _ answer: String, _ expected: BodyExpectation
    ) async throws -> [Result<DownloadOutcome, DAVError>] {
        let folder = try TemporaryDirectory()
        return try await ScriptedServer.answering({ _ in answer }) { server in
            let client = try client(server)
            var results: [Result<DownloadOutcome, DAVError>] = []
            do throws(DAVError) {
                results.append(.success(try await client.get(path, to: folder.file("x"), expecting: expected)))
            } catch { results.append(.failure(error)) }
            do throws(DAVError) {
                results.append(.success(try await client.get(path, limit: 100, expecting: expected).outcome))
            } catch { results.append(.failure(error)) }
            return results
        }
    }

    @Test("what was listed comes with the ETag used, the server's clock and the last modification")
    func whole() async throws {
        let headers = """
            ETag: "a-gzip"\r\nOC-ETag: "a"\r\nDate: Thu, 26 Nov 2026 18:55:30 GMT\r
            Last-Modified: Thu, 26 Nov 2026 18:55:29 GMT\r\n
            """
        for result in try await outcomes(reply("123456", headers), listed) {
            let outcome = try result.get()
            #expect(outcome.etag?.agrees(with: listed.etag) == true && outcome.agreement == .agrees)
            #expect(outcome.length == 6 && outcome.date != nil)
            #expect(!outcome.hasFinalETag)
        }
    }

    @Test("no compression is asked for, which would change the ETag")
    func identity() async throws {
        try await ScriptedServer.answering({ _ in reply("123456") }) { server in
            _ = try await client(server).get(path, limit: 10)
            #expect(server.requests.first?["Accept-Encoding"] == "identity")
        }
    }

    @Test("a web page, half a file or nothing is a passing fault that names file and body")
    func unexpected() async throws {
        let page = "<!DOCTYPE html><html><title>Log in</title></html>"
        for (answer, words) in [
            (
                reply(page, "Content-Type: text/html\r\n"),
                "a web page (\u{201C}Log in\u{201D}) of 49 bytes instead of the file"
            ),
            (reply("123", "ETag: \"a\"\r\n"), "half of it: 3 of 6 bytes"), (reply(""), "nothing: 0 of 6 bytes"),
            (reply("1234567"), "7 bytes where 6 are listed"),
            (reply("123456", "ETag: \"b\"\r\n"), "another version than the one listed (\"b\", listed \"a\")"),
        ] {
            for result in try await outcomes(answer, listed) {
                guard case .failure(let error) = result, case .unexpectedBody = error.kind else {
                    Issue.record("\(result)")
                    continue
                }
                #expect(error.isRetryable && !error.provesAbsence)
                #expect(error.description.hasPrefix("reading \u{201C}jpeg/fiche 1.jpg\u{201D}: \(words)"))
            }
        }
    }

    @Test("a half that ends cleanly, without a length, is noticed too")
    func cleanEnd() async throws {
        try await ScriptedServer.run({ connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\nETag: \"a\"\r\nConnection: close\r\n\r\n123")
        }) { server in
            let error = await davError { try await client(server).get(path, limit: 100, expecting: listed) }
            #expect(error?.kind == .unexpectedBody(.incomplete(bytes: 3, of: 6)))
        }
    }

    @Test("a redirect to a login page of another origin is a passing fault, and nobody goes there")
    func login() async throws {
        try await ScriptedServer.answering({ _ in reply("<html>Log in</html>") }) { elsewhere in
            let redirect = reply("", "Location: \(elsewhere.url)/?rd=secret\r\n", status: 302)
            for result in try await outcomes(redirect, listed) {
                guard case .failure(let error) = result else {
                    Issue.record("\(result)")
                    continue
                }
                #expect(error.kind == .redirected(to: elsewhere.url + "/") && error.isRetryable)
            }
            #expect(elsewhere.requests.isEmpty)
        }
    }

    @Test("a proxy's 404 proves nothing and may pass; Nextcloud's own is an absence")
    func absence() async throws {
        let own = String(decoding: try RecordedExchange.named("get-404").answer, as: UTF8.self)
        for (answer, isProven) in [(own, true), (reply("404 page not found\n", status: 404), false)] {
            for result in try await outcomes(answer, listed) {
                guard case .failure(let error) = result else {
                    Issue.record("\(result)")
                    continue
                }
                #expect(error.kind == .notFound)
                #expect(error.provesAbsence == isProven && error.isRetryable == !isProven)
            }
        }
    }
}
