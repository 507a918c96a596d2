import Testing

@testable import DAV

@Suite("Multistatus")
struct MultistatusParserTests {
    @Test("all properties that are asked for")
    func properties() throws {
        let (resources, problems) = try parse(
            multistatus(
                response(
                    "/dav/", "<d:resourcetype><d:collection/></d:resourcetype><oc:permissions>RGDNVCK</oc:permissions>"),
                response(
                    "/dav/a.jpg",
                    "<d:getetag>&quot;e&quot;</d:getetag>\(file)<d:getcontentlength> 12 </d:getcontentlength><oc:fileid>7</oc:fileid>"
                )))
        var collection = Resource(path: .root)
        collection.isCollection = true
        collection.permissions = "RGDNVCK"
        var scan = Resource(path: try #require(RemotePath("a.jpg")))
        scan.etag = ETag("\"e\"")
        scan.length = 12
        scan.fileID = "7"
        #expect(resources == [collection, scan])
        #expect(problems.isEmpty)
    }

    @Test(
        "entity tags as servers write them",
        arguments: [
            ("&quot;a&quot;", "a", false), ("\"a\"", "a", false), ("&#34;a&#x22;", "a", false),
            ("W/&quot;a&quot;", "a", true),
            ("<![CDATA[\"a\"]]>", "a", false), ("\n a \n", "a", false),
        ])
    func tags(text: String, value: String, isWeak: Bool) throws {
        let (resources, _) = try parse(multistatus(response("/dav/a", file + "<d:getetag>\(text)</d:getetag>")))
        #expect(resources.first?.etag?.value == value)
        #expect(resources.first?.etag?.isWeak == isWeak)
    }

    @Test("an empty tag is none", arguments: ["", "&quot;&quot;", "\"\"", " "])
    func noTag(text: String) throws {
        let (resources, problems) = try parse(multistatus(response("/dav/a", file + "<d:getetag>\(text)</d:getetag>")))
        #expect(resources.count == 1)
        #expect(resources.first?.etag == nil)
        #expect(problems.isEmpty)
    }

    @Test("each propstat is judged by its own status")
    func propstats() throws {
        let text = """
            <d:response><d:href>/dav/a</d:href>\
            <d:propstat><d:prop><d:getetag>"wrong"</d:getetag><oc:fileid>9</oc:fileid></d:prop><d:status>HTTP/1.1 403 No</d:status></d:propstat>\
            <d:propstat><d:prop><d:getetag>"right"</d:getetag><d:resourcetype/></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>\
            <d:propstat><d:status>HTTP/1.1 404 Not Found</d:status><d:prop><d:getcontentlength>5</d:getcontentlength>\
            <d:resourcetype><d:collection/></d:resourcetype></d:prop></d:propstat>\
            <d:propstat><d:prop><oc:permissions>x</oc:permissions></d:prop><d:status>nonsense</d:status></d:propstat></d:response>
            """
        let resource = try #require(try parse(multistatus(text)).resources.first)
        #expect(resource.etag?.value == "right")
        #expect(!resource.isCollection)
        #expect(resource.fileID == nil && resource.length == nil && resource.permissions == nil)
    }

    @Test("other prefixes and a default namespace mean the same, other namespaces do not")
    func namespaces() throws {
        let plain = """
            <multistatus xmlns="DAV:"><response><href>/dav/a</href><propstat><prop><resourcetype><collection/></resourcetype>\
            <x:getetag xmlns:x="urn:x">"no"</x:getetag></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>
            """
        let resource = try #require(try parse(plain.utf8).resources.first)
        #expect(resource.isCollection)
        #expect(resource.etag == nil)
        let foreign = plain.replacing("xmlns=\"DAV:\"", with: "xmlns=\"DAV\"")
        #expect(throws: XMLPushError.self) { try parse(foreign.utf8) }
    }

    @Test("what is below a property of another kind is not taken for one of ours")
    func nested() throws {
        let text =
            "<oc:x><d:getetag>\"no\"</d:getetag><d:href>/dav/no</d:href></oc:x>\(file)<d:lockdiscovery><d:href>/dav/b</d:href></d:lockdiscovery>"
        let (resources, problems) = try parse(multistatus(response("/dav/a", text)))
        #expect(resources.map(\.path) == [RemotePath("a")])
        #expect(resources.first?.etag == nil)
        #expect(problems.isEmpty)
    }

    @Test(
        "a response that failed is a problem, and no resource",
        arguments: ["HTTP/1.1 404 Not Found", "HTTP/1.1 507 Full", "x", ""])
    func responseStatus(status: String) throws {
        let text = "<d:response><d:href>/dav/b</d:href><d:status>\(status)</d:status></d:response>"
        let (resources, problems) = try parse(multistatus(response("/dav/a", file), text))
        #expect(resources.map(\.path) == [RemotePath("a")])
        #expect(problems.count == 1)
    }

    @Test("an error inside is a problem")
    func error() throws {
        let text = "<d:error><s:message xmlns:s=\"http://sabredav.org/ns\">Oh</s:message></d:error>"
        #expect(try parse(multistatus(response("/dav/a", file), text)).problems.count == 1)
    }

    @Test("a place outside, or of unknown kind, is a problem and no resource")
    func outside() throws {
        let (resources, problems) = try parse(
            multistatus(
                response("/elsewhere/a", file), response("/dav/../a", file),
                response("/dav/a", "<d:getetag>\"x\"</d:getetag>"),
                response("/dav/b", file, status: "HTTP/1.1 403 Forbidden"), "<d:response/>"))
        #expect(resources.isEmpty)
        #expect(problems.count == 5)
    }

    @Test(
        "other documents are no multistatus",
        arguments: [
            "<html/>", "<d:error xmlns:d=\"DAV:\"/>", "<d:prop xmlns:d=\"DAV:\"/>", "", "   ", "not XML",
            "<multistatus/>",
            "<a><d:multistatus xmlns:d=\"DAV:\"/></a>",
        ])
    func otherDocuments(text: String) {
        #expect(throws: XMLPushError.self) { try parse(text.utf8) }
    }

    @Test("a listing of 12 MB streams through, with memory for a piece alone")
    func large() throws {
        let collection = try #require(CollectionURL("http://host/dav"))
        let parser = try MultistatusParser(collection: collection)
        let whole = multistatus()
        let end = Array("</d:multistatus>".utf8)
        _ = try parser.feed(Array(whole.dropLast(end.count)))
        let padding = String(repeating: "é ", count: 400)
        let one = Array(response("/dav/a", file + "<oc:x>\(padding)</oc:x>").utf8)
        let piece = Array(repeatElement(one, count: 100).joined())
        var (bytes, count) = (0, 0)
        while bytes < 12 << 20 {
            count += try parser.feed(piece).count
            bytes += piece.count
        }
        _ = try parser.feed(end)
        try parser.finish()
        #expect(count == bytes / one.count)
        #expect(parser.failures.isEmpty)
    }
}
