import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("one pass")
struct OncePassTests {
    @Test("three sheets become three results in their places; the second pass is one request")
    func threeSheets() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans(
                "jpeg/FUSION_FULL/fiche 25FINAL.jpg", "jpeg/TRI_ANCIEN/fiche 26FINAL.jpg", "pdf/fiche 27.jpg")
            let scans = try site.cloud.others()

            let first = try await site.run("--once", "--json")
            first.expect(status: 0)
            #expect(try first.count("discovered") == 3)
            #expect(try first.count("transcribed") == 3)
            #expect(try first.count("published") == 3)
            #expect(try first.count("recorded") == 3)
            #expect(try first.count("failed") == 0)
            #expect(try first.count("waiting") == 0)
            #expect(try first.count("http_requests") == site.cloud.requestCount)
            let results = try site.cloud.results()
            #expect(
                results.keys.map { String(decoding: $0, as: UTF8.self) }.sorted() == [
                    "\(site.root)/transcription_results/.nids-sync.json",
                    site.resultPath("fiche 25FINAL", in: "jpeg/FUSION_FULL"),
                    site.resultPath("fiche 26FINAL", in: "jpeg/TRI_ANCIEN"),
                    site.resultPath("fiche 27", in: "pdf"),
                ])
            try expectResults(results, from: site.cloud.others())
            #expect(site.model.calls.count == 3)

            let before = site.cloud.requestCount
            let second = try await site.run("--once", "--json")
            second.expect(status: 0)
            #expect(try second.count("http_requests") == 1)
            #expect(site.cloud.requestCount - before == 1)
            #expect(site.cloud.requests.last?.method == "PROPFIND")
            #expect(try second.count("unchanged") == 3)
            #expect(try second.count("transcribed") == 0)
            #expect(site.model.calls.count == 3)
            #expect(try site.cloud.results() == results)
            #expect(try site.cloud.others() == scans)
        }
    }

    @Test("the same on Apache, a plain WebDAV server", .enabled(if: ApacheServer.isInstalled))
    func apache() async throws {
        try await Site<ApacheCloud>.run { site in
            try site.putScans(
                "jpeg/FUSION_FULL/fiche 25FINAL.jpg", "jpeg/TRI_ANCIEN/fiche 26FINAL.jpg", "pdf/fiche 27.jpg")
            let scans = try site.cloud.others()

            let first = try await site.run("--once", "--json")
            first.expect(status: 0)
            #expect(try first.count("transcribed") == 3)
            #expect(try first.count("published") == 3)
            #expect(try first.count("recorded") == 3)
            #expect(try first.count("http_requests") == site.cloud.requestCount)
            let results = try site.cloud.results()
            #expect(results.count == 4)
            try expectResults(results, from: scans)

            let before = site.cloud.requestCount
            let second = try await site.run("--once", "--json")
            second.expect(status: 0)
            #expect(try second.count("unchanged") == 3)
            #expect(try second.count("transcribed") == 0)
            #expect(try second.count("published") == 0)
            #expect(try second.count("recorded") == 0)
            #expect(try second.count("http_requests") == site.cloud.requestCount - before)
            #expect(site.model.calls.count == 3)
            #expect(try site.cloud.results() == results)
            #expect(try site.cloud.others() == scans)
        }
    }

    @Test(
        "many new folders at once on Apache: nobody's folder is in anybody's way",
        .enabled(if: ApacheServer.isInstalled))
    func manyFolders() async throws {
        try await Site<ApacheCloud>.run { site in
            // As wide as the uploads, and deep, so that the same folder is made from several sides.
            try site.putScans((1...12).map { "jpeg/a/b/c/d\($0)/e/scan \($0).jpg" })
            let outcome = try await site.run("--once", "--json")
            outcome.expect(status: 0)
            #expect(try outcome.count("published") == 12)
        }
    }

    @Test("--path works below that folder alone, and the rest comes later")
    func path() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans(
                "jpeg/TRI_ANCIEN/a.jpg", "jpeg/TRI_ANCIEN/sub/b.jpg", "jpeg/TRI_ANCIEN_2/c.jpg", "pdf/d.jpg")
            let first = try await site.run("--once", "--json", "--path", "jpeg/TRI_ANCIEN")
            first.expect(status: 0)
            #expect(try first.count("transcribed") == 2)
            #expect(try site.cloud.bytes(at: site.resultPath("a", in: "jpeg/TRI_ANCIEN")) != nil)
            #expect(try site.cloud.bytes(at: site.resultPath("b", in: "jpeg/TRI_ANCIEN/sub")) != nil)
            #expect(try site.cloud.bytes(at: site.resultPath("c", in: "jpeg/TRI_ANCIEN_2")) == nil)

            let rest = try await site.run("--once", "--json")
            rest.expect(status: 0)
            #expect(try rest.count("transcribed") == 2)
            #expect(site.model.calls.count == 4)
        }
    }

    @Test("--path takes a slash at the end; a folder that is not there is said")
    func pathSpellings() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/été/a.jpg", "jpeg/b.jpg")
            let nothing = try await site.run("--once", "--json", "--path", "jpeg/nulle part")
            nothing.expect(status: 64)
            #expect(nothing.text.contains("jpeg/nulle part"))
            // As a Mac's terminal may give it.
            let some = try await site.run("--once", "--json", "--path", "jpeg/e\u{301}te\u{301}/")
            some.expect(status: 0)
            #expect(try some.count("transcribed") == 1)
        }
    }

    @Test("--limit works on so many sheets; the others wait")
    func limit() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg", "jpeg/c.jpg", "jpeg/d.jpg", "jpeg/e.jpg")
            let first = try await site.run("--once", "--json", "--limit", "2")
            first.expect(status: 0)
            #expect(try first.count("transcribed") == 2)
            #expect(try first.count("published") == 2)
            #expect(try first.count("waiting") == 3)
            #expect(site.model.calls.count == 2)
            let second = try await site.run("--once", "--json", "--limit", "2")
            #expect(try second.count("transcribed") == 2)
            #expect(try second.count("waiting") == 1)
            let rest = try await site.run("--once", "--json")
            #expect(try rest.count("transcribed") == 1)
            #expect(try rest.count("waiting") == 0)
            #expect(site.model.calls.count == 5)
        }
    }

    /// Every result has exactly the agreed form, and says which scan it comes from.
    private func expectResults(_ results: [[UInt8]: [UInt8]], from scans: [[UInt8]: [UInt8]]) throws {
        for (path, bytes) in results where path.ends(with: "_result.json") {
            let name = String(decoding: path, as: UTF8.self)
            let document = try JSONValue(parsing: bytes)
            #expect(FicheSchema.violations(of: document) == [], "\(name)")
            let source = try #require(document["nids_sync"]?["source"]?.array?.first)
            let hash = try #require(source["sha256"]?.string)
            #expect(scans.values.contains { Scan.sha256($0) == hash }, "\(name)")
            let kind = document["nids_sync"]?["prompt"]?["kind"]?.string
            #expect(kind == (name.contains("ANCIEN") ? "ancien" : "standard"), "\(name)")
        }
    }
}

extension [UInt8] {
    fileprivate func ends(with suffix: String) -> Bool { self.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) }
}
