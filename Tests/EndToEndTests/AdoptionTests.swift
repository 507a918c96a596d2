import Foundation
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("what is there already")
struct AdoptionTests {
    @Test("without its state a pass adopts everything: nothing is asked, written or different")
    func lostState() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/TRI_ANCIEN/b.jpg", "pdf/c.jpg")
            try await site.run("--once").expect(status: 0)
            let results = try site.cloud.results()
            let rows = try ObservationsFile(path: site.databaseFile).views()
            #expect(rows.count >= 6)
            try FileManager.default.removeItem(atPath: site.state)
            site.cloud.resetRequests()

            let outcome = try await site.run("--once", "--json")
            outcome.expect(status: 0)
            #expect(try outcome.count("transcribed") == 0)
            #expect(try outcome.count("adopted") == 3)
            #expect(try outcome.count("recorded") == 3)
            #expect(try outcome.count("published") == 0)
            #expect(site.model.calls.count == 3)
            #expect(!site.cloud.requests.contains { $0.method == "PUT" })
            // Not even the scans have to be downloaded: their tags tell.
            #expect(!site.cloud.requests.contains { $0.method == "GET" && $0.path.hasSuffix(".jpg") })
            #expect(try site.cloud.results() == results)
            #expect(try ObservationsFile(path: site.databaseFile).views() == rows)
            #expect(try await site.run("--once", "--json").count("http_requests") == 1)
        }
    }

    @Test("with the observations kept, the rows keep their numbers and their times")
    func lostStateKeptRows() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/TRI_ANCIEN/b.jpg", "pdf/c.jpg")
            try await site.run("--once").expect(status: 0)
            let observations = ObservationsFile(path: site.databaseFile)
            let tables = try observations.tables()
            for name in try FileManager.default.contentsOfDirectory(atPath: site.state)
            where name.hasPrefix("state.sqlite") {
                try FileManager.default.removeItem(atPath: site.state + "/" + name)
            }
            let outcome = try await site.run("--once", "--json")
            outcome.expect(status: 0)
            #expect(try outcome.count("adopted") == 3)
            #expect(try observations.tables() == tables)
        }
    }

    @Test("the same on Apache: nothing is asked or written", .enabled(if: ApacheServer.isInstalled))
    func lostStateOnApache() async throws {
        try await Site<ApacheCloud>.run { site in
            try site.putScans("jpeg/e\u{301}te\u{301}/a.jpg", "pdf/c.jpg")
            try await site.run("--once").expect(status: 0)
            let results = try site.cloud.results()
            let rows = try ObservationsFile(path: site.databaseFile).views()
            try FileManager.default.removeItem(atPath: site.state)

            let outcome = try await site.run("--once", "--json")
            outcome.expect(status: 0)
            #expect(try outcome.count("adopted") == 2)
            #expect(try outcome.count("published") == 0)
            #expect(site.model.calls.count == 2)
            #expect(try site.cloud.results() == results)
            #expect(try ObservationsFile(path: site.databaseFile).views() == rows)
        }
    }

    @Test("a result that lies where ours would go stays byte for byte, and is recorded")
    func handWritten() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg")
            // As the old installation or a person writes them: other spacing, no key of ours.
            let written = Array(
                ("\u{FEFF}"
                    + SampleFiche.json(seed: [7]).replacing("\"remarque\": null", with: "\"remarque\": \"à la main\""))
                    .utf8)
            try site.cloud.put(site.resultPath("a"), written, as: nil)

            let outcome = try await site.run("--once", "--json")
            outcome.expect(status: 0)
            #expect(try outcome.count("adopted") == 1)
            #expect(try outcome.count("transcribed") == 1)
            #expect(try outcome.count("recorded") == 2)
            #expect(site.model.callsByDigest[Scan.sha256(Scan.small("jpeg/a.jpg"))] == nil)
            #expect(try site.cloud.bytes(at: site.resultPath("a")) == written)
            let rows = try ObservationsFile(path: site.databaseFile)
                .rows("SELECT chemin, remarque, origine FROM nids_v_fiches ORDER BY chemin")
            #expect(rows == [["jpeg/a.jpg", "à la main", "adoptee"], ["jpeg/b.jpg", nil, "modele"]])

            #expect(try await site.run("--once", "--json").count("http_requests") == 1)
            #expect(try site.cloud.bytes(at: site.resultPath("a")) == written)
        }
    }

    @Test("a copy of a known scan costs nothing; it gets a result of its own")
    func copied() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            try site.cloud.copy("\(site.root)/jpeg/a.jpg", to: "\(site.root)/jpeg/copie.jpg")
            let outcome = try await site.run("--once", "--json")
            outcome.expect(status: 0)
            #expect(try outcome.count("transcribed") == 0)
            #expect(try outcome.count("published") == 1)
            #expect(site.model.calls.count == 1)
            let original = try JSONValue(parsing: try #require(try site.cloud.bytes(at: site.resultPath("a"))))
            let copy = try JSONValue(parsing: try #require(try site.cloud.bytes(at: site.resultPath("copie"))))
            #expect(original["informations_generales"] == copy["informations_generales"])
        }
    }

    @Test("a scan of other content under a known name is asked once, and replaces our result")
    func changed() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            try site.put("jpeg/a.jpg", Scan.small("another sheet"))
            let outcome = try await site.run("--once", "--json")
            outcome.expect(status: 0)
            #expect(try outcome.count("transcribed") == 1)
            #expect(try outcome.count("published") == 1)
            let document = try JSONValue(parsing: try #require(try site.cloud.bytes(at: site.resultPath("a"))))
            let hash = document["nids_sync"]?["source"]?.array?.first?["sha256"]?.string
            #expect(hash == Scan.sha256(Scan.small("another sheet")))
            #expect(try ObservationsFile(path: site.databaseFile).rows("SELECT chemin FROM nids_v_fiches").count == 1)
        }
    }
}
