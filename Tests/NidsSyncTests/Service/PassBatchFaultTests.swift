import Foundation
import GRDB
import HTTP
import ModelStandIn
import NextcloudStandIn
import Synchronization
import Testing
import Transcriber

@testable import NidsSync

@Suite("A batch that goes wrong, or whose state does")
struct PassBatchFaultTests {
    @Test("a batch whose making was cut short is looked for by its name, and not made twice")
    func doubt() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a", "b")
            let cuts = Mutex(1)
            bench.model.configure { configuration in
                configuration.replace = { incoming in
                    guard incoming.path.hasSuffix(":batchGenerateContent") else { return nil }
                    return cuts.withLock { left in
                        left -= 1
                        return left >= 0 ? .cut : nil
                    }
                }
            }
            #expect(try await bench.run().status == .unavailable)
            #expect(bench.model.batches.count == 1)
            #expect(try await bench.state().openBatches().map(\.stage) == [.sending])
            _ = try await bench.run()
            #expect(bench.model.batches.count == 1)
            bench.pass.advance(.seconds(4000))
            #expect(try await bench.run().published == 2)
            #expect(bench.answers == [1, 1])
        }
    }

    @Test("what could not be sent is sent by a later pass, from the file that was written")
    func sentLater() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a", "b")
            bench.model.configure { configuration in
                configuration.intercept = { $0.path.contains("upload") ? .overloaded : nil }
            }
            let summary = try await bench.run()
            #expect((summary.status, summary.waiting) == (.unavailable, 2))
            #expect(bench.model.batches.isEmpty)
            bench.model.configure { $0.intercept = { _ in nil } }
            bench.pass.advance(.seconds(60))
            _ = try await bench.run()
            #expect(bench.model.batches.count == 1)
            bench.pass.advance(.seconds(4000))
            #expect(try await bench.run().published == 2)
        }
    }

    @Test("a batch that expired, or is not known any more, is sent anew", arguments: [true, false])
    func withoutResults(expires: Bool) async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a", "b")
            if expires { bench.model.configure { $0.batchOutcome = { _ in .expired } } }
            _ = try await bench.run()
            if expires {
                bench.pass.advance(.seconds(4000))
            } else {
                bench.model.forgetBatches()
                _ = try await bench.run()
                #expect(bench.model.batches.isEmpty, "once is not enough to believe it")
                bench.pass.advance(.seconds(700))
            }
            _ = try await bench.run()
            bench.model.configure { $0.batchOutcome = { _ in .succeeded } }
            #expect(bench.model.batches.count == (expires ? 2 : 1))
            bench.pass.advance(.seconds(4000))
            #expect(try await bench.run().published == 2)
        }
    }

    @Test("an answer that nobody awaits any more is kept: it has been paid for")
    func unawaited() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a", "b")
            _ = try await bench.run()
            // As if the lines had been written and the rows for them had not.
            let state = try StateDatabase(directory: bench.pass.stateDirectory)
            try await state.database.write { try $0.execute(sql: "DELETE FROM model_request") }
            try state.database.close()
            bench.pass.advance(.seconds(4000))
            #expect(try await bench.run().published == 2)
            #expect(bench.model.batches.count == 1)
            #expect(bench.answers == [1, 1])
        }
    }

    @Test("what was gathered and not sent is gathered anew after a restart")
    func discarded() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a", "b")
            _ = try await bench.run(batch: true, limit: 1)
            #expect(try await bench.awaited == [1])
            // As if the process had died while it gathered.
            let state = try StateDatabase(directory: bench.pass.stateDirectory)
            try await state.database.write { db in
                try db.execute(sql: "UPDATE batch SET stage = 'gathering', name = NULL")
            }
            try state.database.close()
            bench.model.forgetBatches()
            _ = try await bench.run()
            #expect(try await bench.awaited == [2])
        }
    }

    @Test("a name that the provider does not list yet is waited for, before the batch is sent once more")
    func lateListing() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a")
            let isHidden = Mutex(true)
            bench.model.configure { configuration in
                configuration.replace = { incoming in
                    if incoming.path.hasSuffix(":batchGenerateContent") { return .cut }
                    let isList = incoming.method == "GET" && incoming.path.hasSuffix("/batches")
                    return isList && isHidden.withLock { $0 } ? .json([:]) : nil
                }
            }
            _ = try await bench.run()
            _ = try await bench.run()
            #expect(bench.model.batches.count == 1)
            isHidden.withLock { $0 = false }
            bench.pass.advance(.seconds(4000))
            #expect(try await bench.run().published == 1)
            #expect(bench.model.batches.count == 1)
        }
    }

    @Test("a batch that a lost state has sent is waited for, and its answers are used")
    func lostState() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a", "b")
            _ = try await bench.run()
            try bench.pass.removeState()
            let waiting = try await bench.run()
            #expect((waiting.transcribed, waiting.waiting) == (0, 2))
            #expect(waiting.waitingFor.contains { $0.contains("before the state was lost") })
            #expect(bench.model.batches.count == 1)
            bench.pass.advance(.seconds(4000))
            #expect(try await bench.run().published == 2)
            #expect(bench.model.batches.count == 1)
            #expect(bench.answers == [1, 1])
        }
    }

    @Test("a batch whose results are not kept any more is asked about anew, and its model does not rest for it")
    func resultsGone() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a")
            _ = try await bench.run()
            bench.pass.advance(.seconds(4000))
            bench.model.configure { configuration in
                configuration.intercept = {
                    $0.path.contains("/download/") ? .fault(.notFound("files/x is not found.")) : nil
                }
            }
            let summary = try await bench.run()
            #expect(summary.status == .success)
            #expect(bench.model.batches.count == 2)
            bench.model.configure { $0.intercept = { _ in nil } }
            bench.pass.advance(.seconds(4000))
            #expect(try await bench.run().published == 1)
        }
    }

    @Test("a batch of a lost state that is done already brings its answers at once, and nothing is sent")
    func lostStateAfterwards() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a", "b")
            _ = try await bench.run()
            try bench.pass.removeState()
            bench.pass.advance(.seconds(4000))
            let first = try await bench.run()
            let second = try await bench.run()
            #expect(first.published + second.published == 2)
            #expect(bench.model.batches.count == 1)
            #expect(bench.answers == [1, 1])
        }
    }

    @Test("whoever wants no batches any more has what was not sent asked the normal way")
    func switchedOff() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a")
            bench.model.configure { configuration in
                configuration.intercept = {
                    $0.path.contains(":batchGenerateContent")
                        ? .fault(.notFound("this model does no batches")) : nil
                }
            }
            let summary = try await bench.run()
            #expect((summary.status, summary.waiting) == (.success, 1))
            #expect(summary.waitingFor.contains { $0.contains("does no batches") })
            bench.pass.advance(.seconds(100))
            #expect(try await bench.run(batch: false).published == 1)
        }
    }

    @Test("a fault of the account keeps the batch until it is over, and fails no sheet")
    func accountFault() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a", "b")
            bench.model.configure { configuration in
                configuration.intercept = {
                    $0.path.contains(":batchGenerateContent")
                        ? .fault(
                            .quotaExceeded(
                                quotaIDs: ["BatchesPerDayPerProject"], limit: 5, model: "m", retryDelay: "1s")) : nil
                }
            }
            let summary = try await bench.run()
            #expect((summary.status, summary.failures.count, summary.waiting) == (.success, 0, 2))
            bench.model.configure { $0.intercept = { _ in nil } }
            bench.pass.advance(.seconds(90_000))
            _ = try await bench.run()
            bench.pass.advance(.seconds(4000))
            #expect(try await bench.run().published == 2)
        }
    }
}
