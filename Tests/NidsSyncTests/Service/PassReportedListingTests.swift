import Foundation
import HTTP
import HTTPTypes
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("What people report of listings")
struct PassReportedListingTests {
    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    /// A listing as the server gives it now.
    private func listing(_ bench: PassBench, of path: String, depth: String) async throws -> String {
        let place = path.split(separator: "/").map { $0.replacing(" ", with: "%20") }.joined(separator: "/")
        let properties =
            "<d:getetag/><d:resourcetype/><d:getcontentlength/><d:getlastmodified/><o:fileid/><o:permissions/>"
        let body =
            #"<d:propfind xmlns:d="DAV:" xmlns:o="http://owncloud.org/ns"><d:prop>"# + properties
            + "</d:prop></d:propfind>"
        var fields: HTTPFields = [.authorization: "Basic " + Data("anne:pw".utf8).base64EncodedString()]
        fields[try #require(HTTPField.Name("Depth"))] = depth
        let request = try HTTPRequest(
            try #require(HTTPRequest.Method("PROPFIND")),
            url: "\(bench.standIn.url)/remote.php/dav/files/anne/\(place)/", headers: fields)
        let reply = try await HTTPClient().send(request, body: .bytes(Array(body.utf8)), limit: 1 << 20)
        try #require(reply.status == 207)
        return String(decoding: reply.body, as: UTF8.self)
    }

    private func answer(_ listing: String) -> Fault.Effect {
        .status(207, headers: ["Content-Type": "application/xml; charset=utf-8"], body: listing)
    }

    @Test("a file that every listing names twice, once as not found, is there", arguments: [true, false])
    func namedTwice(comesFirst: Bool) async throws {
        try await PassBench.with { bench in
            for name in ["a", "b"] { try bench.putScan("jpeg/\(name).jpg", name) }
            _ = try await bench.pass()
            let rows = try await bench.rows()
            try bench.putScan("jpeg/c.jpg", "c")
            let ghost =
                "<d:response><d:href>/remote.php/dav/files/anne/Observations%20Media/jpeg/a.jpg</d:href>"
                + "<d:status>HTTP/1.1 404 Not Found</d:status></d:response>"
            for (path, depth) in [(PassBench.root, "infinity"), (root("jpeg"), "1")] {
                let real = try await listing(bench, of: path, depth: depth)
                let end = try #require(real.range(of: comesFirst ? "<d:response>" : "</d:multistatus>"))
                let text = real.replacingCharacters(in: end.lowerBound..<end.lowerBound, with: ghost)
                bench.standIn.addFault(
                    Fault(method: "PROPFIND", path: path, depth: depth, times: nil, effect: answer(text)))
            }
            var published = 0
            for _ in 0..<3 {
                bench.advance(.seconds(60))
                let summary = try await bench.pass(settings: ["NIDS_NEXTCLOUD_FULL_CHECK_INTERVAL": "1s"])
                #expect((summary.withdrawn, summary.failures.count) == (0, 0))
                published += summary.published
            }
            #expect(published == 1)
            #expect(Set(try await bench.rows()).isSuperset(of: rows))
        }
    }

    @Test("a server that lists what lies deeper than was asked for shows nothing twice")
    func deeperThanAsked() async throws {
        try await PassBench.with { bench in
            for path in ["jpeg/a.jpg", "jpeg/lot/b.jpg", "jpeg/lot/seconde/c.jpg"] { try bench.putScan(path, path) }
            bench.standIn.conditions.infinityRefusal = .status(403)
            _ = try await bench.pass()
            for (path, content) in [("jpeg/lot/d.jpg", "d"), ("jpeg/e.jpg", "e")] { try bench.putScan(path, content) }
            bench.standIn.conditions.infinityRefusal = nil
            for path in [PassBench.root, root("jpeg"), root("jpeg/lot")] {
                let deep = try await listing(bench, of: path, depth: "infinity")
                bench.standIn.addFault(Fault(method: "PROPFIND", path: path, depth: "1", effect: answer(deep)))
            }
            bench.standIn.conditions.infinityRefusal = .status(403)
            let summary = try await bench.pass()
            #expect((summary.discovered, summary.published, summary.status) == (5, 2, .success))
            try bench.standIn.delete(root("jpeg/lot/b.jpg"))
            _ = try await bench.pass()
            #expect(try await bench.pass().withdrawn == 1)
            #expect(bench.engine.callCount == 5)
            #expect(try await bench.rows().count == 4)
        }
    }

    @Test("a server that gives a moved folder's files other ETags costs downloads, and neither requests nor edits")
    func otherETagsAfterAMove() async throws {
        try await PassBench.with { bench in
            for name in ["a", "b"] { try bench.putScan("jpeg/lot/\(name).jpg", name) }
            _ = try await bench.pass()
            try bench.standIn.put(bench.resultPath("jpeg/lot/b.jpg"), text: ScriptedEngine.answer("à la main"))
            _ = try await bench.pass()
            let rows = try await bench.rows()
            try bench.standIn.move(root("jpeg/lot"), to: root("jpeg/lot neuf"))
            for name in ["a", "b"] { try bench.putScan("jpeg/lot neuf/\(name).jpg", name) }
            for _ in 0..<3 {
                bench.advance(.seconds(60))
                #expect(try await bench.pass().transcribed == 0)
            }
            #expect(Set(try await bench.rows()) == Set(rows.map { $0.replacing("jpeg/lot/", with: "jpeg/lot neuf/") }))
            #expect(bench.engine.callCount == 2)
        }
    }
}
