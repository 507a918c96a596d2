@testable import Transcriber

/// What models and their providers answer.
enum AnswerTargets {
    private static let key = APIKey("sk-0123456789abcdef")

    static func json(_ bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes) else { return }
        for style: JSONValue.Style in [.canonical, .readable] {
            let again = try? JSONValue(parsing: value.serialized(style))
            precondition(again?.serialized(.canonical) == value.serialized(.canonical))
        }
        _ = value.hashValue
        _ = FicheSchema.violations(of: value)
        if let usage = TokenUsage(value) { precondition(usage.input >= 0 && (usage + usage).output >= 0) }
    }

    /// Whatever is made of an answer is a sheet of the result's form, which holds as its own repair.
    static func repair(_ bytes: [UInt8]) {
        let kind: PromptKind = bytes.count % 2 == 0 ? .standard : .ancien
        if let repaired = try? FicheRepair.repair(String(decoding: bytes, as: UTF8.self), promptKind: kind) {
            let document = JSONValue(repaired.fiche)
            precondition(FicheSchema.violations(of: document).isEmpty)
            precondition(!document.serialized().utf8.contains(0))
            let again = try? FicheRepair.repair(document, promptKind: kind)
            precondition(again?.fiche == repaired.fiche)
            _ = Consensus([("a", repaired.fiche), ("b", Fiche())], checks: repaired.checks)
        }
        guard let document = try? JSONValue(parsing: bytes) else { return }
        _ = try? FicheRepair.repair(document, promptKind: kind)
        _ = FicheScore.compare(read: document, truth: document)
    }

    static func gemini(_ bytes: [UInt8]) {
        guard let answer = try? GeminiAnswer(bytes, redacting: key) else { return }
        _ = answer.usage
        _ = try? answer.engineAnswer(model: "model")
        guard let document = try? JSONValue(parsing: bytes) else { return }
        _ = GeminiFault(status: document, redacting: key).error(formIsKnownGood: true)
        _ = GeminiFault(status: document["error"] ?? document, redacting: key).error(formIsKnownGood: false)
    }

    static func openAI(_ bytes: [UInt8]) {
        guard let answer = OpenAIAnswer(bytes, redacting: key) else { return }
        if let usage = answer.usage { precondition(usage.output >= 0) }
        _ = try? answer.engineAnswer(model: "model", limit: 100, hasRead: false)
    }

    static func batchLines(_ bytes: [UInt8]) {
        for line in bytes.split(separator: 0x0A).prefix(1000) {
            guard let document = try? JSONValue(parsing: line) else { continue }
            _ = GeminiBatch.Job(document, redacting: key)
            if let response = document["response"] {
                _ = try? GeminiAnswer(response, redacting: key).engineAnswer(model: "model")
            }
        }
    }
}
