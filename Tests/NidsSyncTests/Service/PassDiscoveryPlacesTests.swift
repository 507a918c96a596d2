import Foundation
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("What a look makes of places")
struct PassDiscoveryPlacesTests {
    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    @Test("the root is one place however it is written", arguments: ["Observations Media/", "/Observations Media//"])
    func spellings(_ spelling: String) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let rows = try await bench.rows()
            try bench.putScan("jpeg/b.jpg", "grive")
            let summary = try await bench.pass(settings: ["NIDS_NEXTCLOUD_ROOT": spelling])
            #expect((summary.transcribed, summary.status) == (1, .success))
            try bench.standIn.put(
                bench.resultPath("jpeg/a.jpg"), text: #"{"informations_generales": {"espece": "pinson"}}"#)
            _ = try await bench.pass(settings: ["NIDS_NEXTCLOUD_ROOT": spelling])
            #expect(rows.count == 1)
            #expect(try await bench.rows().count == 2)
        }
    }

    @Test("composed or decomposed, the root is the same place")
    func normalForms() {
        #expect(PlaceSpelling.areSame("Études/nids", "E\u{301}tudes//nids/"))
        #expect(!PlaceSpelling.areSame("Études/nids", "Etudes/nids"))
        #expect(PlaceSpelling.plain("//a///b/") == "a/b")
    }

    @Test("--path is one place however it is written", arguments: ["jpeg/", "/jpeg", "jpeg//x/", "//jpeg///x"])
    func path(_ spelling: String) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/x/a.jpg", "merle")
            try bench.putScan("pdf/b.pdf", "grive")
            var options = PassOptions()
            options.path = spelling
            #expect(try await bench.pass(options).transcribed == 1)
        }
    }

    @Test("scans among the results are counted and named as left out, and never sent")
    func amongResults() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("transcription_results/jpeg/b.jpg", "grive")
            for _ in 0..<2 {
                let summary = try await bench.pass()
                #expect(summary.leftOut.contains { $0.reason.contains("results") && $0.count == 1 })
                #expect(summary.notes.contains { $0.path == "transcription_results/jpeg/b.jpg" })
            }
            #expect(bench.engine.callCount == 1)
        }
    }

    @Test("a scan moved outside nextcloud.include is withdrawn with the reason, and comes back without cost")
    func movedOutside() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass()
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("corbeille/a.jpg"))
            let summary = try await bench.pass()
            #expect(summary.withdrawn == 1)
            #expect(summary.notes.contains { $0.path == "corbeille/a.jpg" && $0.reason.contains("nextcloud.include") })
            #expect(try await bench.rows().count == 1)
            try bench.standIn.move(root("corbeille/a.jpg"), to: root("jpeg/a.jpg"))
            for _ in 0..<2 { #expect(try await bench.pass().withdrawn == 0) }
            #expect(try await bench.rows().count == 2)
            #expect(bench.engine.callCount == 2)
        }
    }

    @Test("a state lost after a rename costs nothing: the answer is known by the scan's content")
    func lostAfterRename() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass()
            try bench.removeState()
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/renommé.jpg"))
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.status) == (0, .success))
            #expect(bench.engine.callCount == 2)
            #expect(try bench.result("jpeg/renommé.jpg")?["informations_generales"]?["espece"] == "merle")
        }
    }
}
