import Synchronization
import Transcriber

/// Keeps a model that has lost its mind from being paid for it sheet after sheet.
///
/// A model whose last answer was usable is trusted, and asked about as many sheets at once as its provider takes. One
/// that has not answered yet is asked about two at a time, one whose last answer was none about one; after several
/// different sheets in a row it rests.
final class ModelBrake: Sendable {
    private struct State {
        var record: AnswerRecord
        /// The requests under way.
        var underWay = 0
        var waiting: [CheckedContinuation<Void, Never>] = []

        /// Two that use up all their room are as many as may be paid for.
        var isFull: Bool { !record.isTrusted && underWay >= max(1, 2 - record.sheets.count) }
    }

    private let states = Mutex<[String: State]>([:])

    /// Does the work on a request: at once for a trusted model, else when few enough are under way.
    /// - Throws: `DatabaseError`, and what the work throws.
    func run<Value: Sendable>(
        _ model: String, _ state: StateDatabase, _ work: () async throws -> Value
    ) async throws -> Value {
        try await learn(model, state)
        while !begin(model) { await waitForTurn(model) }
        defer { end(model) }
        return try await work()
    }

    /// Has the record of a model at hand, from the state where this process has not asked it yet.
    /// - Throws: `DatabaseError`.
    func learn(_ model: String, _ state: StateDatabase) async throws {
        guard states.withLock({ $0[model] }) == nil else { return }
        let stored = try await state.read { try $0.requests.answerRecord(of: model) }
        states.withLock { $0[model] = $0[model] ?? State(record: stored) }
    }

    private func begin(_ model: String) -> Bool {
        states.withLock { states in
            guard var state = states[model], !state.isFull else { return states[model] == nil }
            state.underWay += 1
            states[model] = state
            return true
        }
    }

    /// Returns when another request has ended, at once where there is a turn already.
    private func waitForTurn(_ model: String) async {
        await withCheckedContinuation { continuation in
            let hasTurn = states.withLock { states in
                guard states[model]?.isFull == true else { return true }
                states[model]?.waiting.append(continuation)
                return false
            }
            if hasTurn { continuation.resume() }
        }
    }

    private func end(_ model: String) {
        let waiting = states.withLock { states in
            states[model]?.underWay -= 1
            defer { states[model]?.waiting = [] }
            return states[model]?.waiting ?? []
        }
        for continuation in waiting { continuation.resume() }
    }

    func record(of model: String) -> AnswerRecord { states.withLock { $0[model]?.record ?? AnswerRecord() } }

    /// Counts a usable answer.
    func noteAnswer(_ model: String, _ usage: TokenUsage?) {
        states.withLock { $0[model, default: State(record: AnswerRecord())].record.answered(usage) }
    }

    /// Counts a request that brought none.
    ///
    /// - Returns: the record with it.
    func noteNone(
        _ model: String, _ content: String, _ kind: AnswerRecord.Fruitlessness, usage: TokenUsage?, cost: Double?
    ) -> AnswerRecord {
        states.withLock { states in
            states[model, default: State(record: AnswerRecord())].record.add(content, kind, usage: usage, cost: cost)
            return states[model]?.record ?? AnswerRecord()
        }
    }
}
