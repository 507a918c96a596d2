import Foundation
import Transcriber

/// What a model's requests together tell of the model.
extension Asker {
    /// A rest is longer than a pass waits for: else it would try again and again within the pass.
    private static let shortestRest = Duration.seconds(300)

    /// Does the work on a request to a model when the model may have it.
    /// - Throws: `DatabaseError`, and what the work throws.
    func inTurn<Value: Sendable>(
        _ engine: EngineSet.Member, _ job: SheetJob, _ work: () async throws -> Value
    ) async throws -> Value {
        // Where nobody is billed there is nothing to be careful with.
        if engine.isLocal { return try await engine.gate.run(work) }
        return try await brake.run(job.model, state) { try await engine.gate.run(work) }
    }

    /// The room for the answer to the next request, `nil` for as much as the engine's settings allow.
    func room(_ engine: EngineSet.Member, _ job: SheetJob) -> Int? {
        engine.fitsRoom ? brake.record(of: job.model).room : nil
    }

    /// `true` where a request whose room was used up is made once more at once: not before it is known that the model
    /// answers at all.
    func asksForMoreRoom(_ engine: EngineSet.Member, _ job: SheetJob, _ key: AnswerKey) -> Bool {
        let record = brake.record(of: job.model)
        return engine.isLocal || record.hasAnswered && record.sheets == [key.content]
    }

    /// Counts an answer, a sheet without a value among those that are none: one may well be so, several are not.
    func noteAnswer(
        _ engine: EngineSet.Member, _ job: SheetJob, _ key: AnswerKey, _ answer: EngineAnswer, _ fiche: Fiche
    )
        async
    {
        guard !engine.runsHere else { return }
        guard fiche.isBlank else { return brake.noteAnswer(job.model, answer.usage) }
        let cost = answer.usage.flatMap { engine.price?.cost(of: $0) }
        await rest(engine, job, key, .unread, answer.usage, cost, "there is no value in it")
    }

    /// Counts a request that brought no usable answer, and has the model rest after several sheets in a row.
    func noteNone(
        _ error: TranscriptionError, _ usage: TokenUsage?, _ engine: EngineSet.Member, _ job: SheetJob, _ key: AnswerKey
    ) async {
        guard !engine.runsHere, RequestOutcome.fruitless.contains(error.requestOutcome) else { return }
        let cost = usage.flatMap { engine.price?.cost(of: $0) }
        await rest(engine, job, key, .init(error.requestOutcome), usage, cost, error.words(of: job.model))
    }

    private func rest(
        _ engine: EngineSet.Member, _ job: SheetJob, _ key: AnswerKey, _ kind: AnswerRecord.Fruitlessness,
        _ usage: TokenUsage?, _ cost: Double?, _ last: String
    ) async {
        let record = brake.noteNone(job.model, key.content, kind, usage: usage, cost: cost)
        let limit = record.limit(isBilled: !engine.isLocal)
        guard record.sheets.count >= limit else { return }
        let wait = max(Self.shortestRest, PauseSchedule.wait(attempt: record.requests - limit + 1))
        await pauses.pause(job.model, .model(label: job.model, Self.words(record, last)), for: wait, isNamed: true)
    }

    private static func words(_ record: AnswerRecord, _ last: String) -> String {
        let tokens = record.usage.input + record.usage.output + record.usage.thinking
        let spent =
            record.cost > 0
            ? String(format: "%d tokens, %.2f in money, went into them", tokens, record.cost)
            : "\(tokens) tokens went into them"
        return
            "the model gave no usable answer for \(record.sheets.count) sheets in a row (the last: \(last)); "
            + "\(spent): it rests, then one sheet is tried"
    }
}

extension Fiche {
    /// Set where there is no value in it, or one text in all its fields, such as the form's own words.
    var isBlank: Bool {
        var values: [JSONValue] = []
        Self.collect(JSONValue(self), &values)
        let texts = values.compactMap(\.string)
        return values.isEmpty || texts.count > 3 && Set(texts).count == 1
    }

    private static func collect(_ value: JSONValue, _ values: inout [JSONValue]) {
        switch value {
        case .object(let object): for member in object.members { collect(member.value, &values) }
        case .array(let list): for element in list { collect(element, &values) }
        case .null: break
        default: values.append(value)
        }
    }
}
