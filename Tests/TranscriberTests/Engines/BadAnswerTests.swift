import ModelStandIn
import Testing
import Transcriber

@Suite("Every bad answer ends in a sheet or a clear reason")
struct BadAnswerTests {
    private typealias Answer = ModelStandInServer.Answer

    /// What becomes of an answer.
    enum Outcome: Sendable, Equatable {
        case sheet
        case fails(TranscriptionError.Blame)
        case reason(TranscriptionError)
    }

    /// An answer, and what becomes of it with each protocol.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let answer: ModelStandInServer.Answer
        let gemini: Outcome
        var openAI: Outcome?
        var testDescription: String { name }
    }

    private static let whole = SampleFiche.json(seed: [1, 2, 3])

    static let cases: [Case] = [
        Case(name: "a sheet", answer: .text(whole), gemini: .sheet),
        Case(name: "a sheet in a fence", answer: .text("```json\n\(whole)\n```"), gemini: .sheet),
        Case(name: "a sheet in a fence without a language", answer: .text("```\n\(whole)\n```"), gemini: .sheet),
        Case(name: "a sheet in a fence that does not end", answer: .text("```json\n\(whole)"), gemini: .sheet),
        Case(name: "words before and after", answer: .text("Voici la fiche :\n\(whole)\nVoilà !"), gemini: .sheet),
        Case(name: "a byte order mark", answer: .text("\u{FEFF}" + whole), gemini: .sheet),
        Case(name: "a list of one sheet", answer: .text("[\(whole)]"), gemini: .sheet),
        Case(name: "a sheet under a key", answer: .text("{\"fiche\": \(whole)}"), gemini: .sheet),
        Case(name: "a comma too many", answer: .text(String(whole.dropLast()) + ",}"), gemini: .sheet),
        Case(name: "one field alone", answer: .text("{\"remarque\": \"vu\"}"), gemini: .sheet),
        Case(
            name: "a name misspelt", answer: .text("{\"informations_générales\": {\"espèce\": \"Merle\"}}"),
            gemini: .sheet),
        Case(
            name: "a sheet in several parts",
            answer: .parts(
                [.init(String(whole.prefix(50))), .init(String(whole.dropFirst(50)))], finishReason: "STOP"),
            gemini: .sheet),
        Case(
            name: "thoughts first", answer: .parts([.init("Hm", thought: true), .init(whole)], finishReason: "STOP"),
            gemini: .sheet),
        Case(name: "no reason for stopping", answer: .parts([.init(whole)], finishReason: nil), gemini: .sheet),
        Case(name: "cut off", answer: .truncated(whole, keeping: 200), gemini: .reason(.cutOff)),
        Case(name: "cut off before it began", answer: .truncated(whole, keeping: 0), gemini: .reason(.cutOff)),
        Case(name: "cut off without saying so", answer: .text(String(whole.prefix(300))), gemini: .fails(.answer)),
        Case(name: "empty", answer: .text(""), gemini: .reason(.empty)),
        Case(name: "white space", answer: .text(" \n\t"), gemini: .reason(.empty)),
        Case(name: "no candidate", answer: .noCandidates, gemini: .reason(.empty)),
        Case(
            name: "thoughts alone", answer: .parts([.init("Hm", thought: true)], finishReason: "STOP"),
            gemini: .reason(.empty), openAI: .fails(.model)),
        Case(name: "an apology", answer: .text("Je ne peux pas lire cette image."), gemini: .fails(.answer)),
        Case(name: "null", answer: .text("null"), gemini: .fails(.answer)),
        Case(name: "a number", answer: .text("42"), gemini: .fails(.answer)),
        Case(name: "a string", answer: .text("\"fiche\""), gemini: .fails(.answer)),
        Case(name: "an empty object", answer: .text("{}"), gemini: .fails(.answer)),
        Case(name: "an empty list", answer: .text("[]"), gemini: .fails(.answer)),
        Case(name: "somebody else's object", answer: .text("{\"ok\": true}"), gemini: .fails(.answer)),
        Case(name: "XML", answer: .text("<fiche><n>1</n></fiche>"), gemini: .fails(.answer)),
        Case(
            name: "brackets without end", answer: .text(String(repeating: "[", count: 20_000)), gemini: .fails(.answer)),
        Case(
            name: "the same word without end",
            answer: .truncated(String(repeating: "œuf ", count: 9000), keeping: 9000),
            gemini: .reason(.repeated(excerpt: "œuf"))),
        Case(name: "refused", answer: .refused(finishReason: "SAFETY"), gemini: .fails(.answer)),
        Case(name: "recitation", answer: .refused(finishReason: "RECITATION"), gemini: .fails(.answer)),
        Case(name: "escalated", answer: .refused(finishReason: "ESCALATION"), gemini: .fails(.answer)),
        Case(name: "blocked", answer: .blocked(reason: "PROHIBITED_CONTENT"), gemini: .fails(.answer)),
        Case(
            name: "the account is limited", answer: .refused(finishReason: "PUP_LIMITED_DISABLED"),
            gemini: .fails(.model), openAI: .fails(.answer)),
        Case(
            name: "stopped for another reason", answer: .refused(finishReason: "OTHER"), gemini: .reason(.empty),
            openAI: .fails(.answer)),
        Case(
            name: "stopped on the way", answer: .parts([.init("{\"rem")], finishReason: "MALFORMED_RESPONSE"),
            gemini: .reason(.cutOff), openAI: .fails(.answer)),
        Case(name: "overloaded", answer: .overloaded, gemini: .fails(.passing)),
        Case(
            name: "an inner error", answer: .fault(GoogleFault(code: 500, status: "INTERNAL", message: "m")),
            gemini: .fails(.passing)),
        Case(
            name: "a key refused", answer: .fault(GoogleFault(code: 401, status: "UNAUTHENTICATED", message: "no")),
            gemini: .fails(.model)),
        Case(
            name: "no billing",
            answer: .fault(GoogleFault(code: 400, status: "FAILED_PRECONDITION", message: "Billing is not enabled.")),
            gemini: .fails(.model)),
        Case(name: "an unknown model", answer: .fault(.notFound("models/m is not found")), gemini: .fails(.model)),
        Case(
            name: "a quota without a name",
            answer: .fault(GoogleFault(code: 429, status: "RESOURCE_EXHAUSTED", message: "m")), gemini: .fails(.passing)
        ),
        Case(
            name: "a quota of nothing",
            answer: .fault(
                .quotaExceeded(quotaIDs: ["XPerDay", "XPerMinute"], limit: 0, model: "m", retryDelay: "9s")),
            gemini: .fails(.model)),
        Case(
            name: "leave me alone", answer: .raw(status: 429, headers: ["Retry-After": "3600"], body: "{}"),
            gemini: .fails(.model)),
        Case(
            name: "pages too large", answer: .fault(.invalidArgument("Request payload size exceeds the limit.")),
            gemini: .fails(.sheet), openAI: .fails(.model)),
        Case(
            name: "an error that calls itself an answer", answer: .json(["error": ["message": "m"]]),
            gemini: .reason(.empty), openAI: .fails(.passing)),
        Case(name: "a web page", answer: .raw(status: 200, headers: [:], body: "<html>"), gemini: .fails(.passing)),
        Case(name: "nothing at all", answer: .raw(status: 200, headers: [:], body: ""), gemini: .fails(.passing)),
        Case(
            name: "half an answer's JSON", answer: .raw(status: 200, headers: [:], body: "{\"cand"),
            gemini: .fails(.passing)),
        Case(
            name: "JSON of another service", answer: .json(["pong": true]), gemini: .reason(.empty),
            openAI: .fails(.passing)),
        Case(
            name: "fields of other types", answer: .json(["candidates": "yes", "choices": 3]), gemini: .reason(.empty),
            openAI: .fails(.passing)),
        Case(
            name: "lists of nothing", answer: .json(["candidates": [NSNullBox.value], "choices": [NSNullBox.value]]),
            gemini: .reason(.empty)),
        Case(name: "a gateway", answer: .raw(status: 502, headers: [:], body: "Bad gateway"), gemini: .fails(.passing)),
        Case(name: "a teapot", answer: .raw(status: 418, headers: [:], body: ""), gemini: .fails(.model)),
        Case(name: "a broken connection", answer: .cut, gemini: .fails(.passing)),
        Case(name: "an answer that breaks off", answer: .cutInside, gemini: .fails(.passing)),
    ]

    private func outcome(_ ask: () async throws -> EngineAnswer) async throws -> Outcome {
        do {
            let repaired = try FicheRepair.repair(try await ask().text)
            #expect(FicheSchema.violations(of: JSONValue(repaired.fiche)) == [])
            return .sheet
        } catch let error as TranscriptionError {
            return .reason(error)
        }
    }

    private func check(_ outcome: Outcome, _ expected: Outcome) {
        if case .fails(let blame) = expected {
            guard case .reason(let error) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(error.blame == blame, "\(error)")
        } else {
            #expect(outcome == expected)
        }
    }

    @Test("from Gemini", arguments: cases)
    func gemini(_ bad: Case) async throws {
        try await GeminiHarness.run(answering: bad.answer) { harness in
            check(try await outcome { try await harness.ask() }, bad.gemini)
        }
    }

    @Test("from an OpenAI-compatible server", arguments: cases)
    func openAI(_ bad: Case) async throws {
        try await OpenAIHarness.run(answering: bad.answer) { harness in
            check(try await outcome { try await harness.ask() }, bad.openAI ?? bad.gemini)
        }
    }
}

import Foundation

/// JSON's null for documents of the stand-in.
enum NSNullBox {
    static var value: any Sendable { NSNull() }
}
