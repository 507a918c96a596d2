import Foundation
import GRDB
import HTTP
import ModelStandIn
import NextcloudStandIn
import Synchronization
import Testing
import Transcriber

@testable import NidsSync

/// Passes in batch mode, with a stand-in for Google's API that does batches.
private struct BatchBench: Sendable {
    let pass: PassBench
    let model: ModelStandInServer

    static func with(_ body: @Sendable (BatchBench) async throws -> Void) async throws {
        try await PassBench.with { pass in
            let model = ModelStandInServer(ModelStandInServer.Configuration(clock: { pass.now }))
            model.configure { $0.batchDuration = 3600 }
            try await model.whileRunning { try await body(BatchBench(pass: pass, model: model)) }
        }
    }

    /// One `--once --batch`.
    func run(
        batch: Bool = true, limit: Int? = nil, settings: [String: String] = [:]
    ) async throws -> PassSummary {
        let engine = GeminiEngine(
            label: "modele_a", model: "gemini-3.8-flash", apiKey: "key", baseURL: model.baseURL, client: HTTPClient())
        let member = EngineSet.Member(
            engine: engine, isPaid: true, gate: RequestGate(),
            price: ModelCatalogue.Price(input: 1000, output: 1000), converter: PageConverter(AcceptedInput()),
            batch: GeminiBatch(engine), batchOptions: GeminiEngine.Options())
        var options = PassOptions()
        options.usesBatch = batch
        options.limit = limit
        return try await pass.pass(options, settings: settings, engines: ["modele_a": member])
    }

    func putScans(_ names: String...) throws {
        for name in names { try pass.putScan("jpeg/\(name).jpg", name) }
    }

    func hasResult(_ name: String) throws -> Bool { try pass.result("jpeg/\(name).jpg") != nil }

    func state() throws -> StateStore { try StateStore(copyOf: pass.stateDirectory) }

    /// The sheets in each batch that is under way.
    var awaited: [Int] { get async throws { try await state().openBatches().map(\.awaited) } }

    /// How often each sheet was answered, batches and single requests together.
    var answers: [Int] { model.callsByDigest.values.sorted() }
}

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

    @Test("a line that fails is asked about the normal way, and one that is declined fails its sheet")
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
                    return isSecond ? .refused(finishReason: "SAFETY") : .text(SampleFiche.json(for: call))
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

    @Test("what was gathered and not sent is gathered anew after a restart")
    func discarded() async throws {
        try await BatchBench.with { bench in
            try bench.putScans("a", "b")
            _ = try await bench.run(batch: true, limit: 1)
            #expect(try await bench.awaited == [1])
            // As if the process had died while it gathered.
            let state = try StateStore(directory: bench.pass.stateDirectory)
            try await state.database.write { db in
                try db.execute(sql: "UPDATE batch SET stage = 'gathering', name = NULL")
            }
            try state.database.close()
            bench.model.forgetBatches()
            _ = try await bench.run()
            #expect(try await bench.awaited == [2])
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
