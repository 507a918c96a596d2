import Testing

@testable import DAV

@Suite("Collection URLs")
struct CollectionURLTests {
    private func resource(_ href: String, in url: String = "https://host/dav/files/u") throws -> RemotePath? {
        try #require(CollectionURL(url)).resource(href: href.utf8)
    }

    @Test(
        "hrefs are read in all the ways they are written",
        arguments: [
            ("/dav/files/u/a.jpg", "a.jpg"), ("/dav/files/u/", ""), ("/dav/files/u", ""), ("/dav/files/u/a/", "a"),
            ("https://host/dav/files/u/a", "a"), ("http://other:8080/dav/files/u/a", "a"),
            ("HTTPS://HOST/dav/files/u/a", "a"),
            ("/dav/files/u/%c3%a9", "é"), ("/dav/files/u/%C3%A9", "é"), ("/dav/files/u/é", "é"),
            ("/d%61v/f%69les/u/x", "x"),
            ("/dav/files/u/a%20b%23c%3fd", "a b#c?d"), ("/dav/files/u/a+b", "a+b"), ("/dav/files/u/100%", "100%"),
            ("/dav/files/u/%2541", "%41"), ("/dav/files/u/a%3A%2b", "a:+"),
        ])
    func hrefs(href: String, path: String) throws {
        #expect(try resource(href)?.bytes == Array(path.utf8))
    }

    @Test(
        "hrefs that lie elsewhere, or may, are not taken",
        arguments: [
            "/dav/files/u2/a", "/dav/files/", "/dav/files", "/", "", "a.jpg", "u/a.jpg", "/DAV/files/u/a",
            "/dav/files/u/../v/a",
            "/dav/files/u/%2e%2e/v", "/dav/files/u/a%2Fb", "/dav/files/u/a%2fb", "/dav/files%2Fu/a", "/dav/files/u//a",
            "/dav/files/u/a//b", "/dav/files/u/a%00b", "/dav/files/u/./a", "//dav/files/u/a", "https://host",
            "https://host/",
            "/x://h/dav/files/u/a", "/v/x://h/dav/files/u/a", "javascript:/dav/files/u/a",
        ])
    func elsewhere(href: String) throws { #expect(try resource(href) == nil) }

    @Test("a collection that is the host's root holds everything there")
    func hostRoot() throws {
        for url in ["http://host", "http://host/"] {
            #expect(try resource("/a/b", in: url) == RemotePath("a/b"))
            #expect(try resource("/", in: url) == .root)
            #expect(try resource("//other/a", in: url) == nil)
            let collection = try #require(CollectionURL(url))
            #expect(collection.url(of: .root, isCollection: true) == "http://host/")
            #expect(collection.url(of: .root) == "http://host/")
            #expect(collection.url(of: try #require(RemotePath("a b"))) == "http://host/a%20b")
        }
    }

    @Test("what goes out comes back", arguments: ["é", "e\u{301}", "a b#c%d?e&f;g+h'i\"j", "日本/🐦.jpg", "%2F", "a:b"])
    func roundTrip(name: String) throws {
        let collection = try #require(CollectionURL("https://host:8443/sub/d%C3%A9p%C3%B4t/"))
        let path = try #require(RemotePath(name))
        let url = collection.url(of: path)
        #expect(url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        #expect(collection.resource(href: url.utf8) == path)
        #expect(collection.resource(href: url.utf8.dropFirst("https://host:8443".utf8.count)) == path)
    }

    @Test(
        "a URL is read with what may stand in it",
        arguments: [
            ("https://host/a/b/", "https://host", "/a/b"), ("https://host/a%20b?x=/y#/z", "https://host", "/a b"),
            ("http://[::1]:8080/é", "http://[::1]:8080", "/é"), ("https://host?x", "https://host", ""),
            ("https://host#/x", "https://host", ""),
        ])
    func reading(url: String, origin: String, path: String) throws {
        let collection = try #require(CollectionURL(url))
        #expect(collection.origin == origin)
        #expect(collection.path == Array(path.utf8))
    }

    @Test(
        "what is no http URL, or holds a login, is none",
        arguments: [
            "", "host/a", "/a", "https://", "https:///a", "https://u:p@host/a", "ftp://host/a", "file:///etc",
            "https://host/../a",
            "https://host/a//b", "://host/a", "javascript://host/a",
        ])
    func refused(url: String) { #expect(CollectionURL(url) == nil) }

    @Test("the server's own spelling is taken over where it is the same text")
    func respelling() throws {
        let typed = try #require(CollectionURL("https://host/dav/De\u{301}po\u{302}t"))
        let spelled = try #require(typed.respelled(Array("/dav/D\u{E9}p\u{F4}t/".utf8)))
        #expect(spelled.url(of: .root) == "https://host/dav/D%C3%A9p%C3%B4t")
        #expect(typed.respelled(Array("/dav/Depot/".utf8)) == nil)
        #expect(typed.respelled([]) == nil)
    }
}
