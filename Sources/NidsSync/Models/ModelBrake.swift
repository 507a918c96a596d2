import Synchronization
import Transcriber

/// Keeps a model that has lost its mind from being paid for it sheet after sheet.
///
/// A model whose last answer was usable is trusted, and asked about as many sheets at once as its provider takes. One
/// that has not answered yet, or whose last answer was none, is asked about one at a time; after several different
/// sheets in a row it rests.
final class ModelBrake: Sendable {
    private let records = Mutex<[String: AnswerRecord]>([:])
    private let turns = KeyedGate<String>()

    /// Does the work on a request: at once for a trusted model, else when no other request to it is new.
    /// - Throws: `DatabaseError`, and what the work throws.
    func run<Value: Sendable>(
        _ model: String, _ state: StateDatabase, _ work: () async throws -> Value
    ) async throws -> Value {
        if records.withLock({ $0[model] }) == nil {
            let stored = try await state.read { try $0.requests.answerRecord(of: model) }
            records.withLock { $0[model] = $0[model] ?? stored }
        }
        while !record(of: model).isTrusted {
            let value = try await turns.run(model) { try await record(of: model).isTrusted ? nil : work() }
            // Those that were waiting for their turn need none any more.
            if let value { return value }
        }
        return try await work()
    }

    func record(of model: String) -> AnswerRecord { records.withLock { $0[model] ?? AnswerRecord() } }

    /// Counts a usable answer.
    func noteAnswer(_ model: String, _ usage: TokenUsage?) {
        records.withLock { $0[model, default: AnswerRecord()].answered(usage) }
    }

    /// Counts a request that brought none.
    ///
    /// - Returns: the record with it.
    func noteNone(
        _ model: String, _ content: String, _ kind: AnswerRecord.Fruitlessness, usage: TokenUsage?, cost: Double?
    ) -> AnswerRecord {
        records.withLock {
            $0[model, default: AnswerRecord()].add(content, kind, usage: usage, cost: cost)
            return $0[model, default: AnswerRecord()]
        }
    }
}
