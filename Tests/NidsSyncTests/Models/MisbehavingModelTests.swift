import HTTP
import ModelStandIn
import Synchronization
import Testing
import Transcriber

@testable import NidsSync

/// Real engines that ask a stand-in over HTTP, in passes over fifty sheets.
@Suite("The bill of a model that has lost its mind", .serialized)
struct MisbehavingModelTests {
    private static let sheets = 50
    private static let price = ModelCatalogue.Price(input: 0.75, output: 3.75)
    private static let good = cost(BilledAnswer(""))

    private static func cost(_ answer: BilledAnswer) -> Double {
        price.cost(of: TokenUsage(input: BilledAnswer.input, output: answer.output, thinking: answer.thinking))
    }

    /// The answers that were given, and what they cost.
    private final class Bill: Sendable {
        private let state = Mutex((cost: 0.0, requests: 0, usable: 0))
        var total: Double { state.withLock { $0.cost } }
        var requests: Int { state.withLock { $0.requests } }
        var usable: Int { state.withLock { $0.usable } }

        func add(_ answer: BilledAnswer, isUsable: Bool) {
            state.withLock {
                $0.cost += MisbehavingModelTests.cost(answer)
                $0.requests += 1
                if isUsable { $0.usable += 1 }
            }
        }
    }

    private func member(_ server: ModelStandInServer, _ api: ModelAPI) -> EngineSet.Member {
        let engine: any Engine =
            switch api {
            case .gemini:
                GeminiEngine(
                    label: "modele_a", model: "gemini-3.8-flash", apiKey: "k", baseURL: server.baseURL,
                    client: HTTPClient())
            case .openAI:
                OpenAIEngine(
                    label: "modele_a", model: "gemini-3.8-flash", apiKey: "k", baseURL: server.baseURL,
                    client: HTTPClient())
            }
        return EngineSet.Member(engine: engine, isPaid: true, gate: RequestGate(), price: Self.price)
    }

    /// Passes over fifty sheets with a model that answers so; `nil` is a good answer.
    ///
    /// - Parameter pause: the time between two passes.
    private func run(
        _ api: ModelAPI = .gemini, passes: Int = 1, pause: Duration = .zero,
        answer: @escaping @Sendable (ModelCall, Int) -> BilledAnswer?,
        _ check: @Sendable (Int, PassSummary, Bill) throws -> Void
    ) async throws {
        let bill = Bill()
        let configuration = ModelStandInServer.Configuration(answer: { call in
            let misbehaved = answer(call, bill.requests)
            let given = misbehaved ?? BilledAnswer(SampleFiche.json(for: call))
            bill.add(given, isUsable: misbehaved == nil)
            return given.answer(to: call)
        })
        try await ModelStandInServer.withRunning(configuration) { server in
            try await PassBench.with { bench in
                for index in 0..<Self.sheets { try bench.putScan("jpeg/\(index).jpg", "sheet \(index)") }
                for number in 1...passes {
                    try check(number, try await bench.pass(engines: ["modele_a": member(server, api)]), bill)
                    bench.advance(pause)
                }
            }
        }
    }

    @Test(
        "over fifty sheets is under that of five good answers, in this pass and in the next, and none of them fails",
        arguments: Misbehaviour.allCases, [ModelAPI.gemini, .openAI])
    func bill(mode: Misbehaviour, api: ModelAPI) async throws {
        try await run(api, passes: 2, answer: { call, _ in mode.answer(to: call) }) { _, summary, bill in
            #expect(bill.total < 5 * Self.good, "\(bill.requests) requests")
            #expect(bill.requests >= 2, "one sheet is no proof")
            #expect(summary.failures.isEmpty)
            let reason = summary.waitingFor.joined(separator: "\n")
            #expect(reason.contains("in a row") && reason.contains("tokens"), "\(reason)")
            if [.hiddenThoughts, .shownThoughts].contains(mode) { #expect(reason.contains("was thinking")) }
            if [.numberLoop, .rowLoop, .countingLoop, .wordLoop, .whitespaceLoop].contains(mode) {
                #expect(reason.contains("repeated itself"))
            }
        }
    }

    @Test("is the good sheets' own where it only now and then gives nothing", arguments: [ModelAPI.gemini, .openAI])
    func now(api: ModelAPI) async throws {
        let silenced = Mutex<(number: Int, contents: Set<String>)>((0, []))
        try await run(
            api,
            answer: { call, _ in
                // No sheet meets with it again and again by chance, and no two answers that are made at once do.
                let content = call.inline.first?.sha256 ?? ""
                let isSilenced = silenced.withLock { silenced in
                    silenced.number += 1
                    return silenced.number % 5 == 0 && silenced.contents.insert(content).inserted
                }
                guard isSilenced else { return nil }
                return Misbehaviour.silence.answer(to: call)
            }
        ) { _, summary, bill in
            #expect((summary.published, summary.failures.count) == (Self.sheets, 0))
            #expect(bill.usable == Self.sheets)
        }
    }

    @Test(
        "is little more than the good sheets' own where one sheet has it repeat itself, and that one fails",
        arguments: [ModelAPI.gemini, .openAI])
    func oneSheet(api: ModelAPI) async throws {
        let first = Mutex<String?>(nil)
        try await run(
            api,
            answer: { call, _ in
                let content = call.inline.first?.sha256 ?? ""
                let bad = first.withLock { first in
                    first = first ?? content
                    return first
                }
                return content == bad ? Misbehaviour.numberLoop.answer(to: call) : nil
            }
        ) { _, summary, bill in
            #expect((summary.published, summary.failures.count) == (Self.sheets - 1, 1))
            #expect(summary.failures.first?.reason.contains("repeated itself without end") == true)
            #expect(bill.requests == Self.sheets + 1)
            #expect(bill.total < Double(Self.sheets - 1 + 5) * Self.good)
        }
    }

    @Test("ends with its madness: after its rest one sheet is tried, then all are read")
    func recovers() async throws {
        try await run(
            passes: 2, pause: .seconds(301),
            answer: { call, number in number < 2 ? Misbehaviour.numberLoop.answer(to: call) : nil }
        ) { number, summary, bill in
            switch number {
            case 1: #expect((summary.status, summary.published, bill.requests) == (.unavailable, 0, 2))
            default:
                #expect((summary.status, summary.published) == (.success, Self.sheets))
                #expect(bill.requests == Self.sheets + 2)
            }
        }
    }

    @Test("a model that only thinks long is given more room after its rests, and reads all sheets then")
    func thinker() async throws {
        try await run(
            passes: 3, pause: .seconds(3601),
            answer: { call, _ in call.answerLimit < 10_000 ? Misbehaviour.hiddenThoughts.answer(to: call) : nil }
        ) { number, summary, bill in
            if number == 1 { #expect((summary.published, bill.requests) == (0, 2)) }
            #expect(summary.failures.isEmpty)
            if number == 3 { #expect(bill.usable == Self.sheets && bill.requests <= Self.sheets + 4) }
        }
    }
}
