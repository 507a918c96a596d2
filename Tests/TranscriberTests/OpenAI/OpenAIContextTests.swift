import ModelStandIn
import Testing
import Transcriber

@Suite("A server's context that is too small")
struct OpenAIContextTests {
    private typealias Server = ModelStandInServer

    /// What a request takes of the context.
    private static let input = 258 + Prompt.text(for: .standard).utf8.count / 4

    private func chat(room: Int, refuses: Bool) -> ModelStandInServer.Chat {
        var chat = ModelStandInServer.Chat()
        chat.context = Self.input + room
        chat.refusesBeyondContext = refuses
        return chat
    }

    @Test("a server whose context breaks answers off, as Ollama's does, pauses the model and names the setting")
    func breaksOff() async throws {
        let sheet = Server.Answer.text(SampleFiche.json(seed: [1]))
        try await OpenAIHarness.run(answering: sheet, chat: chat(room: 50, refuses: false)) { harness in
            for moreRoom in [false, true] {
                guard case .modelPaused(let reason, nil) = try await harness.error(moreRoom: moreRoom) else {
                    Issue.record("not paused")
                    return
                }
                #expect(reason.contains("context is too small") && reason.contains("OLLAMA_CONTEXT_LENGTH"))
            }
        }
    }

    /// What a server counted of an answer that it cut off.
    struct Count: Sendable {
        var completion: Int?
        var prompt: Int? = 100
        var total: Int?
        var reasoning: Int?
        var isContext = false
    }

    @Test(
        "an answer that used up the limit, or of which nothing is known, is cut off and no more",
        arguments: [
            Count(completion: 8192), Count(completion: 8190), Count(completion: nil), Count(completion: 0),
            Count(completion: 300, total: 8292), Count(completion: 300, reasoning: 7892),
            Count(completion: 300, total: 400, isContext: true), Count(completion: 4000, isContext: true),
            Count(completion: 4000, reasoning: 3900, isContext: true),
        ])
    func counts(_ count: Count) async throws {
        var usage: [String: any Sendable] = [:]
        usage["completion_tokens"] = count.completion
        usage["prompt_tokens"] = count.prompt
        usage["total_tokens"] = count.total
        if let reasoning = count.reasoning { usage["completion_tokens_details"] = ["reasoning_tokens": reasoning] }
        let message: [String: any Sendable] = ["role": "assistant", "content": "{\"rem"]
        let choice: [String: any Sendable] = ["index": 0, "message": message, "finish_reason": "length"]
        try await OpenAIHarness.run(answering: .json(["model": "m", "choices": [choice], "usage": usage])) {
            let error = try await $0.error()
            #expect(error.blame == (count.isContext ? .model : .answer), "\(error)")
        }
    }

    @Test("a server that refuses the limit for its context, as vLLM does, is asked without one, for this request")
    func refusesLimit() async throws {
        try await OpenAIHarness.run(
            answering: .text(SampleFiche.json(seed: [1])), chat: chat(room: 4000, refuses: true)
        ) { harness in
            _ = try await harness.ask()
            let sent = try #require(harness.server.calls.last).generationConfig
            #expect(!sent.contains("max_tokens") && !sent.contains("max_completion_tokens"))
            #expect(sent.contains("json_schema"))
            #expect(harness.server.rejectedCount == 1)
            _ = try await harness.ask()
            #expect(harness.server.rejectedCount == 2)
        }
    }

    @Test("an answer that fills such a context before its end pauses the model")
    func refusesAndBreaksOff() async throws {
        try await OpenAIHarness.run(
            answering: .text(SampleFiche.json(seed: [1])), chat: chat(room: 50, refuses: true)
        ) {
            let error = try await $0.error()
            #expect(error.blame == .model, "\(error)")
        }
    }

    @Test("more room than the context has fails no sheet")
    func moreRoom() async throws {
        try await OpenAIHarness.run(
            answering: .text(SampleFiche.json(seed: [1])), chat: chat(room: 9000, refuses: true)
        ) { harness in
            _ = try await harness.ask()
            #expect(harness.server.rejectedCount == 0)
            _ = try await harness.ask(moreRoom: true)
            #expect(harness.server.rejectedCount == 1)
        }
        let configuration = Server.Configuration(
            models: ["m"],
            answer: {
                $0.generationConfig.contains("8192")
                    ? .text("{}") : .fault(.chat(400, "maximum context length is 9 tokens. However, you requested 99"))
            })
        try await OpenAIHarness.run(configuration, model: "m", key: nil) { harness in
            _ = try await harness.ask()
            let error = try await harness.error(moreRoom: true)
            #expect(error.blame == .answer, "\(error)")
        }
    }

