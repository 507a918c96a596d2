import HTTP
import TestSupport
import Testing

@testable import DAV

@Suite("Whether a resource is there", .timeLimit(.minutes(5)))
struct PresenceTests {
    private let path = RemotePath("a/b.json") ?? .root
    private let folder = "<d:resourcetype><d:collection/></d:resourcetype>"

    private func client(_ server: ScriptedServer, isNextcloud: Bool) throws -> DAVClient {
        DAVClient(
            collection: try #require(CollectionURL(server.url + "/dav")), credentials: nil, isNextcloud: isNextcloud,
            http: HTTPClient())
    }

    private func multi(_ responses: String...) -> String {
        listing(
            "<d:multistatus xmlns:d=\"DAV:\" xmlns:oc=\"http://owncloud.org/ns\">\(responses.joined())</d:multistatus>")
    }

    private static let own = """
        <d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns"><s:exception>Sabre\\DAV\\Exception\\NotFound</s:exception>\
        </d:error>
        """
    private static let foreign = "404 page not found"

    private func absent(_ body: String) -> String {
        "HTTP/1.1 404 X\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// What comes of it on a server that answers so by place; what is not named answers 404 with that body.
    private func presence(
        isNextcloud: Bool, notFound: String, rootID: String? = nil, _ answers: [String: String]
    ) async throws -> Presence {
        let other = absent(notFound)
        return try await ScriptedServer.answering({ answers[$0.target] ?? other }) { server in
            try await PresenceProbe(client(server, isNextcloud: isNextcloud)).presence(of: path, rootID: rootID)
        }
    }

    private func isUnknown(_ presence: Presence) -> Bool {
        if case .unknown = presence { return true }
        return false
    }

    @Test("Nextcloud's own 404 and a listing that lacks it are an absence, in a root that is the one known")
    func nextcloud() async throws {
        let root = multi(response("/dav/", folder + "<oc:fileid>7</oc:fileid>"))
        #expect(try await presence(isNextcloud: true, notFound: Self.own, ["/dav/": root]) == .absent)
        #expect(try await presence(isNextcloud: true, notFound: Self.own, rootID: "7", ["/dav/": root]) == .absent)
        let other = try await presence(isNextcloud: true, notFound: Self.own, rootID: "8", ["/dav/": root])
        #expect(isUnknown(other))
        #expect(isUnknown(try await presence(isNextcloud: true, notFound: Self.own, [:])))
        #expect(isUnknown(try await presence(isNextcloud: true, notFound: Self.foreign, ["/dav/": root])))
    }

    @Test("a storage that is away answers 404 in Nextcloud's own words, also for its folder: that leaves it open")
    func away() async throws {
        let (full, empty) = (folder + "<d:getetag>\"e\"</d:getetag>", folder + "<d:getetag>\"\"</d:getetag>")
        let root = multi(response("/dav/", full), response("/dav/a/", empty))
        for answers in [
            ["/dav/": root, "/dav/a/": multi(response("/dav/a/", empty))], ["/dav/": root],
            ["/dav/": multi(response("/dav/", empty))],
        ] {
            #expect(isUnknown(try await presence(isNextcloud: true, notFound: Self.own, answers)))
        }
        let present = ["/dav/": root, "/dav/a/": multi(response("/dav/a/", full))]
        #expect(try await presence(isNextcloud: true, notFound: Self.own, present) == .absent)
    }

    @Test("an empty ETag further above leaves it open too")
    func awayAbove() async throws {
        let (full, empty) = (folder + "<d:getetag>\"e\"</d:getetag>", folder + "<d:getetag>\"\"</d:getetag>")
        let deep = try #require(RemotePath("a/b/c.json"))
        for (above, isAbsent) in [(full, true), (empty, false)] {
            let answers = [
                "/dav/a/": multi(response("/dav/a/", above)), "/dav/a/b/": multi(response("/dav/a/b/", full)),
            ]
            let other = absent(Self.own)
            try await ScriptedServer.answering({ answers[$0.target] ?? other }) { server in
                let found = try await PresenceProbe(client(server, isNextcloud: true)).presence(of: deep)
                #expect((found == .absent) == isAbsent)
            }
        }
    }

    @Test("on a plain server the listing of the nearest folder above proves it")
    func plain() async throws {
        let above = multi(response("/dav/a/", folder), response("/dav/a/c.json", file))
        #expect(try await presence(isNextcloud: false, notFound: Self.foreign, ["/dav/a/": above]) == .absent)
        let root = multi(response("/dav/", folder))
        #expect(try await presence(isNextcloud: false, notFound: Self.foreign, ["/dav/": root]) == .absent)
    }

    @Test("a listing that names it, fails, or has an entry of its own that is bad, proves nothing")
    func contradictions() async throws {
        for above in [
            multi(response("/dav/a/", folder), response("/dav/a/b.json", file)),
            multi(response("/dav/a/", folder), response("/dav/a/b.json", "")),
            multi(response("/dav/a/", folder), "<d:response/>"),
            multi(response("/dav/a/", folder + "<d:getetag>\"\"</d:getetag>")), multi(response("/dav/a/x", file)),
            "HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n", listing("<html></html>"),
        ] {
            #expect(isUnknown(try await presence(isNextcloud: false, notFound: Self.foreign, ["/dav/a/": above])))
        }
        #expect(isUnknown(try await presence(isNextcloud: false, notFound: Self.foreign, [:])))
    }

    @Test("what is there is there")
    func present() async throws {
        let answer = multi(response("/dav/a/b.json", file))
        guard case .present(let found) = try await presence(isNextcloud: true, notFound: "", ["/dav/a/b.json": answer])
        else {
            Issue.record("not found")
            return
        }
        #expect(found.path == path)
    }
}
