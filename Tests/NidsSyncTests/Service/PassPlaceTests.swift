import NextcloudStandIn
import Testing

@testable import NidsSync

@Suite("A pass over one place")
struct PassPlaceTests {
    private func options(_ path: String) -> PassOptions {
        var options = PassOptions()
        options.path = path
        return options
    }

    private func refusal(_ path: String, _ bench: PassBench) async throws -> PassError {
        try await #require(throws: PassError.self) { _ = try await bench.pass(options(path)) }
    }

    @Test("a path that names nothing is said, with one that differs in case")
    func nothing() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/TRI_ANCIEN/a.jpg", "merle")
            let error = try await refusal("jpeg/TRI_MODERNE", bench)
            #expect(error.status == .usage)
            #expect(error.description.contains("nothing of that name"))
            for (path, meant) in [
                ("jpeg/tri_ancien", "jpeg/TRI_ANCIEN"), ("JPEG/TRI_ANCIEN/A.jpg", "jpeg/TRI_ANCIEN/a.jpg"),
            ] {
                #expect(try await refusal(path, bench).description.contains("Did you mean \(meant)?"))
            }
            #expect(bench.engine.callCount == 0)
        }
    }

    @Test("a path may name one scan, and that one is worked on")
    func oneScan() async throws {
        try await PassBench.with { bench in
            for name in ["a.jpg", "b.jpg"] { try bench.putScan("jpeg/é/\(name)", "espèce \(name)") }
            for path in ["jpeg/é/a.jpg", "/jpeg/é//b.jpg/"] {
                let summary = try await bench.pass(options(path))
                #expect((summary.transcribed, summary.status) == (1, .success))
            }
        }
    }

    @Test("a folder without scans, and one that is left out, are told and fail nothing")
    func empty() async throws {
        try await PassBench.with { bench in
            try bench.standIn.makeCollection("\(PassBench.root)/jpeg")
            try bench.standIn.makeCollection("\(PassBench.root)/jpeg/vide")
            try bench.putScan("autres/a.jpg", "merle")
            for path in ["jpeg/vide", "autres", "autres/a.jpg"] {
                let summary = try await bench.pass(options(path))
                #expect((summary.status, summary.transcribed) == (.success, 0))
                #expect(summary.notes.contains { $0.path == path }, "\(path): \(summary.notes)")
            }
        }
    }
}
