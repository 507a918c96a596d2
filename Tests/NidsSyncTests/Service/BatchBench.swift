import Foundation
import HTTP
import ModelStandIn
import NextcloudStandIn
import Testing
import Transcriber

@testable import NidsSync

/// Passes in batch mode, with a stand-in for Google's API that does batches.
struct BatchBench: Sendable {
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

    func state() throws -> StateDatabase { try StateDatabase(copyOf: pass.stateDirectory) }

    /// The sheets in each batch that is under way.
    var awaited: [Int] { get async throws { try await state().openBatches().map(\.awaited) } }

    /// How often each sheet was answered, batches and single requests together.
    var answers: [Int] { model.callsByDigest.values.sorted() }
}
