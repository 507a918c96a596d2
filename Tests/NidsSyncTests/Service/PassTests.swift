import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("A pass over a Nextcloud")
struct PassTests {
    @Test("makes a result and a row of each scan, and then asks for nothing but the root's tag")
    func newScans() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/TRI_ANCIEN/fiche 1.jpg", "mésange")
            try bench.putScan("jpeg/fiche #5 100% +a & b 'é'.jpg", "merle")
            let first = try await bench.pass()
            #expect(first.status == .success)
            #expect((first.transcribed, first.published, first.recorded) == (2, 2, 2))
            let result = try #require(try bench.result("jpeg/TRI_ANCIEN/fiche 1.jpg"))
            #expect(FicheSchema.violations(of: result) == [])
            #expect(result["nids_sync"]?["prompt"]?["kind"] == "ancien")
            #expect(
                try bench.result("jpeg/fiche #5 100% +a & b 'é'.jpg")?["informations_generales"]?["espece"] == "merle")

            bench.standIn.resetRequests()
            let second = try await bench.pass()
            #expect(second.status == .success)
            #expect(second.unchanged == 2)
            #expect(bench.standIn.requests.count == 1)
            #expect(second.httpRequests == 1)
        }
    }

    @Test("pays nothing for a scan that was touched, copied or moved")
    func knownContent() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.standIn.copy("\(PassBench.root)/jpeg/a.jpg", to: "\(PassBench.root)/jpeg/copie.jpg")
            try bench.standIn.makeCollection("\(PassBench.root)/jpeg/autre")
            try bench.standIn.move("\(PassBench.root)/jpeg/copie.jpg", to: "\(PassBench.root)/jpeg/autre/copie.jpg")
            let summary = try await bench.pass()
            #expect(summary.status == .success)
            #expect(summary.transcribed == 0)
            #expect(bench.engine.callCount == 1)
            #expect(try bench.result("jpeg/autre/copie.jpg") != nil)
        }
    }

    @Test("asks about two scans of one content only once, at the same time too")
    func twins() async throws {
        try await PassBench.with { bench in
            for index in 0..<6 { try bench.putScan("jpeg/\(index).jpg", "merle") }
            let summary = try await bench.pass()
            #expect(summary.published == 6)
            #expect(bench.engine.callCount == 1)
        }
    }

    @Test("reads a replaced scan anew and replaces its result")
    func replacedScan() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.putScan("jpeg/a.jpg", "grive")
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.published, summary.recorded) == (1, 1, 1))
            #expect(try bench.result("jpeg/a.jpg")?["informations_generales"]?["espece"] == "grive")
            let rows = try await bench.rows()
            #expect(rows.count == 1 && rows[0].contains("grive"))
        }
    }

    @Test("gives two scans with one stem a result each")
    func oneStem() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/a.png", "grive")
            let summary = try await bench.pass()
            #expect(summary.published == 2)
            #expect(try bench.result("jpeg/a.jpg")?["informations_generales"]?["espece"] == "merle")
            #expect(try bench.result("jpeg/a.png.x")?["informations_generales"]?["espece"] == "grive")
        }
    }

    @Test("finds a scan that came while it was working")
    func arrivesMeanwhile() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            bench.engine.play { _ in
                try bench.putScan("jpeg/b.jpg", "grive")
                return nil
            }
            _ = try await bench.pass()
            bench.engine.play(nil)
            let second = try await bench.pass()
            #expect(second.transcribed == 1)
            #expect(try bench.result("jpeg/b.jpg") != nil)
        }
    }

    @Test("lets each of several models have its result, the first one's being what people see")
    func severalModels() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            let models = ["NIDS_TRANSCRIPTION_MODELS": "modele_a,modele_b"]
            let summary = try await bench.pass(settings: models)
            #expect((summary.transcribed, summary.published, summary.recorded) == (2, 2, 2))
            #expect(try bench.result("jpeg/a.jpg", model: "modele_b") != nil)
            #expect(try await bench.rows().count == 1)
        }
    }

    @Test("leaves out what is no finished scan, and counts it by reason")
    func leftOut() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/.cache.jpg", "x")
            try bench.putScan("jpeg/a.jpg.crdownload", "x")
            try bench.putScan("ailleurs/b.jpg", "x")
            try bench.standIn.put("\(PassBench.root)/jpeg/vide.jpg", [])
            try bench.putScan("jpeg/gros.jpg", String(repeating: "x", count: 2000))
            let summary = try await bench.pass(settings: ["NIDS_NEXTCLOUD_MAX_SCAN_SIZE": "1KB"])
            #expect(summary.discovered == 0)
            #expect(summary.leftOut.map(\.count).reduce(0, +) == 5)
            #expect(Set(summary.leftOut.map(\.reason)).count == 5)
            #expect(
                Set(summary.leftOutScans.map(\.path)) == [
                    "jpeg/.cache.jpg", "jpeg/a.jpg.crdownload", "ailleurs/b.jpg", "jpeg/vide.jpg", "jpeg/gros.jpg",
                ])
            #expect(summary.json["left_out_scans"]?.array?.count == 5)
            #expect(bench.engine.callCount == 0)
        }
    }

    @Test("works on no more sheets than --limit, and only below --path")
    func limits() async throws {
        try await PassBench.with { bench in
            for index in 0..<4 { try bench.putScan("jpeg/n\(index).jpg", "n\(index)") }
            try bench.putScan("jpeg/sous/m.jpg", "m")
            var options = PassOptions()
            options.limit = 2
            let limited = try await bench.pass(options)
            #expect((limited.transcribed, limited.waiting, limited.status) == (2, 3, .success))
            options = PassOptions()
            options.path = "jpeg/sous"
            let below = try await bench.pass(options)
            #expect(below.transcribed == 1)
            #expect(try bench.result("jpeg/sous/m.jpg") != nil)
            #expect(try await bench.pass().transcribed == 2)
        }
    }

    @Test("of --dry-run writes nothing, neither here nor there")
    func dryRun() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            var options = PassOptions()
            options.isDryRun = true
            let summary = try await bench.pass(options)
            #expect(summary.waiting == 1)
            #expect(try bench.standIn.etag(of: "\(PassBench.root)/transcription_results") == nil)
            #expect(bench.standIn.requests.allSatisfy { ["GET", "PROPFIND"].contains($0.method) })
            #expect(try bench.stateFiles() == [])
        }
    }

    @Test("sends more than 500 sheets to a paid model only with a budget")
    func budget() async throws {
        try await PassBench.with { bench in
            for index in 0..<501 { try bench.putScan("jpeg/\(index).jpg", "n\(index)") }
            let refused = try await bench.pass(isPaid: true)
            #expect((refused.transcribed, refused.waiting, refused.status) == (0, 501, .success))
            #expect(refused.waitingFor.contains { $0.contains("transcription.monthly_budget") })
            var options = PassOptions()
            options.limit = 3
            #expect(try await bench.pass(options, isPaid: true).transcribed == 3)
            let budget = ["NIDS_TRANSCRIPTION_MONTHLY_BUDGET": "unlimited"]
            #expect(try await bench.pass(settings: budget, isPaid: true).transcribed == 498)
        }
    }

    @Test("pauses a model when the month's budget is used up, and goes on in the next month")
    func monthlyBudget() async throws {
        try await PassBench.with { bench in
            for index in 0..<30 { try bench.putScan("jpeg/\(index).jpg", "n\(index)") }
            // Each answer costs 1; at most four are in flight.
            let budget = ["NIDS_TRANSCRIPTION_MONTHLY_BUDGET": "10"]
            let first = try await bench.pass(settings: budget, isPaid: true)
            #expect((10...13).contains(first.transcribed))
            #expect(first.status == .success)
            #expect(first.waitingFor.contains { $0.contains("budget") })
            #expect(try await bench.pass(settings: budget, isPaid: true).transcribed == 0)
            bench.advance(.seconds(32 * 86_400))
            #expect(try await bench.pass(settings: budget, isPaid: true).transcribed >= 10)
        }
    }

    @Test("refuses to work where another machine does, until told to take over")
    func anotherMachine() async throws {
        try await PassBench.with { bench in
            _ = try await bench.pass()
            try bench.removeState()
            await #expect(throws: PassError.self) { try await bench.pass(machine: "machine-2") }
            var options = PassOptions()
            options.takeOver = true
            #expect(try await bench.pass(options, machine: "machine-2").status == .success)
        }
    }

    @Test("asks before it goes on with another root, model or database")
    func changedSettings() async throws {
        try await PassBench.with { bench in
            _ = try await bench.pass()
            await #expect(throws: PassError.self) {
                try await bench.pass(settings: ["NIDS_TRANSCRIPTION_MODELS": "modele_b"])
            }
            var options = PassOptions()
            options.acceptChange = true
            #expect(
                try await bench.pass(options, settings: ["NIDS_TRANSCRIPTION_MODELS": "modele_b"]).status == .success)
        }
    }
}