    @Test("a server that says how many tokens it gives is asked for no more from then on; more room is then refused")
    func mostTokens() async throws {
        let configuration = Server.Configuration(
            models: ["m"],
            answer: { call in
                let limit = call.answerLimit
                guard limit > 4096 else { return .text("{}") }
                let words = "max_tokens is too large: \(limit). This model supports at most 4096 completion tokens."
                return .fault(.chat(400, words, param: "max_tokens"))
            })
        try await OpenAIHarness.run(configuration, model: "m", key: nil) { harness in
            for _ in 1...2 { _ = try await harness.ask() }
            #expect(harness.server.calls.map(\.answerLimit) == [8192, 4096, 4096])
            let error = try await harness.error(moreRoom: true)
            #expect(error.blame == .answer, "\(error)")
        }
    }

    @Test("two pages that do not fit rest the pairs alone, and the setting that helps is named")
    func pairs() async throws {
        let pictures = "At most 1 image(s) may be provided in one request."
        let context = "request (14429 tokens) exceeds the available context size (8192 tokens), try increasing it"
        for (status, words, setting) in [
            (400, pictures, "--limit-mm-per-prompt"), (500, "vision model only supports a single image", "--limit-mm"),
            (400, context, "OLLAMA_CONTEXT_LENGTH"), (500, context, "--ctx-size"),
            (400, "The decoder prompt (length 15329) is longer than the maximum model length of 8192.", "--max-model"),
            (400, "The prompt (total length 43698) is too long to fit into the model.", "--max-model-len"),
        ] {
            let configuration = Server.Configuration(
                models: ["m"],
                answer: { $0.inline.count > 1 ? .fault(.chat(status, words)) : .text("{\"remarque\": \"vu\"}") })
            try await OpenAIHarness.run(configuration, model: "m", key: nil) { harness in
                for _ in 1...2 {
                    let error = try await harness.error(pages: 2)
                    guard case .severalPagesRefused(let reason) = error else {
                        Issue.record("\(error)")
                        return
                    }
                    #expect(reason.contains(setting) && reason.contains(words))
                    _ = try await harness.ask()
                }
            }
        }
    }

    @Test("an answer that is empty because all of it was thinking is told as that, with tokens that are counted alone")
    func thinking() async throws {
        let message: [String: any Sendable] = ["role": "assistant", "content": ""]
        let choice: [String: any Sendable] = ["index": 0, "message": message, "finish_reason": "length"]
        let usage: [String: any Sendable] = [
            "prompt_tokens": 900, "completion_tokens": 8192, "total_tokens": 9092,
            "completion_tokens_details": ["reasoning_tokens": 8192],
        ]
        try await OpenAIHarness.run(answering: .json(["model": "m", "choices": [choice], "usage": usage])) {
            let error = try await $0.error()
            #expect(error == .thoughtsOnly)
        }
    }

    @Test("a prompt that the server cut to its context without a word, as Ollama does, is noticed by its tokens")
    func cutPrompt() async throws {
        @Sendable func answer(_ tokens: Int) -> Server.Answer {
            let message: [String: any Sendable] = ["role": "assistant", "content": "{\"remarque\": \"vu\"}"]
            let choice: [String: any Sendable] = ["index": 0, "message": message, "finish_reason": "stop"]
            let usage = ["prompt_tokens": tokens, "completion_tokens": 20, "total_tokens": tokens + 20]
            return .json(["model": "m", "choices": [choice], "usage": usage])
        }
        for (tokens, context) in [(2048, 2048), (32_768, 32_768), (2050, 4096), (16_386, 32_768)] {
            try await OpenAIHarness.run(.init(models: ["m"], answer: { _ in answer(tokens) }), model: "m", key: nil) {
                guard case .modelPaused(let reason, nil) = try await $0.error() else {
                    Issue.record("not paused")
                    return
                }
                #expect(reason.contains("\(context) tokens") && reason.contains("OLLAMA_CONTEXT_LENGTH"))
                guard case .severalPagesRefused = try await $0.error(pages: 2) else {
                    Issue.record("the pairs do not rest")
                    return
                }
            }
        }
        for (tokens, key) in [(4095, nil), (3000, nil), (4096, OpenAIHarness.key)] {
            try await OpenAIHarness.run(.init(models: ["m"], answer: { _ in answer(tokens) }), model: "m", key: key) {
                _ = try await $0.ask()
            }
        }
    }

    @Test("pages that alone are more than the context are the sheet's fault where others fit")
    func largePages() async throws {
        let words = "This model's maximum context length is 9 tokens. However, your request has 99 input tokens."
        let configuration = Server.Configuration(
            models: ["m"],
            answer: { $0.inline.first?.data == Picture.jpeg(66) ? .fault(.chat(400, words)) : .text("{}") })
        try await OpenAIHarness.run(configuration, model: "m", key: nil) { harness in
            let found1 = try await harness.error(Picture.jpeg(66)).blame
            #expect(found1 == .model)
            _ = try await harness.ask()
            let found2 = try await harness.error(Picture.jpeg(66)).blame
            #expect(found2 == .sheet)
        }
    }
}
