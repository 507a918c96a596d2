import Foundation
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("A scan over which a model's server fails")
struct PassDeadlyPictureTests {
    /// A server of one's own whose runner dies, and a provider's inner error.
    private static let ends = [
        TranscriptionError.unavailable(reason: "runner stopped", retryAfter: nil, mayHaveBeenBilled: true),
        .unavailable(reason: "500 INTERNAL", retryAfter: nil, mayHaveBeenBilled: false),
    ]

    @Test("is set aside when the server reads the others in between, until a person asks", arguments: ends)
    func setAside(end: TranscriptionError) async throws {
        try await PassBench.with { bench in
            bench.engine.play { request in
                if request.pages[0].name.hasSuffix("a.jpg") { throw end }
                return nil
            }
            try bench.putScan("jpeg/a.jpg", "merle")
            var failures: [String] = []
            for round in 0..<10 where failures.isEmpty {
                for index in 0..<3 { try bench.putScan("jpeg/\(round) \(index).jpg", "\(round) \(index)") }
                // The others first: after a failure the server is left alone for a while.
                failures = try await bench.pass().failures.map(\.reason)
                bench.advance(.seconds(7200))
            }
            #expect(failures.first?.contains("again and again") == true)
            #expect((6...14).contains(bench.engine.calls["merle"] ?? 0))
            bench.engine.play(nil)
            #expect(try await bench.pass().published == 0)
            let retry = try #require(try Retry(directory: bench.stateDirectory, now: bench.now))
            #expect(try await retry.perform(RetryWish(.failed, paths: [])).sheets == 1)
            #expect(try await bench.pass().published == 1)
        }
    }

    @Test("is no more than one of many while the server fails over others, too", arguments: ends)
    func serverIsAway(end: TranscriptionError) async throws {
        try await PassBench.with { bench in
            for index in 0..<3 { try bench.putScan("jpeg/\(index).jpg", "\(index)") }
            bench.engine.play { _ in throw end }
            for _ in 0..<12 {
                #expect(try await bench.pass().failures.isEmpty)
                bench.advance(.seconds(7200))
            }
            bench.engine.play(nil)
            #expect(try await bench.pass().published == 3)
        }
    }
}
