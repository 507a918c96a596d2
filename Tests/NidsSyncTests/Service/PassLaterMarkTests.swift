import DAV
import Foundation
import GRDB
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

@Suite("A pass over sides with marks that came later")
struct PassLaterMarkTests {
    private func results(_ bench: PassBench) throws -> [String] {
        try bench.standIn.paths(below: "\(PassBench.root)/transcription_results")
            .filter { $0.hasSuffix("_result.json") }.map { URL(filePath: $0).lastPathComponent }.sorted()
    }

    @Test(
        "pair what nobody has read, in any case",
        arguments: [("a-recto.jpg", "a-verso.jpg"), ("a-PAGE1.png", "a-Page2.jpg"), ("a-Recto.jpg", "a-VERSO.pdf")])
    func pairs(_ recto: String, _ verso: String) async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/\(verso)", "verso")
            try bench.putScan("jpeg/\(recto)", "recto")
            #expect(try await bench.pass().transcribed == 1)
            #expect(bench.engine.calls == ["recto+verso": 1])
            #expect(try results(bench) == ["a_result.json"])
        }
    }

    @Test("leave alone what has a result of its own, with the state and without it")
    func readAlone() async throws {
        try await PassBench.with { bench in
            for name in ["a-recto.jpg", "a-verso.jpg"] {
                try bench.putScan("jpeg/\(name)", name)
                try bench.standIn.put(bench.resultPath("jpeg/\(name)"), text: ScriptedEngine.answer(name))
            }
            for _ in 0..<2 {
                let summary = try await bench.pass()
                #expect((summary.transcribed, summary.discovered, summary.waiting) == (0, 2, 0))
                #expect(try results(bench) == ["a-recto_result.json", "a-verso_result.json"])
                #expect(try await bench.rows().count == 2)
                try bench.removeState()
            }
            #expect(bench.engine.callCount == 0)
        }
    }

    @Test("an upgrade buys nothing anew; retry --outdated reads both sides together, once")
    func upgrade() async throws {
        try await PassBench.with { bench in
            // Two names that no release pairs are read alone, then get the marks of now.
            for side in ["x1", "x2"] { try bench.putScan("jpeg/a-\(side).jpg", side) }
            _ = try await bench.pass()
            let state = try StateDatabase(directory: bench.stateDirectory)
            try await state.database.write { db in
                for (before, after) in [("x1", "recto"), ("x2", "verso")] {
                    try db.change(
                        """
                        UPDATE scan SET path = \(RemotePath.sample("jpeg/a-\(after).jpg")),
                            base = \(Data("a-\(after)".utf8)) WHERE path = \(RemotePath.sample("jpeg/a-\(before).jpg"))
                        """)
                    try db.change(
                        """
                        UPDATE sheet SET result_stem = \(Data("a-\(after)".utf8))
                        WHERE result_stem = \(Data("a-\(before)".utf8))
                        """)
                    try db.change(
                        """
                        UPDATE publication SET path = \(RemotePath.sample(
                            "transcription_results/jpeg/modele_a/a-\(after)_result.json"))
                        WHERE path = \(RemotePath.sample("transcription_results/jpeg/modele_a/a-\(before)_result.json"))
                        """)
                }
            }
            try state.database.close()
            for (before, after) in [("x1", "recto"), ("x2", "verso")] {
                try bench.standIn.move(
                    "\(PassBench.root)/jpeg/a-\(before).jpg", to: "\(PassBench.root)/jpeg/a-\(after).jpg")
                try bench.standIn.move(
                    bench.resultPath("jpeg/a-\(before).jpg"), to: bench.resultPath("jpeg/a-\(after).jpg"))
            }
            #expect(try await bench.pass().transcribed == 0)
            #expect(try results(bench) == ["a-recto_result.json", "a-verso_result.json"])

            let retry = try #require(try Retry(directory: bench.stateDirectory, now: bench.now))
            let plan = try await retry.plan(RetryWish(.outdated))
            #expect((plan.sheets, plan.toAsk.map(\.count)) == (1, [1]))
            #expect(try await retry.perform(RetryWish(.outdated)).sheets == 1)
            let summary = try await bench.pass()
            #expect((summary.transcribed, summary.failures) == (1, []))
            #expect(bench.engine.calls == ["x1": 1, "x2": 1, "x1+x2": 1])
            #expect(try results(bench).contains("a_result.json"))
            #expect(try await bench.rows().count == 1)
            #expect(try await bench.pass().transcribed == 0)
        }
    }

    @Test("a late half is asked about with the first one, as with any mark")
    func lateHalf() async throws {
        try await PassBench.with { bench in
            try bench.putScan("jpeg/a-recto.jpg", "recto")
            #expect(try await bench.pass().waiting == 1)
            bench.advance(.seconds(20 * 60))
            #expect(try await bench.pass().transcribed == 1)
            try bench.putScan("jpeg/a-verso.jpg", "verso")
            #expect(try await bench.pass().transcribed == 1)
            #expect(bench.engine.calls == ["recto": 1, "recto+verso": 1])
            #expect(try results(bench) == ["a_result.json"])
        }
    }
}
