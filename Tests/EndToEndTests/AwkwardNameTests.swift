import Foundation
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("awkward names")
struct AwkwardNameTests {
    private static let names = [
        "fiche été à Chambéry n° 5 FINAL", "fiche #5 100% +a & b FINAL", "l'œuf \"cassé\" d’août", " deux  espaces ",
        "%41 %2F 100%25", "a;b=c?d,e", "fiche [1] {2} ~3^4`5", "日本の巣 🐣", "point.final.", "$(touch x) `id` $HOME",
        "-rf", "CON", "été\u{A0}insécable",
    ]

    @Test("every name that Nextcloud takes comes through, and back as the same")
    func nextcloud() async throws {
        try await Site<NextcloudStandIn>.run { site in
            var taken: [String] = []
            for name in Self.names {
                // Nextcloud refuses some; what it takes has to work.
                do { try site.putScans("jpeg/Été #1 100%/\(name).jpg") } catch is StandInError { continue }
                taken.append(name)
            }
            #expect(taken.count >= 8)
            try await expectAll(taken, in: "Été #1 100%", site)
        }
    }

    @Test("the same on Apache, which takes any", .enabled(if: ApacheServer.isInstalled))
    func apache() async throws {
        try await Site<ApacheCloud>.run { site in
            try site.putScans(Self.names.map { "jpeg/Été #1 100%/\($0).jpg" })
            try await expectAll(Self.names, in: "Été #1 100%", site)
        }
    }

    @Test(
        "names that differ in their normal form alone are two scans on Apache, and get two results",
        .enabled(if: ApacheServer.isInstalled))
    func normalForms() async throws {
        try await Site<ApacheCloud>.run { site in
            let composed = "jpeg/\u{E9}te\u{301}/fiche \u{E9}.jpg"
            let decomposed = "jpeg/\u{E9}te\u{301}/fiche e\u{301}.jpg"
            try site.put(composed, Scan.small("composed"))
            try site.put(decomposed, Scan.small("decomposed"))
            let scans = try site.cloud.others()
            #expect(scans.count == 2)

            let first = try await site.run("--once", "--json")
            first.expect(status: 0)
            #expect(try first.count("transcribed") == 2)
            #expect(try first.count("published") == 2)
            #expect(site.model.callsByDigest.count == 2)
            // Below the scans' own folder, whatever its form; the names that we make are composed.
            let folder = "\(site.root)/transcription_results/jpeg/\u{E9}te\u{301}/gemini_3_flash/"
            let results = try site.cloud.results()
            #expect(results[Array((folder + "fiche \u{E9}_result.json").utf8)] != nil)
            #expect(results[Array((folder + "fiche \u{E9}.jpg_result.json").utf8)] != nil)
            #expect(results.count == 3)
            #expect(try site.cloud.others() == scans)
            let rows = try ObservationsFile(path: site.databaseFile).rows("SELECT chemin FROM nids_v_fiches")
            #expect(
                Set(rows.compactMap { $0[0].map { Array($0.utf8) } }) == [Array(composed.utf8), Array(decomposed.utf8)])

            let second = try await site.run("--once", "--json")
            second.expect(status: 0)
            #expect(try second.count("unchanged") == 2)
            #expect(site.model.calls.count == 2)
        }
    }

    @Test("a name of 240 bytes gets a result whose name fits")
    func longName() async throws {
        try await Site<NextcloudStandIn>.run { site in
            let stem = String(repeating: "é", count: 120)
            try site.putScans("jpeg/\(stem).jpg", "jpeg/\(stem)2.jpg")
            let first = try await site.run("--once", "--json")
            first.expect(status: 0)
            #expect(try first.count("published") == 2)
            let names = try site.cloud.results().keys.map {
                String(decoding: $0, as: UTF8.self).split(separator: "/").last ?? ""
            }
            #expect(names.allSatisfy { $0.utf8.count <= 250 })
            #expect(names.count { $0.hasSuffix("_result.json") } == 2)
            #expect(try await site.run("--once", "--json").count("http_requests") == 1)
        }
    }

    private func expectAll<Server: Cloud>(_ names: [String], in folder: String, _ site: Site<Server>) async throws {
        let scans = try site.cloud.others()
        let first = try await site.run("--once", "--json")
        first.expect(status: 0)
        #expect(try first.count("transcribed") == names.count)
        #expect(try first.count("published") == names.count)
        #expect(try first.count("recorded") == names.count)
        let results = try site.cloud.results()
        for name in names {
            let place = site.resultPath(name, in: "jpeg/\(folder)").precomposedStringWithCanonicalMapping
            let bytes = try #require(results[Array(place.utf8)], "\(name)")
            let document = try JSONValue(parsing: bytes)
            #expect(FicheSchema.violations(of: document) == [])
            let source = document["nids_sync"]?["source"]?.array?.first?["path"]?.string
            #expect(source.map { Array($0.utf8) } == Array("jpeg/\(folder)/\(name).jpg".utf8))
        }
        #expect(try site.cloud.others() == scans)
        let second = try await site.run("--once", "--json")
        second.expect(status: 0)
        #expect(try second.count("unchanged") == names.count)
        #expect(site.model.calls.count == names.count)
        #expect(try site.cloud.results() == results)
    }
}
