import NextcloudStandIn
import Testing

@testable import NidsSync

@Suite("What a look infers from listings that are not whole")
struct PassDiscoveryTests {
    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    @Test("a scan that moved into a folder whose listing fails is not gone")
    func movedOutOfSight() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/x/b.jpg", "grive")
            _ = try await bench.pass()
            try bench.standIn.move(root("jpeg/a.jpg"), to: root("jpeg/x/a.jpg"))
            bench.standIn.addFault(
                Fault(method: "PROPFIND", pathContains: "jpeg/x", depth: "1", times: nil, effect: .status(500)))
            for _ in 0..<4 { #expect(try await bench.pass().withdrawn == 0) }
            #expect(try await bench.rows().count == 2)
            bench.standIn.removeFaults()
            for _ in 0..<3 { #expect(try await bench.pass().withdrawn == 0) }
            #expect(try await bench.rows().count == 2)
            #expect(bench.engine.callCount == 2)
        }
    }

    @Test("a look that is not complete is none of the two that a withdrawal needs")
    func incompleteLookDoesNotCount() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/x/b.jpg", "grive")
            _ = try await bench.pass()
            try bench.standIn.delete(root("jpeg/a.jpg"))
            try bench.putScan("jpeg/x/c.jpg", "pie")
            bench.standIn.addFault(
                Fault(method: "PROPFIND", pathContains: "jpeg/x", depth: "1", times: nil, effect: .status(500)))
            #expect(try await bench.pass().withdrawn == 0)
            bench.standIn.removeFaults()
            #expect(try await bench.pass().withdrawn == 0, "the first complete look")
            #expect(try await bench.pass().withdrawn == 1)
            bench.standIn.resetRequests()
            _ = try await bench.pass()
            #expect(bench.standIn.requests.count == 1)
        }
    }

    @Test("one bad entry in the root costs that entry: its siblings are taken, and it is named")
    func badEntryInRoot() async throws {
        try await PassBench.with { bench in
            bench.standIn.conditions.infinityRefusal = .status(403)
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("pdf/b.pdf", "grive")
            bench.standIn.addFault(
                Fault(method: "PROPFIND", depth: "1", times: 1, effect: .failedResponse(at: 1, status: 403)))
            let first = try await bench.pass()
            #expect((first.transcribed, first.status) == (1, .success))
            #expect(first.notes.contains { $0.reason.contains("403") })
            let second = try await bench.pass()
            #expect((second.transcribed, second.withdrawn) == (1, 0))
        }
    }

    @Test("an entry with an error of its own infers nothing about that entry")
    func badEntryOfKnownScan() async throws {
        try await PassBench.with { bench in
            for index in 0..<4 { try bench.putScan("jpeg/\(index).jpg", "espèce \(index)") }
            _ = try await bench.pass()
            bench.standIn.addFault(
                Fault(
                    method: "PROPFIND", pathContains: "jpeg", depth: "1", times: nil,
                    effect: .failedResponse(at: 2, status: 500)))
            for index in 4..<7 {
                try bench.putScan("jpeg/z\(index).jpg", "espèce \(index)")
                let summary = try await bench.pass()
                #expect((summary.transcribed, summary.withdrawn) == (1, 0))
            }
            bench.standIn.removeFaults()
            #expect(try await bench.pass().withdrawn == 0)
            #expect(try await bench.rows().count == 7)
        }
    }

    @Test("a collection with an empty ETag infers nothing, and is named")
    func storageAway() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/x/1.jpg", "merle")
            try bench.putScan("jpeg/2.jpg", "grive")
            _ = try await bench.pass()
            bench.standIn.conditions.emptyETagsBelow = [root("jpeg/x")]
            try bench.standIn.move(root("jpeg/x/1.jpg"), to: "ailleurs.jpg")
            for _ in 0..<3 {
                let summary = try await bench.pass()
                #expect(summary.withdrawn == 0)
                #expect(summary.notes.contains { $0.path == "jpeg/x" && $0.reason.contains("ETag is empty") })
                bench.advance(.seconds(7 * 3600))
            }
            try bench.standIn.move("ailleurs.jpg", to: root("jpeg/x/1.jpg"))
            bench.standIn.conditions.emptyETagsBelow = []
            for _ in 0..<2 { #expect(try await bench.pass().withdrawn == 0) }
            #expect(try await bench.rows().count == 2)
            #expect(bench.engine.callCount == 2)
        }
    }

    @Test("a folder of the root that is deleted while we upload is noticed")
    func deletedWhileUploading() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("pdf/b.pdf", "grive")
            _ = try await bench.pass()
            try bench.putScan("jpeg/c.jpg", "pie")
            bench.engine.play { _ in
                try? bench.standIn.delete("\(PassBench.root)/pdf")
                return nil
            }
            _ = try await bench.pass()
            bench.engine.play(nil)
            var withdrawn = 0
            for _ in 0..<2 { withdrawn += try await bench.pass().withdrawn }
            #expect(withdrawn == 1)
        }
    }

    @Test("a folder that refuses the login while the root does not costs that folder")
    func refusedFolder() async throws {
        try await PassBench.with { bench in
            bench.standIn.conditions.infinityRefusal = .status(403)
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("jpeg/secret/b.jpg", "grive")
            bench.standIn.addFault(
                Fault(method: "PROPFIND", pathContains: "jpeg/secret", times: nil, effect: .status(401)))
            let first = try await bench.pass()
            #expect((first.transcribed, first.status) == (1, .success))
            #expect(first.notes.contains { $0.path == "jpeg/secret" })
            bench.standIn.removeFaults()
            #expect(try await bench.pass().transcribed == 1)
        }
    }

    @Test("a login that the root refuses once is tried once more before the pass ends", arguments: [1, 2])
    func refusedOnce(times: Int) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            _ = try await bench.pass()
            let before = bench.now
            bench.standIn.addFault(Fault(method: "PROPFIND", times: times, effect: .status(401)))
            let summary = try await bench.pass()
            #expect(summary.status == (times == 1 ? .success : .refused))
            #expect(bench.now > before, "after a pause")
        }
    }
}
