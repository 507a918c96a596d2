import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("preparations of the same sheets")
struct VariantTests {
    private static let folders = ["FUSION_FULL", "binarisation", "blur"]

    /// Twenty sheets below a folder: fused ones, pairs, and such with another extension where they were prepared.
    private func scans(in folder: String) -> [String] {
        (1...20).flatMap { number -> [String] in
            let place = "jpeg/TRI_ANCIEN/\(folder)/fiche \(number)"
            switch number % 3 {
            case 0: return ["\(place)R.jpg", "\(place)V.jpg"]
            case 1: return [place + (folder == "blur" ? ".JPEG" : ".jpg")]
            default: return [place + "FINAL.jpg"]
            }
        }
    }

    @Test("three of twenty sheets: twenty asked, twenty rows; the preferred one that comes later is asked about once")
    func twenty() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans(scans(in: "binarisation") + scans(in: "blur"))
            let first = try await site.run("--once", "--json")
            first.expect(status: 0)
            #expect(try first.count("transcribed") == 20)
            #expect(try first.count("variants") == 26)
            #expect(site.model.calls.count == 20)

            try site.putScans(scans(in: "FUSION_FULL"))
            // One is a copy of what has been read: its content is known.
            let copy = try #require(try site.cloud.bytes(at: "\(site.root)/jpeg/TRI_ANCIEN/binarisation/fiche 1.jpg"))
            try site.put("jpeg/TRI_ANCIEN/FUSION_FULL/fiche 1.jpg", copy)
            let dry = try await site.run("--dry-run")
            dry.expect(status: 0)
            #expect(dry.output.contains("20 sheets would be worked on"))
            #expect(dry.output.contains("variants  52 × another preparation is read"))
            #expect(dry.output.contains("binarisation/fiche 1.jpg: jpeg/TRI_ANCIEN/FUSION_FULL/fiche 1.jpg is read"))
            let better = try await site.run("--once", "--json")
            better.expect(status: 0)
            #expect(try better.count("transcribed") == 19)
            #expect(try better.count("failed") == 0)
            #expect(site.model.calls.count == 39)

            let idle = try await site.run("--once", "--json")
            #expect(try idle.count("http_requests") == 1)
            #expect(try idle.count("unchanged") == 20)
            #expect(site.model.calls.count == 39)
            let results = try site.cloud.files().filter { $0.hasSuffix("_result.json") }
            #expect(results.count == 20)
            #expect(results.allSatisfy { $0.contains("/FUSION_FULL/gemini_3_flash/") })
            let database = ObservationsFile(path: site.databaseFile)
            let rows = try database.rows("SELECT chemin FROM nids_v_fiches")
            #expect(rows.count == 20)
            #expect(try database.rows("SELECT id FROM nids_fiches").count == 20)

            let status = try await site.run("status", "--json")
            #expect(try status.summary()["variants"]?.integer == 52)
            #expect(try status.summary()["variant_scans"]?.array?.count == 52)
            let words = try await site.run("status")
            #expect(words.output.contains("Other preparations of sheets, which are not read"))
        }
    }

    @Test("what an older version read of each is kept as it is: nothing is asked, one sheet counts")
    func older() async throws {
        try await Site<NextcloudStandIn>.run { site in
            for folder in Self.folders { try site.putScans(scans(in: folder)) }
            try await site.run("--once", with: ["NIDS_NEXTCLOUD_VARIANTS": "none"]).expect(status: 0)
            #expect(site.model.calls.count == 60)
            let results = try site.cloud.results()
            let database = ObservationsFile(path: site.databaseFile)
            #expect(try database.rows("SELECT chemin FROM nids_v_fiches").count == 60)

            let joined = try await site.run("--once", "--json")
            joined.expect(status: 0)
            #expect(try joined.count("discovered") == 20)
            #expect(try joined.count("transcribed") == 0)
            #expect(try database.rows("SELECT id FROM nids_fiches").count == 20)
            #expect(try site.cloud.results() == results)
            #expect(site.model.calls.count == 60)
        }
    }

    @Test("folders that share most names and are not in the list are told by --dry-run and status")
    func similar() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans((1...5).flatMap { ["jpeg/FUSION_FULL/\($0).jpg", "jpeg/net/\($0).jpg"] })
            let dry = try await site.run("--dry-run")
            #expect(dry.output.contains("FUSION_FULL, net have 5 scans of the same names"))
            try await site.run("--once", "--limit", "1").expect(status: 0)
            let status = try await site.run("status")
            #expect(status.output.contains("FUSION_FULL, net have 5 scans of the same names"))
        }
    }
}
