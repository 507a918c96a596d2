import Foundation
import HTTP
import ModelStandIn
import NextcloudStandIn
import Synchronization
import Testing
import Transcriber

@testable import NidsSync

@Suite("A pass in batch mode")
struct PassBatchTests {
    @Test("sends a batch and does not wait; later passes send nothing more, and collect when it is done, at half price")
    func whole() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a", "b", "c")
            let sent = try await bench.run()
            #expect((sent.status, sent.transcribed, sent.waiting, sent.published) == (.success, 0, 3, 0))
            #expect(sent.waitingFor.contains { $0.contains("batch") })
            let batch = try #require(bench.model.batches.first)
            #expect(batch.displayName.hasPrefix("nids-sync ") && batch.displayName.contains(" modele_a "))
            #expect(try await bench.run().waiting == 3)
            #expect(bench.model.batches.count == 1)
            #expect(bench.model.calls.isEmpty)

            bench.pass.advance(.seconds(4000))
            let done = try await bench.run()
            #expect((done.status, done.transcribed, done.published, done.waiting) == (.success, 3, 3, 0))
            #expect(bench.answers == [1, 1, 1])
            #expect(try bench.pass.result("jpeg/a.jpg")?["nids_sync"]?["batch"] == .bool(true))
            #expect(bench.model.storedFiles.isEmpty, "what was uploaded is deleted")
            let spending = try #require(try await bench.state().spending(since: .distantPast)["modele_a"])
            #expect(spending.answers == 3 && spending.awaited == 0 && spending.lost == 0)
            let full = Double(spending.tokens.input + spending.tokens.output) / 1000
            #expect(abs(spending.cost - full / 2) < 0.001)
            #expect(try await bench.run().httpRequests == 1)
        }
    }

    @Test("a line that fails is asked about the normal way, and one that cannot be read fails its sheet")
    func failingLines() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a", "b", "c", "d")
            let declined = Mutex<String?>(nil)
            let failed = Mutex<String?>(nil)
            bench.model.configure { configuration in
                configuration.answer = { call in
                    guard let key = call.key else { return .text(SampleFiche.json(for: call)) }
                    let isFirst = failed.withLock { first in
                        if first == nil { first = key }
                        return first == key
                    }
                    if isFirst { return .overloaded }
                    let isSecond = declined.withLock { second in
                        if second == nil { second = key }
                        return second == key
                    }
                    return isSecond
                        ? .fault(.invalidArgument("Provided image is not valid.")) : .text(SampleFiche.json(for: call))
                }
            }
            _ = try await bench.run()
            bench.pass.advance(.seconds(4000))
            let summary = try await bench.run()
            #expect((summary.status, summary.transcribed, summary.published) == (.sheetFailed, 3, 3))
            #expect(summary.failures.count == 1)
            #expect(summary.failures.first?.reason.contains("declined") == true)
            #expect(bench.model.calls.count { $0.key == nil } == 1, "only the line that failed is asked again")
            let after = try await bench.run()
            #expect((after.failedBefore, after.httpRequests, bench.model.batches.count) == (1, 1, 1))
        }
    }

    @Test("two sheets of the same content are one line, and a copy that comes later waits for it too")
    func copies() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a")
            try bench.pass.putScan("jpeg/copie.jpg", "a")
            _ = try await bench.run()
            try bench.pass.putScan("jpeg/tard.jpg", "a")
            #expect(try await bench.run().waiting == 3)
            bench.pass.advance(.seconds(4000))
            #expect(try await bench.run().published == 3)
            #expect(bench.answers == [1])
        }
    }

    @Test("a scan replaced or deleted while its batch is under way loses nothing and costs no other")
    func changesMeanwhile() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a", "b", "c")
            _ = try await bench.run()
            try bench.pass.putScan("jpeg/a.jpg", "a, mieux")
            try bench.pass.standIn.delete("\(PassBench.root)/jpeg/b.jpg")
            _ = try await bench.run()
            #expect(bench.model.batches.count == 2)
            bench.pass.advance(.seconds(4000))
            _ = try await bench.run()
            #expect(try bench.hasResult("a") && bench.hasResult("c") && !bench.hasResult("b"))
            #expect(bench.answers == [1, 1, 1, 1])
            try bench.putScans("b")
            bench.pass.advance(.seconds(10))
            _ = try await bench.run()
            #expect(try bench.hasResult("b"), "its answer was kept")
            #expect(bench.answers == [1, 1, 1, 1])
        }
    }

    @Test("a budget bounds what goes into a batch, by a guess of what it will cost")
    func budget() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a", "b", "c", "d", "e")
            // At this price a line is guessed to cost 4.
            let budget = ["NIDS_TRANSCRIPTION_MONTHLY_BUDGET": "10"]
            let summary = try await bench.run(settings: budget)
            #expect(try await bench.awaited == [3])
            #expect(summary.waiting == 5)
            #expect(summary.waitingFor.contains { $0.contains("budget") })
            bench.pass.advance(.seconds(4000))
            #expect(try await bench.run(settings: budget).published == 3, "what is done is collected all the same")
        }
    }

    @Test("batches under way are collected by passes that send none")
    func collectedOnce() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a")
            _ = try await bench.run()
            try bench.putScans("b")
            let summary = try await bench.run(batch: false)
            #expect((summary.published, summary.waiting) == (1, 1))
            #expect(try bench.hasResult("b"))
            bench.pass.advance(.seconds(4000))
            #expect(try await bench.run(batch: false).published == 1)
            #expect(bench.answers == [1, 1])
        }
    }

    @Test("a sheet touched, moved or copied while its batch is under way is asked by nobody else, batches on or off")
    func touched() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a", "b")
            _ = try await bench.run()
            try bench.pass.standIn.move("\(PassBench.root)/jpeg/a.jpg", to: "\(PassBench.root)/jpeg/c.jpg")
            try bench.putScans("b")
            try bench.pass.putScan("jpeg/copie.jpg", "b")
            let plain = try await bench.run(batch: false)
            #expect((plain.transcribed, plain.waiting) == (0, 3))
            #expect(bench.model.calls.isEmpty)
            bench.pass.advance(.seconds(4000))
            #expect(try await bench.run(batch: false).published == 3)
            #expect(bench.answers == [1, 1])
        }
    }

    @Test("an answer of a batch counts what was billed for it, be it none")
    func costOfNothing() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a")
            bench.model.configure { configuration in
                configuration.answer = { call in
                    call.key == nil ? .text(SampleFiche.json(for: call)) : .truncated("{\"a\": 1}", keeping: 4)
                }
            }
            _ = try await bench.run()
            bench.pass.advance(.seconds(4000))
            #expect(try await bench.run().published == 1)
            let spending = try #require(try await bench.state().spending(since: .distantPast)["modele_a"])
            #expect((spending.requests, spending.answers) == (2, 1))
            #expect(spending.tokens.input > 500, "of both")
        }
    }

    @Test("a deleted result does not keep a new scan's answer, come by batch, from being published")
    func newContentAfterDeletion() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a")
            _ = try await bench.run()
            bench.pass.advance(.seconds(4000))
            _ = try await bench.run()
            try bench.pass.standIn.delete(bench.pass.resultPath("jpeg/a.jpg"))
            _ = try await bench.run()
            try bench.pass.putScan("jpeg/a.jpg", "a, mieux")
            _ = try await bench.run()
            bench.pass.advance(.seconds(4000))
            #expect(try await bench.run().published == 1)
            #expect(try bench.hasResult("a"))
        }
    }
}
