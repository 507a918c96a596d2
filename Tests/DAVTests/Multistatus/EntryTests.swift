import Foundation
import Testing

@testable import DAV

@Suite("One entry of a listing")
struct EntryTests {
    private func entries(_ responses: String...) throws -> (paths: [String], failures: [FailedEntry]) {
        let parser = try MultistatusParser(collection: try #require(CollectionURL("http://host/dav")))
        let text = """
            <d:multistatus xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns" xmlns:nc="http://nextcloud.org/ns">\
            \(responses.joined())</d:multistatus>
            """
        let resources = try parser.feed(Array(text.utf8))
        try parser.finish()
        return (resources.map { "\($0.path)" }, parser.failures)
    }

    private let folder = "<d:resourcetype><d:collection/></d:resourcetype>"
    private let good = response("/dav/good.jpg", file)

    @Test(
        "that cannot be taken costs itself alone, and says which it is",
        arguments: [
            response("/dav/bad", file, status: "HTTP/1.1 503 Away"), response("/dav/bad", file, status: "nonsense"),
            "<d:response><d:href>/dav/bad</d:href><d:status>HTTP/1.1 403 X</d:status></d:response>",
            "<d:response><d:href>/dav/bad</d:href><d:propstat><d:prop>\(file)</d:prop></d:propstat></d:response>",
            response("/dav/bad", "<d:getetag>\"x\"</d:getetag>"), response("/dav/bad", ""),
            response("/dav/bad", file + "<d:getetag>\"a\"b\"</d:getetag>"),
            response("/dav/bad", file + "<d:getcontentlength>-1</d:getcontentlength>"),
            response("/dav/bad", file + "<d:getcontentlength>99999999999999999999</d:getcontentlength>"),
            response("/dav/bad", file + "<d:getcontentlength>12 kB</d:getcontentlength>"),
            response("/dav/bad", file + "<oc:fileid>\(String(repeating: "1", count: 40_000))</oc:fileid>"),
        ])
    func named(bad: String) throws {
        for (paths, failures) in [try entries(bad, good), try entries(good, bad)] {
            #expect(paths == ["good.jpg"])
            #expect(failures.map(\.path) == [RemotePath("bad")])
            #expect(failures.first?.reason.isEmpty == false)
        }
    }

    @Test(
        "that does not say which it is leaves it open which, and costs no sibling",
        arguments: [
            response("", file), response("/elsewhere/a", file), response("/dav/../a", file),
            response("/dav/a%2Fb", file), response("/dav/a%00", file), "<d:response/>",
            "<d:response><d:href>/dav/a</d:href><d:href>/dav/b</d:href><d:status>HTTP/1.1 500 X</d:status></d:response>",
            response("/dav/" + String(repeating: "x", count: 40_000), file),
        ])
    func unnamed(bad: String) throws {
        let (paths, failures) = try entries(good, bad)
        #expect(paths == ["good.jpg"])
        #expect(failures.map(\.path) == [nil])
    }

    @Test("a folder that lists itself as its own child is not gone into")
    func ownChild() throws {
        let (paths, failures) = try entries(
            response("/dav/a/", folder + "<oc:fileid>7</oc:fileid>"),
            response("/dav/a/b/", folder + "<oc:fileid>8</oc:fileid>"),
            response("/dav/a/b/loop/", folder + "<oc:fileid>7</oc:fileid>"))
        #expect(paths == ["a", "a/b"])
        #expect(failures.map(\.path) == [RemotePath("a/b/loop")])
    }

    @Test("folders of one file id beside each other are two shares of one folder")
    func siblings() throws {
        let (paths, failures) = try entries(
            response("/dav/a/", folder + "<oc:fileid>7</oc:fileid>"),
            response("/dav/b/", folder + "<oc:fileid>7</oc:fileid>"))
        #expect(paths == ["a", "b"] && failures.isEmpty)
    }

    @Test("a folder that lists itself for ever under new paths ends at a depth")
    func tooDeep() throws {
        let deep = String(repeating: "x/", count: ListingOrder.maximumDepth)
        let (paths, failures) = try entries(response("/dav/" + deep, folder), response("/dav/\(deep)x/", folder))
        #expect(paths.count == 1 && failures.count == 1)
    }

    @Test("an empty ETag is told from none", arguments: [("&quot;&quot;", true), ("", true), ("W/\"\"", true)])
    func emptyETag(text: String, isEmpty: Bool) throws {
        let (resources, _) = try parse(multistatus(response("/dav/a/", folder + "<d:getetag>\(text)</d:getetag>")))
        #expect(resources.first?.etag == nil && resources.first?.hasEmptyETag == isEmpty)
        #expect(try parse(multistatus(response("/dav/a/", folder))).resources.first?.hasEmptyETag == false)
    }

    @Test("modification time and lock are read as Nextcloud 34 gives them")
    func furtherProperties() throws {
        let text = """
            \(file)<d:getlastmodified>Sun, 13 Sep 2020 12:26:40 GMT</d:getlastmodified><nc:lock>1</nc:lock>\
            <nc:lock-owner>owner</nc:lock-owner><nc:lock-owner-displayname>Olga</nc:lock-owner-displayname>\
            <nc:lock-owner-editor>text</nc:lock-owner-editor><nc:lock-time>1795719330</nc:lock-time>
            """
        let parser = try MultistatusParser(collection: try #require(CollectionURL("http://host/dav")))
        let document =
            "<d:multistatus xmlns:d=\"DAV:\" xmlns:nc=\"http://nextcloud.org/ns\">"
            + response("/dav/a", text) + response("/dav/b", file + "<nc:lock/>") + "</d:multistatus>"
        let resources = try parser.feed(Array(document.utf8))
        #expect(resources.first?.lastModified == Date(timeIntervalSince1970: 1_600_000_000))
        let lock = ResourceLock(
            owner: "owner", ownerName: "Olga", editor: "text", since: Date(timeIntervalSince1970: 1_795_719_330))
        #expect(resources.first?.lock == lock)
        #expect("\(lock)" == "Olga has it open in the editor text")
        #expect(resources.last?.lock == nil)
    }

    @Test("more failures than any server means are kept to a number, and leave everything open")
    func manyFailures() throws {
        let parser = try MultistatusParser(collection: try #require(CollectionURL("http://host/dav")))
        let bad = response("/dav/x", "")
        let text = "<d:multistatus xmlns:d=\"DAV:\">" + String(repeating: bad, count: 10_050) + "</d:multistatus>"
        _ = try parser.feed(Array(text.utf8))
        #expect(parser.failures.count == 10_001 && parser.failures.last?.path == nil)
    }
}

@Suite("What a whole listing proves")
struct ListingOutcomeTests {
    private func path(_ text: String) throws -> RemotePath { try #require(RemotePath(text)) }

    @Test("an absence, but of what failed, of what may be behind an unknown entry or below an empty ETag")
    func absence() throws {
        let missing = try path("a/b.jpg")
        #expect(ListingOutcome().provesAbsence(of: missing))
        #expect(!ListingOutcome(namesItself: false).provesAbsence(of: missing))
        for (failed, proves) in [("a/b.jpg", false), ("a", false), ("a/c.jpg", true), ("a/b.jp", true)] {
            let failure = FailedEntry(path: try path(failed), reason: "x")
            #expect(ListingOutcome(failures: [failure]).provesAbsence(of: missing) == proves)
        }
        #expect(!ListingOutcome(failures: [FailedEntry(path: nil, reason: "x")]).provesAbsence(of: missing))
        #expect(!ListingOutcome(collectionsWithEmptyETag: [try path("a")]).provesAbsence(of: missing))
        #expect(ListingOutcome(collectionsWithEmptyETag: [try path("b")]).provesAbsence(of: missing))
    }
}
