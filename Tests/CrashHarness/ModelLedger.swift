import HarnessSupport
import ModelStandIn
import Synchronization

/// What the model was asked in each run of the program, and which requests were open when it was killed.
///
/// Each run has a stand-in of its own: a request that arrives late is never taken for the next run's.
final class ModelLedger: Sendable {
    /// One request that the stand-in received whole.
    struct Call: Sendable {
        var run: Int
        var content: String
        var received: ContinuousClock.Instant
        /// When the answer was handed to the connection.
        var answered: ContinuousClock.Instant?
    }

    /// Why a content may be asked for again.
    enum Excuse: Sendable, Equatable {
        /// The kill came before the answer.
        case open
        /// The kill came that long after the answer was handed over: it may not have been stored.
        case unstored(Duration)
    }

    private struct State {
        var generator: SeededGenerator
        var calls: [Call] = []
        var kills: [Int: ContinuousClock.Instant] = [:]
    }

    private let state: Mutex<State>

    init(seed: UInt64) { state = Mutex(State(generator: SeededGenerator(seed: seed))) }

    /// A stand-in's behaviour in one run: some milliseconds, then a sheet made of the picture's digest.
    func configuration(run: Int, key: String, slowest: Duration) -> ModelStandInServer.Configuration {
        ModelStandInServer.Configuration(
            apiKeys: [key],
            answer: { call in
                let (number, latency) = self.state.withLock { state in
                    for file in call.inline {
                        state.calls.append(Call(run: run, content: file.sha256, received: .now))
                    }
                    return (state.calls.count - 1, state.generator.time(upTo: slowest))
                }
                try? await Task.sleep(for: latency)
                self.state.withLock { $0.calls[number].answered = .now }
                return .text(SampleFiche.json(for: call))
            })
    }

    func noteKill(run: Int, at instant: ContinuousClock.Instant) { state.withLock { $0.kills[run] = instant } }

    var calls: [Call] { state.withLock { $0.calls } }

    /// The calls of a run so far.
    func calls(run: Int) -> [Call] { state.withLock { $0.calls.filter { $0.run == run } } }

    /// What excuses another request after this one; `nil` when its answer arrived.
    func excuse(_ call: Call, grace: Duration) -> Excuse? {
        guard let kill = state.withLock({ $0.kills[call.run] }) else { return nil }
        guard let answered = call.answered, answered < kill else { return .open }
        return kill - answered <= grace ? .unstored(kill - answered) : nil
    }

    /// How many requests of a content were open at kills, or their answers perhaps not stored yet.
    func lost(_ content: String) -> Int {
        calls.count { $0.content == content && excuse($0, grace: Self.storing) != nil }
    }

    /// How often a content was asked about in runs that were killed: on a busy machine, storing an answer takes its time.
    func callsInKilledRuns(_ content: String) -> Int {
        let kills = state.withLock { $0.kills }
        return calls.count { $0.content == content && kills[$0.run] != nil }
    }

    /// How long an answer may take from the connection to the disk.
    private static let storing = Duration.milliseconds(500)

    /// Whether a kill just now would lose a request of a content that has lost two already.
    func wouldLoseThird(run: Int) -> Bool {
        calls(run: run).contains { call in
            call.answered.map { $0 > .now - Self.storing } ?? true && lost(call.content) >= 2
        }
    }
}
