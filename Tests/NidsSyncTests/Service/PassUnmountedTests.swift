import Foundation
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("A pass while a storage's disk is not mounted, and an empty folder is in its place")
struct PassUnmountedTests {
    private static let unreadable = ServerAnswer.nextcloud(
        503, "ServiceUnavailable", "Could not open file: file doesn't seem to exist")

    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    /// What Nextcloud still lists cannot be read.
    private func unmount(_ bench: PassBench, besides path: String) {
        for part in ["a.jpg", "b.jpg", "a_result", "b_result", ".nids-sync"] where !path.contains(part) {
            bench.standIn.addFault(Fault(method: "GET", pathContains: part, times: nil, effect: Self.unreadable))
        }
    }

    private func passes(_ bench: PassBench, _ count: Int) async throws -> [PassSummary] {
        var summaries: [PassSummary] = []
        for _ in 0..<count {
            summaries.append(try await bench.pass())
            bench.advance(.seconds(60))
        }
        return summaries
    }

    @Test("a result that a person edited, and that Nextcloud has forgotten, is not taken for deleted")
    func forgottenResult() async throws {
        try await PassBench.with { bench in
            for name in ["a", "b"] { try bench.putScan("jpeg/\(name).jpg", name) }
            _ = try await bench.pass()
            let edited = ScriptedEngine.answer("à la main")
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: edited)
            _ = try await passes(bench, 2)
            let rows = try await bench.rows()
            unmount(bench, besides: "a_result")
            try bench.standIn.delete(bench.resultPath("jpeg/a.jpg"))
            let summaries = try await passes(bench, 3)
            #expect(summaries.allSatisfy { $0.withdrawn == 0 && $0.deleted == 0 })
            #expect(summaries.allSatisfy { $0.notes.contains { $0.reason.contains("storage may be away") } })
            #expect(try await bench.rows() == rows)
            bench.standIn.removeFaults()
            try bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: edited)
            _ = try await passes(bench, 2)
            #expect(try await bench.rows() == rows)
            #expect(bench.engine.callCount == 2)
        }
    }

    @Test("a scan that Nextcloud has forgotten keeps its rows, and loses them when it is gone all the same")
    func forgottenScan() async throws {
        try await PassBench.with { bench in
            for name in ["a", "b"] { try bench.putScan("jpeg/\(name).jpg", name) }
            _ = try await passes(bench, 2)
            unmount(bench, besides: "a.jpg")
            try bench.standIn.delete(root("jpeg/a.jpg"))
            let summaries = try await passes(bench, 3)
            #expect(summaries.allSatisfy { $0.withdrawn == 0 })
            #expect(summaries.allSatisfy { $0.notes.contains { $0.reason.contains("storage may be away") } })
            #expect(try await bench.rows().count == 2)
            bench.standIn.removeFaults()
            #expect(try await passes(bench, 2).contains { $0.withdrawn == 1 })
            #expect(try await bench.rows().count == 1)
        }
    }

    @Test("a root in which nothing at all is left is left alone, and goes on when everything is back")
    func everythingGone() async throws {
        try await PassBench.with { bench in
            for name in ["a", "b"] { try bench.putScan("jpeg/\(name).jpg", name) }
            _ = try await passes(bench, 2)
            let rows = try await bench.rows()
            try bench.standIn.makeCollection("ailleurs")
            for name in ["jpeg", "transcription_results"] {
                try bench.standIn.move(root(name), to: "ailleurs/\(name)")
            }
            let summaries = try await passes(bench, 3)
            #expect(summaries.allSatisfy { $0.withdrawn == 0 && $0.deleted == 0 })
            #expect(try bench.standIn.paths(below: PassBench.root).isEmpty)
            #expect(try await bench.rows() == rows)
            for name in ["jpeg", "transcription_results"] {
                try bench.standIn.move("ailleurs/\(name)", to: root(name))
            }
            _ = try await passes(bench, 2)
            #expect(try await bench.rows() == rows)
            #expect(bench.engine.callCount == 2)
        }
    }

    @Test(
        "a storage below the root that is shown as empty, or not at all, keeps its rows until a person says otherwise",
        arguments: [true, false])
    func storageBelow(isListed: Bool) async throws {
        try await PassBench.with { bench in
            bench.standIn.conditions.mountedStorages = [root("jpeg/NAS")]
            for path in ["jpeg/a.jpg", "jpeg/NAS/b.jpg", "jpeg/NAS/lot/c.jpg"] { try bench.putScan(path, path) }
            _ = try await passes(bench, 2)
            let rows = try await bench.rows()
            try bench.standIn.move(root("jpeg/NAS"), to: "ailleurs")
            if isListed { try bench.standIn.makeCollection(root("jpeg/NAS")) }
            let summaries = try await passes(bench, 3)
            #expect(summaries.allSatisfy { $0.withdrawn == 0 && $0.status == .success })
            #expect(summaries.allSatisfy { $0.notes.contains { $0.reason.contains("--accept-change") } })
            #expect(try await bench.rows() == rows)
            if isListed { try bench.standIn.delete(root("jpeg/NAS")) }
            try bench.standIn.move("ailleurs", to: root("jpeg/NAS"))
            #expect(try await passes(bench, 2).allSatisfy { $0.transcribed == 0 && $0.withdrawn == 0 })
            #expect(try await bench.rows() == rows)
            try bench.standIn.delete(root("jpeg/NAS/b.jpg"))
            #expect(try await passes(bench, 3).contains { $0.withdrawn == 1 })
            try bench.standIn.move(root("jpeg/NAS"), to: "ailleurs")
            _ = try await passes(bench, 2)
            var options = PassOptions()
            options.acceptChange = true
            _ = try await bench.pass(options)
            bench.advance(.seconds(60))
            #expect(try await passes(bench, 2).contains { $0.withdrawn == 1 })
            #expect(try await bench.rows().count == 1)
        }
    }
}
