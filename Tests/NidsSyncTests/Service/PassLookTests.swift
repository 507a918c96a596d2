import NextcloudStandIn
import Testing

@testable import NidsSync

@Suite("What a pass asks the server for")
struct PassLookTests {
    private func root(_ path: String) -> String { "\(PassBench.root)/\(path)" }

    private func listings(_ bench: PassBench, depth: String) -> Int {
        bench.standIn.requests.count { $0.method == "PROPFIND" && $0.depth == depth }
    }

    @Test("the first run lists everything in one piece")
    func firstRun() async throws {
        try await PassBench.with { bench in
            for index in 0..<20 { try bench.putScan("jpeg/\(index % 5)/\(index).jpg", "espèce \(index)") }
            bench.standIn.resetRequests()
            #expect(try await bench.pass().transcribed == 20)
            #expect(listings(bench, depth: "infinity") == 1)
            #expect(listings(bench, depth: "1") == 1, "the root once after our uploads")
        }
    }

    @Test(
        "a server that refuses, fails, stops early or pretends is listed folder by folder",
        arguments: [
            Fault.Effect.status(403), .status(412), .status(500), .status(501), .truncateBody(afterBytes: 2000),
            .cutAfterBodyBytes(2000), .errorInsideMultistatus(afterResponses: 5), .failedResponse(at: 3, status: 500),
        ])
    func fallback(_ effect: Fault.Effect) async throws {
        try await PassBench.with { bench in
            for index in 0..<20 { try bench.putScan("jpeg/\(index % 5)/\(index).jpg", "espèce \(index)") }
            bench.standIn.addFault(Fault(method: "PROPFIND", depth: "infinity", times: nil, effect: effect))
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.status) == (20, .success))
            bench.standIn.resetRequests()
            let again = try await bench.pass()
            #expect((again.transcribed, again.withdrawn) == (0, 0))
            #expect(bench.standIn.requests.count == 1)
        }
    }

    @Test("a server that answers with one level where all were asked for is not believed")
    func oneLevelOnly() async throws {
        try await PassBench.with { bench in
            bench.standIn.conditions.infinityRefusal = .answeredAsOne
            for index in 0..<20 { try bench.putScan("jpeg/\(index % 5)/\(index).jpg", "espèce \(index)") }
            #expect(try await bench.pass().transcribed == 20)
            for _ in 0..<3 {
                bench.advance(.seconds(7 * 3600))
                #expect(try await bench.pass().withdrawn == 0)
            }
            #expect(try await bench.rows().count == 20)
        }
    }

    @Test("a new scan four folders deep is found with six requests")
    func newScan() async throws {
        try await PassBench.with { bench in
            for index in 0..<40 { try bench.putScan("jpeg/a/\(index % 4)/c\(index % 2)/\(index).jpg", "e\(index)") }
            _ = try await bench.pass()
            bench.standIn.resetRequests()
            try bench.putScan("jpeg/a/2/c0/new.jpg", "neu")
            #expect(try await bench.pass().transcribed == 1)
            let requests = bench.standIn.requests
            let download = try #require(requests.firstIndex { $0.method == "GET" })
            #expect(requests[..<download].count <= 6)
        }
    }

    @Test("our own uploads are not walked, and hide no scan that came meanwhile")
    func ownUploads() async throws {
        try await PassBench.with { bench in
            for index in 0..<10 { try bench.putScan("jpeg/\(index).jpg", "espèce \(index)") }
            bench.engine.play { _ in
                try? bench.putScan("jpeg/late/spät.jpg", "spät")
                return nil
            }
            _ = try await bench.pass()
            bench.engine.play(nil)
            bench.standIn.resetRequests()
            #expect(try await bench.pass().transcribed == 1)
            #expect(bench.standIn.requests.allSatisfy { !($0.method == "PROPFIND" && $0.path.contains("modele_a")) })
            #expect(try bench.result("jpeg/late/spät.jpg") != nil)
            bench.standIn.resetRequests()
            _ = try await bench.pass()
            #expect(bench.standIn.requests.count == 1)
        }
    }

    @Test("an edit made while we were uploading is found before long, by looking where we wrote and nowhere else")
    func editDuringUploads() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a.jpg", "merle")
            try bench.putScan("pdf/z.pdf", "pie")
            _ = try await bench.pass()
            try bench.putScan("jpeg/b.jpg", "grive")
            let edited = ScriptedEngine.answer("corneille")
            bench.engine.play { _ in
                try? bench.standIn.put(bench.resultPath("jpeg/a.jpg"), text: edited)
                return nil
            }
            _ = try await bench.pass()
            bench.engine.play(nil)
            bench.standIn.resetRequests()
            _ = try await bench.pass()
            #expect(bench.standIn.requests.count == 1)
            bench.advance(.seconds(301))
            bench.standIn.resetRequests()
            #expect(try await bench.pass().recorded == 1)
            #expect(try await bench.rows().contains { $0.contains("corneille") })
            let listed = bench.standIn.requests.filter { $0.depth == "1" }.map(\.path)
            #expect(listed.allSatisfy { $0.contains("transcription_results") || $0.hasSuffix("Observations%20Media/") })
            #expect(try bench.standIn.bytes(at: bench.resultPath("jpeg/a.jpg")) == Array(edited.utf8))
            bench.standIn.resetRequests()
            _ = try await bench.pass()
            #expect(bench.standIn.requests.count == 1)
        }
    }

    @Test("a server whose tags do not tell of changes is found out by the full check, and walked from then on")
    func brokenPropagation() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a/b/1.jpg", "merle")
            _ = try await bench.pass()
            bench.standIn.conditions.propagation = .parentOnly
            try bench.putScan("jpeg/a/b/2.jpg", "grive")
            #expect(try await bench.pass().transcribed == 0, "nothing tells of it yet")
            bench.advance(.seconds(7 * 3600))
            #expect(try await bench.pass().transcribed == 1)
            try bench.putScan("jpeg/a/b/3.jpg", "pie")
            #expect(try await bench.pass().transcribed == 1)
        }
    }

    @Test("a folder without a tag is looked into every time")
    func emptyTags() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/x/1.jpg", "merle")
            try bench.putScan("jpeg/2.jpg", "merle noir")
            bench.standIn.conditions.emptyETagsBelow = [root("jpeg/x")]
            _ = try await bench.pass()
            #expect(try await bench.pass().transcribed == 0)
            #expect(bench.engine.callCount == 2)
        }
    }
}
