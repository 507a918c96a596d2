import NextcloudStandIn
import Testing

@testable import NidsSync

@Suite("What a look concludes of results that changed")
struct PassDiscoveryResultsTests {
    private static let theirs = #"{"informations_generales": {"espece": "pinson"}, "remarque": "relu"}"#
    private static let page = "<!DOCTYPE html><html><head><title>Connexion</title></head><body></body></html>"

    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    @Test(
        "what proves nothing is no edit and no deletion: it is looked at again",
        arguments: [
            Fault.Effect.status(404, body: PassDiscoveryResultsTests.page), .status(404),
            .status(200, body: PassDiscoveryResultsTests.page), .truncateBody(afterBytes: 30),
            .status(503),
        ])
    func passing(_ effect: Fault.Effect) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: Self.theirs)
            bench.standIn.addFault(
                Fault(method: "GET", pathContains: "_result.json", times: nil, effect: effect))
            for _ in 0..<2 { #expect(try await bench.pass().recorded == 0) }
            #expect(try #require(try await bench.rows().first).contains("merle"))
            bench.standIn.removeFaults()
            bench.advance(.seconds(60))
            #expect(try await bench.pass().recorded == 1)
            #expect(try #require(try await bench.rows().first).contains("pinson"))
            #expect(bench.engine.callCount == 1)
        }
    }

    @Test("two results that a person exchanged are ours, of other scans: told, left, and no row changes")
    func exchanged() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass()
            let rows = try await bench.rows()
            let (a, b) = (bench.resultPath("jpeg/a.jpg"), bench.resultPath("jpeg/b.jpg"))
            let (ofA, ofB) = (try bench.standIn.bytes(at: a), try bench.standIn.bytes(at: b))
            try bench.standIn.move(a, to: "c.json")
            try bench.standIn.move(b, to: a)
            try bench.standIn.move("c.json", to: b)
            let summary = try await bench.pass()
            #expect((summary.recorded, summary.published, summary.status) == (0, 0, .success))
            #expect(summary.notes.count { $0.reason.contains("another scan") } == 2)
            #expect(try await bench.rows() == rows)
            #expect(try bench.standIn.bytes(at: a) == ofB)
            #expect(try bench.standIn.bytes(at: b) == ofA)
        }
    }

    @Test(
        "an empty file or a web page in a result's place is no person's edit",
        arguments: ["", PassDiscoveryResultsTests.page])
    func spoiled(content: String) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let (place, rows) = (bench.resultPath("jpeg/a.jpg"), try await bench.rows())
            let result = try bench.standIn.bytes(at: place)
            try bench.standIn.put(place, text: content)
            let summary = try await bench.pass()
            #expect((summary.published, summary.status) == (1, .success))
            #expect(try bench.standIn.bytes(at: place) == result)
            #expect(try await bench.rows() == rows)
        }
    }

    @Test("a scan that exchanges its name with one that cannot be read leaves no row behind at its old place")
    func exchangedWithUnreadable() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.standIn.put(root("jpeg/b.jpg"), text: "no picture at all")
            _ = try await bench.pass()
            #expect(try await bench.rows().count == 1)
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/c.jpg"))
            try bench.standIn.move(root("jpeg/b.jpg"), to: root("jpeg/a.jpg"))
            try bench.standIn.move(root("jpeg/c.jpg"), to: root("jpeg/b.jpg"))
            for _ in 0..<2 { _ = try await bench.pass() }
            var rows = try await bench.rows()
            #expect(rows.count == 1)
            #expect(rows.allSatisfy { $0.contains("jpeg/b.jpg") })
            // And back again: the row comes back with its scan.
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/c.jpg"))
            try bench.standIn.move(root("jpeg/b.jpg"), to: root("jpeg/a.jpg"))
            for _ in 0..<2 { _ = try await bench.pass() }
            rows = try await bench.rows()
            #expect(rows.count == 1)
            #expect(rows.allSatisfy { $0.contains("jpeg/a.jpg") })
            #expect(bench.engine.callCount <= 2)
        }
    }

    @Test("a result that a person gave another name stays theirs to place, and the rows tell where it lies")
    func renamedAlone() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let place = bench.resultPath("jpeg/a.jpg")
            let target = place.replacing("a_result", with: "classé_result")
            try bench.standIn.move(place, to: target)
            for _ in 0..<2 { #expect(try await bench.pass().status == .success) }
            #expect(try bench.standIn.bytes(at: target) != nil && bench.standIn.bytes(at: place) == nil)
            let rows = try await bench.rows()
            #expect(rows.count == 1)
            #expect(rows.allSatisfy { $0.contains("classé_result.json") && $0.contains("modele") })
            #expect(bench.engine.callCount == 1)
        }
    }

    @Test("a sheet whose result a person deleted is counted as that, and not among those that are done")
    func countedAsDeleted() async throws {
        try await PassBench.with { bench in
            for name in ["a", "b"] { try bench.putScan("jpeg/\(name).jpg", name) }
            #expect(try await bench.pass().deleted == 0)
            try bench.standIn.delete(bench.resultPath("jpeg/a.jpg"))
            #expect(try await bench.pass().deleted == 1)
            let summary = try await bench.pass()
            #expect((summary.deleted, summary.unchanged, summary.waiting) == (1, 1, 0))
        }
    }

    @Test("a result that is no sheet any more follows its scan, alone or with it, and the rows tell where it is")
    func noSheetAnyMore() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let place = bench.resultPath("jpeg/a.jpg")
            try bench.standIn.put(place, text: "{\"informations_generales\": gâché")
            #expect(try await bench.pass().status == .sheetFailed)
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/b.jpg"))
            let moved = try await bench.pass()
            #expect(moved.failures.map(\.path) == ["jpeg/b.jpg"])
            #expect(moved.failures.allSatisfy { $0.reason.contains("b_result.json") })
            #expect(try bench.standIn.bytes(at: place) == nil)
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/b.jpg")) != nil)
            let rows = try await bench.rows()
            #expect(rows.count == 1)
            #expect(rows.allSatisfy { $0.contains("jpeg/b.jpg") && $0.contains("b_result.json") })

            try bench.putScan("jpeg/a.jpg", "grive")
            #expect(try await bench.pass().published == 1, "a new scan at the old place is not held up by it")

            try bench.standIn.move(root("jpeg/b.jpg"), to: root("jpeg/n/c.jpg"))
            try bench.standIn.move(bench.resultPath("jpeg/b.jpg"), to: bench.resultPath("jpeg/n/c.jpg"))
            _ = try await bench.pass()
            _ = try await bench.pass()
            #expect(try await bench.rows().contains { $0.contains("n/c.jpg") && $0.contains("c_result.json") })
            #expect(bench.engine.callCount == 2)
        }
    }

    @Test(
        "a scan and its result that a person moved or renamed together stay together, with their origin",
        arguments: [
            ("jpeg/n/a.jpg", false), ("jpeg/b.jpg", false), ("jpeg/n/a.jpg", true), ("jpeg/b.jpg", true),
        ])
    func movedTogether(to target: String, isEdited: Bool) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/z.jpg", "grive")
            _ = try await bench.pass()
            let place = bench.resultPath("jpeg/a.jpg")
            if isEdited {
                try bench.standIn.put(place, text: Self.theirs)
                _ = try await bench.pass()
            }
            let content = try bench.standIn.bytes(at: place)
            try bench.standIn.move(root("jpeg/a.jpg"), to: root(target))
            try bench.standIn.move(place, to: bench.resultPath(target))
            for _ in 0..<3 {
                let summary = try await bench.pass()
                #expect((summary.withdrawn, summary.transcribed, summary.status) == (0, 0, .success))
            }
            let rows = try await bench.rows()
            #expect(rows.count == 2)
            #expect(rows.contains { $0.contains("personne") } == isEdited)
            #expect(try bench.standIn.bytes(at: bench.resultPath(target)) == content)
            #expect(bench.engine.callCount == 2)
        }
    }

    @Test("folders of scans and of results that a person renamed together stay together")
    func foldersRenamed() async throws {
        try await PassBench.with { bench in
            for index in 0..<3 { try bench.putScan("jpeg/x/\(index).jpg", "espèce \(index)") }
            _ = try await bench.pass()
            try bench.standIn.move(root("jpeg/x"), to: root("jpeg/y"))
            try bench.standIn.move(root("transcription_results/jpeg/x"), to: root("transcription_results/jpeg/y"))
            for _ in 0..<3 { #expect(try await bench.pass().withdrawn == 0) }
            #expect(try await bench.rows().count == 3)
            for index in 0..<3 { #expect(try bench.result("jpeg/y/\(index).jpg") != nil) }
            #expect(bench.engine.callCount == 3)
        }
    }

    @Test("a result that really was deleted stays deleted")
    func deleted() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/b.jpg", "grive")
            _ = try await bench.pass()
            try bench.standIn.delete(bench.resultPath("jpeg/a.jpg"))
            for _ in 0..<2 { _ = try await bench.pass() }
            #expect(try await bench.rows().count == 1)
            #expect(try bench.result("jpeg/a.jpg") == nil)
        }
    }
}
