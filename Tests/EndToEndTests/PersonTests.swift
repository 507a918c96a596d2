import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("what a person does in Nextcloud")
struct PersonTests {
    @Test("an edited result stays as edited, and is recorded as a person's")
    func edited() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg")
            try await site.run("--once").expect(status: 0)
            let place = site.resultPath("a")
            let ours = String(decoding: try #require(try site.cloud.bytes(at: place)), as: UTF8.self)
            let edited = ours.replacing("\"remarque\": null", with: "\"remarque\": \"corrigé\"")
            #expect(edited != ours)
            try site.cloud.put(place, text: edited)

            let outcome = try await site.run("--once", "--json")
            outcome.expect(status: 0)
            #expect(try outcome.count("recorded") == 1)
            #expect(try outcome.count("published") == 0)
            #expect(try site.cloud.bytes(at: place) == Array(edited.utf8))
            let rows = try ObservationsFile(path: site.databaseFile)
                .rows("SELECT chemin, remarque, origine FROM nids_v_fiches ORDER BY chemin")
            #expect(rows == [["jpeg/a.jpg", "corrigé", "personne"], ["jpeg/b.jpg", nil, "modele"]])

            #expect(try await site.run("--once", "--json").count("http_requests") == 1)
            // Even when the scan changes, theirs is theirs.
            try site.put("jpeg/a.jpg", Scan.small("another sheet"))
            try await site.run("--once").expect(status: 0)
            #expect(try site.cloud.bytes(at: place) == Array(edited.utf8))
            #expect(site.model.calls.count == 2)
        }
    }

    @Test("a result edited twice is recorded twice")
    func editedTwice() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            let place = site.resultPath("a")
            let ours = String(decoding: try #require(try site.cloud.bytes(at: place)), as: UTF8.self)
            for remark in ["une fois", "deux fois"] {
                try site.cloud.put(
                    place, text: ours.replacing("\"remarque\": null", with: "\"remarque\": \"\(remark)\""))
                try await site.run("--once").expect(status: 0)
                let rows = try ObservationsFile(path: site.databaseFile).rows("SELECT remarque FROM nids_v_fiches")
                #expect(rows == [[remark]])
            }
        }
    }

    @Test("an edit that is no sheet any more fails with a reason, and stays")
    func spoilt() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            try await site.run("--once").expect(status: 0)
            let rows = try ObservationsFile(path: site.databaseFile).views()
            try site.cloud.put(site.resultPath("a"), text: "{\"informations_generales\": {")
            let outcome = try await site.run("--once", "--json")
            outcome.expect(status: 1)
            #expect(outcome.output.contains("a_result.json"))
            #expect(try site.cloud.bytes(at: site.resultPath("a")) == Array("{\"informations_generales\": {".utf8))
            #expect(try ObservationsFile(path: site.databaseFile).views() == rows)
        }
    }

    @Test("a deleted result is not brought back, and its rows are withdrawn")
    func deleted() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg", "jpeg/b.jpg")
            try await site.run("--once").expect(status: 0)
            try site.cloud.delete(site.resultPath("a"))
            let observations = ObservationsFile(path: site.databaseFile)

            let outcome = try await site.run("--once", "--json")
            outcome.expect(status: 0)
            #expect(try site.cloud.bytes(at: site.resultPath("a")) == nil)
            #expect(try observations.rows("SELECT chemin FROM nids_v_fiches") == [["jpeg/b.jpg"]])
            #expect(try observations.rows("SELECT DISTINCT chemin FROM nids_v_visites") == [["jpeg/b.jpg"]])
            // Withdrawn, not gone.
            #expect(try observations.rows("SELECT count(*) FROM nids_lectures") == [["2"]])

            #expect(try await site.run("--once", "--json").count("http_requests") == 1)
            try site.putScans("jpeg/c.jpg")
            try await site.run("--once").expect(status: 0)
            #expect(try site.cloud.bytes(at: site.resultPath("a")) == nil)
            #expect(site.model.calls.count == 3)
        }
    }

    @Test("a result that a person writes while the model is being asked wins")
    func race() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try site.putScans("jpeg/a.jpg")
            let theirs = SampleFiche.json(seed: [9])
            site.model.configure {
                $0.answer = { call in
                    try? site.cloud.put(site.resultPath("a"), text: theirs)
                    return .text(SampleFiche.json(for: call))
                }
            }
            let outcome = try await site.run("--once", "--json")
            outcome.expect(status: 0)
            #expect(try site.cloud.bytes(at: site.resultPath("a")) == Array(theirs.utf8))
            #expect(try outcome.summary()["notes"]?.array?.count == 1)
            let expected = try JSONValue(parsing: theirs)["informations_generales"]?["n_fiche"]?.string
            let rows = try ObservationsFile(path: site.databaseFile).rows("SELECT n_fiche, origine FROM nids_v_fiches")
            #expect(rows == [[expected, "personne"]])
        }
    }
}
