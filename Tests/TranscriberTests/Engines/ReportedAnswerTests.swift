import Foundation
import ModelStandIn
import Testing
import Transcriber

/// What people report of model servers, each with the place it is from.
@Suite("Answers from public reports")
struct ReportedAnswerTests {
    enum Outcome: Sendable {
        case sheet
        case fails(TranscriptionError.Blame, saying: String = "")
    }

    struct Report: Sendable, CustomTestStringConvertible {
        let source: String
        var status = 200
        let body: String
        let outcome: Outcome
        var testDescription: String { source }
    }

    private static let whole = SampleFiche.json(seed: [1, 2, 3])

    /// A chat completion with that message, and what stands beside it.
    private static func chat(_ message: String, finish: String = "\"stop\"", usage: String = "null") -> String {
        "{\"id\": \"c\", \"object\": \"chat.completion\", \"model\": \"m\", \"choices\": "
            + "[{\"index\": 0, \"message\": \(message), \"finish_reason\": \(finish)}], \"usage\": \(usage)}"
    }

    private static func quoted(_ text: String) -> String { JSONValue.string(text).serialized(.canonical) }

    private static func saying(_ text: String) -> String {
        "{\"role\": \"assistant\", \"content\": \(quoted(text)), \"tool_calls\": null}"
    }

    private static func refusal(_ message: String, code: String = "400") -> String {
        "{\"error\": {\"message\": \(quoted(message)), \"type\": null, \"param\": null, \"code\": \"\(code)\"}}"
    }

    static let chats: [Report] = [
        Report(
            source: "open-webui/open-webui#23931, thoughts in tags",
            body: chat(saying("<think>\nLa fiche…\n</think>\n\n\(whole)")), outcome: .sheet),
        Report(
            source: "ollama/ollama#10929, the first brace and quote twice when it thinks",
            body: chat(saying("{\"" + whole)), outcome: .sheet),
        Report(
            source: "vllm-project/vllm#41902, neither content nor thoughts, but tokens",
            body: chat(
                "{\"role\": \"assistant\", \"content\": null, \"reasoning\": null}",
                usage: "{\"prompt_tokens\": 2600, \"completion_tokens\": 812}"), outcome: .fails(.answer)),
        Report(
            source: "jjang-ai/mlxstudio#7, an error as the content of an answer",
            body: chat(saying("Generation failed: missing 1 required positional argument"), finish: "\"error\""),
            outcome: .fails(.answer)),
        Report(
            source: "BerriAI/litellm#10793, SGLang's context", status: 400,
            body: refusal("The input (14429 tokens) is longer than the model's context length (8192 tokens)."),
            outcome: .fails(.model, saying: "context is too small")),
        Report(
            source: "refly-ai/refly#1177, OpenRouter's context", status: 400,
            body: refusal(
                "This endpoint's maximum context length is 32768 tokens. However, you requested about 42832 tokens "
                    + "(42832 of text input)."), outcome: .fails(.model, saying: "context is too small")),
        Report(
            source: "BrokkAi/brokk-app#540, Anthropic behind LiteLLM", status: 400,
            body: refusal(
                "litellm.BadRequestError: AnthropicException - b'{\"type\":\"error\",\"error\":{\"message\":\"input "
                    + "length and `max_tokens` exceed context limit: 179413 + 32768 > 200000\"}}'"),
            outcome: .fails(.model, saying: "context is too small")),
        Report(
            source: "OpenHands/OpenHands#5350, a prompt too long behind LiteLLM", status: 400,
            body: refusal("litellm.ContextWindowExceededError: prompt is too long: 209303 tokens > 200000 maximum"),
            outcome: .fails(.model, saying: "context is too small")),
        Report(
            source: "BerriAI/litellm#18282, Gemini behind LiteLLM", status: 400,
            body: refusal("The input token count exceeds the maximum number of tokens allowed (1048576)."),
            outcome: .fails(.model, saying: "context is too small")),
        Report(
            source: "jaylfc/taOS#1738, RKLLM's context", status: 400,
            body: refusal("Prompt is 11543 tokens but the model context window is 4096 tokens."),
            outcome: .fails(.model, saying: "context is too small")),
        Report(
            source: "cloudflare/workers-sdk and others: the answer is JSON already, not a text",
            body: chat("{\"role\": \"assistant\", \"content\": \(whole)}"), outcome: .sheet),
        Report(
            source: "counts as decimals, and none of one kind",
            body: chat(saying(whole), usage: "{\"prompt_tokens\": 2600.0, \"completion_tokens\": null}"),
            outcome: .sheet),
        Report(
            source: "no reason for stopping, as some balancers leave it out", body: chat(saying(whole), finish: "null"),
            outcome: .sheet),
    ]

    static let geminis: [Report] = [
        Report(
            source: "vercel/ai#5039, content without parts",
            body: """
                {"candidates": [{"content": {}, "finishReason": "MALFORMED_FUNCTION_CALL"}],
                 "usageMetadata": {"promptTokenCount": 9056, "totalTokenCount": 9056}}
                """, outcome: .fails(.answer)),
        Report(
            source: "0xPlaygrounds/rig#1030, no content at all",
            body: """
                {"candidates": [{"finishReason": "MALFORMED_FUNCTION_CALL", "finishMessage": "Malformed", "index": 0}]}
                """, outcome: .fails(.answer)),
        Report(
            source: "BerriAI/litellm#18282, a document of too many pages", status: 400,
            body: """
                {"error": {"code": 400, "status": "INVALID_ARGUMENT",
                 "message": "The input token count (2800010) exceeds the maximum number of tokens allowed (1048575)."}}
                """, outcome: .fails(.sheet)),
        Report(
            source: "google-gemini/deprecated-generative-ai-python#747, an inner error", status: 500,
            body: "{\"error\": {\"code\": 500, \"status\": \"INTERNAL\", \"message\": \"An internal error\"}}",
            outcome: .fails(.passing)),
    ]

    private func check(_ report: Report, _ ask: () async throws -> EngineAnswer) async throws {
        do {
            let repaired = try FicheRepair.repair(try await ask().text)
            guard case .sheet = report.outcome else {
                Issue.record("a sheet")
                return
            }
            let expected = try FicheRepair.repair(Self.whole).fiche
            #expect(repaired.fiche == expected)
        } catch let error as TranscriptionError {
            guard case .fails(let blame, let words) = report.outcome else {
                Issue.record("\(error)")
                return
            }
            #expect(error.blame == blame, "\(error)")
            #expect(words.isEmpty || "\(error)".contains(words), "\(error)")
        }
    }

    @Test("of OpenAI-compatible servers", arguments: chats)
    func chat(_ report: Report) async throws {
        try await OpenAIHarness.run(answering: .raw(status: report.status, headers: [:], body: report.body)) {
            harness in try await check(report) { try await harness.ask() }
        }
    }

    @Test("of Gemini", arguments: geminis)
    func gemini(_ report: Report) async throws {
        try await GeminiHarness.run(answering: .raw(status: report.status, headers: [:], body: report.body)) {
            harness in try await check(report) { try await harness.ask() }
        }
    }
}
