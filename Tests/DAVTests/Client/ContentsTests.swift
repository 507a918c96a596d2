import Foundation
import HTTP
import TestSupport
import Testing

@testable import DAV

@Suite("Listings with something wrong in them", .timeLimit(.minutes(5)))
struct ContentsTests {
    private let folder = "<d:resourcetype><d:collection/></d:resourcetype>"

    private func client(_ server: ScriptedServer, path: String = "/dav") throws -> DAVClient {
        DAVClient(
            collection: try #require(CollectionURL(server.url + path)), credentials: nil, isNextcloud: true,
            http: HTTPClient())
    }

    private func multi(_ responses: String...) -> String {
        listing(String(decoding: multistatus(responses.joined()), as: UTF8.self))
    }

    @Test("one bad entry costs that entry: its siblings are taken, and it is told; the strict listing is incomplete")
    func badEntry() async throws {
        let bad = "<d:response><d:href>/dav/b</d:href><d:status>HTTP/1.1 503 X</d:status></d:response>"
        let answer = multi(response("/dav/", folder), response("/dav/a", file), bad, response("/dav/c", file))
        try await ScriptedServer.answering({ _ in answer }) { server in
            var paths: [String] = []
            let outcome = try await client(server).contents(of: .root, depth: .one) { paths += $0.map { "\($0.path)" } }
            #expect(paths == ["", "a", "c"])
            #expect(outcome.failures.map(\.path) == [RemotePath("b")] && outcome.failures.first?.status == 503)
            #expect(outcome.namesItself && !outcome.isComplete)
            let error = await davError { try await client(server).list(.root, depth: .one) { _ in } }
            #expect(error?.kind == .incomplete && error?.detail == "b: the server answers 503 for it")
        }
    }

    @Test("the server's clock, an empty ETag, and a listing without the folder itself are told")
    func outcome() async throws {
        let empty = folder + "<d:getetag>\"\"</d:getetag>"
        let body = String(decoding: multistatus(response("/dav/", empty), response("/dav/x/", empty)), as: UTF8.self)
        let answer =
            "HTTP/1.1 207 X\r\nDate: Thu, 26 Nov 2026 18:55:30 GMT\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        try await ScriptedServer.answering({ $0.target == "/dav/" ? answer : multi(response("/dav/a/x", file)) }) {
            server in
            let outcome = try await client(server).contents(of: .root, depth: .one, adding: [.modified, .locks]) { _ in
            }
            #expect(outcome.date != nil && outcome.hasEmptyETag && outcome.collectionsWithEmptyETag.count == 2)
            let asked = String(decoding: server.requests.first?.body ?? [], as: UTF8.self)
            #expect(asked.contains("<d:getlastmodified/>") && asked.contains("<nc:lock/>"))
            let other = try await client(server).contents(of: try #require(RemotePath("a")), depth: .one) { _ in }
            #expect(!other.namesItself && !other.isComplete)
        }
    }

    @Test(
        "a server whose addresses are others than ours is told before anything is inferred",
        arguments: [
            ("/webdav/Root", "/Root/", "the server's addresses lack /webdav"),
            ("/webdav", "/", "the server's addresses lack /webdav"),
            ("/Root", "/internal/Root/", "the server's addresses have /internal in front"),
            ("/a", "/b/", "the server's addresses are others: it calls /a /b"),
        ])
    func prefixes(path: String, href: String, words: String) async throws {
        let answer = multi(response(href, folder), response(href + "x", file))
        try await ScriptedServer.answering({ _ in answer }) { server in
            let client = try client(server, path: path)
            for error in [
                await davError { try await client.contents(of: .root, depth: .one) { _ in } },
                await davError { try await client.etag(of: .root) },
                await davError { try await client.respelledCollection() },
            ] {
                #expect(error?.kind == .wrongAddress && error?.detail.hasPrefix(words) == true)
                #expect(error?.isRetryable == false && error?.concernsServer == true)
            }
        }
    }

    @Test("addresses with another host's name are the same place")
    func internalHost() async throws {
        try await ScriptedServer.answering({ _ in multi(response("http://app:8080/dav/", folder)) }) { server in
            let root = try await client(server).etag(of: .root)
            #expect(root.isCollection)
        }
    }

    @Test("a 207 that is a web page is told as that")
    func webPage() async throws {
        let page = listing("<!DOCTYPE html><html><title>Log in</title></html>")
        try await ScriptedServer.answering({ _ in page }) { server in
            let client = try client(server)
            let listed = await davError { try await client.list(.root, depth: .one) { _ in } }
            #expect(listed?.detail == "a web page (\u{201C}Log in\u{201D}) came instead of a listing")
            let asked = await davError { try await client.etag(of: .root) }
            #expect(asked?.answerer == .webPage(title: "Log in") && asked?.isRetryable == true)
        }
    }

    @Test("no error of a client names an empty path")
    func names() async throws {
        let nextcloud = "/remote.php/dav/files/nids/Observations%20M%C3%A9dia"
        try await ScriptedServer.answering({ _ in "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n" }) { server in
            for (path, name) in [
                ("/dav/x", "dav/x"), (nextcloud, "Observations M\u{E9}dia"), ("", "the account's files"),
                ("/remote.php/dav/files/nids", "the account's files"),
            ] {
                let error = await davError { try await client(server, path: path).list(.root, depth: .one) { _ in } }
                #expect(error?.path == name)
                #expect(error?.description.hasPrefix("listing \u{201C}\(name)\u{201D}: ") == true)
            }
        }
    }

    @Test("the lock's owner is asked for where a file is locked")
    func lock() async throws {
        let body = """
            <d:multistatus xmlns:d="DAV:" xmlns:nc="http://nextcloud.org/ns">\
            \(response("/dav/a", file + "<nc:lock>1</nc:lock><nc:lock-owner>olga</nc:lock-owner>"))</d:multistatus>
            """
        try await ScriptedServer.answering({ _ in listing(body) }) { server in
            let lock = try await client(server).lock(of: try #require(RemotePath("a")))
            #expect(lock.map { "\($0)" } == "olga has locked it")
        }
    }
}
