import Foundation
import HTTP
import NextcloudStandIn
import TestSupport
import Testing

@Suite("Properties that clients set")
struct PropertyTests {
    private func patch(_ bench: Bench, _ path: String, _ instructions: String) async throws -> String {
        let body = "<d:propertyupdate xmlns:d=\"DAV:\" xmlns:n=\"urn:n\">\(instructions)</d:propertyupdate>"
        let reply = try await bench.send("PROPPATCH", path, body: Array(body.utf8))
        #expect(reply.status == 207)
        return reply.text
    }

    /// The value of `urn:n`'s property `p`; nil where there is none.
    private func value(_ bench: Bench, _ path: String) async throws -> String? {
        let body = "<d:propfind xmlns:d=\"DAV:\"><d:prop><p xmlns=\"urn:n\"/></d:prop></d:propfind>"
        let reply = try await bench.send("PROPFIND", path, ["Depth": "0"], body: Array(body.utf8))
        let found = try #require(reply.text.firstMatch(of: /<x1:p xmlns:x1="urn:n"(?:\/>|>(.*)<\/x1:p>)/))
        return reply.text.contains("404 Not Found") ? nil : found.output.1.map { String($0) } ?? ""
    }

    @Test("they are kept, follow a copy and a move, outlive the process, and vanish with their resource")
    func keeping() async throws {
        let store = try TemporaryDirectory()
        try await Bench.run(over: store.path) { bench in
            try bench.standIn.put("a", text: "1")
            let etag = try bench.standIn.etag(of: "a")
            let set = "<d:set><d:prop><n:p>x &amp; <q:r xmlns:q=\"urn:q\" z=\"1\">y</q:r></n:p></d:prop></d:set>"
            #expect(try await patch(bench, "a", set).contains("200 OK"))
            let kept = "x &amp; <r xmlns=\"urn:q\" z=\"1\">y</r>"
            #expect(try await value(bench, "a") == kept)
            #expect(try bench.standIn.etag(of: "a") == etag)
            try bench.standIn.copy("a", to: "b")
            try bench.standIn.move("a", to: "c")
            #expect(try await value(bench, "b") == kept)
            #expect(try await value(bench, "c") == kept)
            try bench.standIn.delete("c")
            try bench.standIn.put("c", text: "2")
            #expect(try await value(bench, "c") == nil)
        }
        try await Bench.run(over: store.path) { bench in
            #expect(try await value(bench, "b")?.hasPrefix("x &amp; ") == true)
            _ = try await patch(bench, "b", "<d:remove><d:prop><n:p/></d:prop></d:remove>")
            #expect(try await value(bench, "b") == nil)
        }
    }

    @Test("one that only the server may set is refused, and then none of the request is set")
    func refusing() async throws {
        try await Bench.run { (bench: Bench) async throws in
            try bench.standIn.put("a", text: "1")
            let text = try await patch(
                bench, "a", "<d:set><d:prop><n:p>1</n:p><d:getetag>x</d:getetag></d:prop></d:set>")
            #expect(text.contains("<d:getetag/></d:prop><d:status>HTTP/1.1 403 Forbidden"))
            #expect(text.contains("424 Failed Dependency"))
            #expect(try await value(bench, "a") == nil)
        }
    }

    @Test("MKCOL takes an extended body, and refuses one that is no XML or says no type")
    func extendedCollections() async throws {
        try await Bench.run { (bench: Bench) async throws in
            let type = "<d:resourcetype><d:collection/></d:resourcetype>"
            func make(_ name: String, _ body: String, _ type: String) async throws -> Int {
                try await bench.send("MKCOL", name, ["Content-Type": type], body: Array(body.utf8)).status
            }
            func document(_ prop: String) -> String {
                "<d:mkcol xmlns:d=\"DAV:\"><d:set><d:prop>\(prop)</d:prop></d:set></d:mkcol>"
            }
            #expect(try await make("a", "hello", "text/plain") == 415)
            #expect(try await make("b", document(""), "application/xml") == 400)
            #expect(try await make("c", document(type), "text/xml; charset=utf-8") == 201)
            #expect(try bench.standIn.paths() == ["c/"])
        }
    }
}
