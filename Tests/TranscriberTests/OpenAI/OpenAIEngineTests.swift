import Foundation
import HTTP
import ModelStandIn
import Synchronization
import Testing
import Transcriber

@Suite("OpenAI-compatible servers")
struct OpenAIEngineTests {
    private func sent(_ harness: OpenAIHarness) throws -> JSONValue {
        try JSONValue(parsing: #require(harness.server.calls.last).generationConfig)
    }

    @Test("a page is sent as a data URL with the prompt and the schema, and its text comes back")
    func answer() async throws {
        try await OpenAIHarness.run { harness in
            let answer = try await harness.ask()
            let call = try #require(harness.server.calls.first)
            #expect(answer.text == SampleFiche.json(for: call))
            #expect(answer.providerModel == "qwen3-vl:8b")
            #expect(try #require(answer.usage).input > 258)
            #expect(call.api == .openAI)
            #expect(call.inline.map(\.data) == [Picture.jpeg(1)])
            #expect(call.inline.map(\.mimeType) == ["image/jpeg"])
            #expect(call.texts == [Prompt.text(for: .standard)])
            #expect(call.filesFirst)
            let format = try sent(harness)["response_format"]
            #expect(format?["type"] == "json_schema")
            #expect(format?["json_schema"]?["schema"]?["required"] == FicheSchema.jsonSchema["required"])
            #expect(try FicheRepair.repair(answer.text).corrections == [])
        }
    }

    @Test("a large scan arrives whole, and two pages go in one request")
    func large() async throws {
        try await OpenAIHarness.run { harness in
            let bytes = Picture.jpeg(3, size: 1_000_001)
            let recto = try TemporaryFile(bytes)
            let verso = try TemporaryFile(Picture.jpeg(4))
            let pages = [recto, verso].map {
                TranscriptionRequest.Page(path: $0.path, name: "fiche", mediaType: .jpeg)
            }
            _ = try await harness.engine.transcribe(TranscriptionRequest(pages: pages, promptKind: .ancien))
            #expect(harness.server.calls.first?.inline.map(\.data) == [bytes, Picture.jpeg(4)])
        }
    }

    @Test("a server of one's own needs no key, and gets none")
    func keyless() async throws {
        try await OpenAIHarness.run(.init(models: ["m"]), model: "m", key: nil) { _ = try await $0.ask() }
    }

    @Test(
        "where a server takes no schema it is asked for JSON, where not even that for text, and this is remembered",
        arguments: [(["json_object"], "json_object", 2), ([], nil, 3), (["json_schema"], "json_schema", 1)])
    func fallback(formats: [String], used: String?, requests: Int) async throws {
        var chat = ModelStandInServer.Chat()
        chat.formats = Set(formats)
        try await OpenAIHarness.run(answering: .text("{\"remarque\": null}"), chat: chat) { harness in
            _ = try await harness.ask()
            #expect(harness.server.rejectedCount == requests - 1)
            #expect(try sent(harness)["response_format"]?["type"]?.string == used)
            _ = try await harness.ask()
            #expect(harness.server.rejectedCount == requests - 1)
        }
    }

    @Test(
        "a limit of tokens is sent under the name that the server knows",
        arguments: [
            (["max_tokens"], "max_tokens"), (["max_completion_tokens"], "max_completion_tokens"), ([], nil),
        ])
    func tokenLimit(known: [String], used: String?) async throws {
        var chat = ModelStandInServer.Chat()
        chat.tokenLimits = Set(known)
        chat.takesTemperature = false
        try await OpenAIHarness.run(answering: .text("{\"remarque\": null}"), chat: chat) { harness in
            _ = try await harness.ask()
            let document = try sent(harness)
            for name in ["max_tokens", "max_completion_tokens"] {
                #expect(document[name] == (name == used ? 8192 : nil))
            }
            #expect(document["temperature"] == nil)
        }
    }

    @Test("more room is asked for after an answer that was cut off, and what it cost is told")
    func moreRoom() async throws {
        let configuration = ModelStandInServer.Configuration(
            models: ["m"],
            answer: {
                $0.generationConfig.contains("16384") ? .text("{}") : .truncated("{\"remarque\": 1}", keeping: 8)
            })
        try await OpenAIHarness.run(configuration, model: "m", key: nil) { harness in
            let page = try TemporaryFile(Picture.jpeg(1))
            let billed = Log<TokenUsage>()
            var request = TranscriptionRequest(
                pages: [.init(path: page.path, name: "p", mediaType: .jpeg)], promptKind: .standard,
                onUsage: { billed.append($0) })
            await #expect(throws: TranscriptionError.cutOff) { try await harness.engine.transcribe(request) }
            #expect(billed.all.count == 1)
            request.moreRoom = true
            #expect(try await harness.engine.transcribe(request).text == "{}")
            #expect(billed.all.count == 2)
        }
    }

    @Test("a page that such servers do not take costs no request")
    func unsupported() async throws {
        try await OpenAIHarness.run { harness in
            for type in [MediaType.tiff, .heic, .pdf] {
                let error = try await harness.error(as: type)
                #expect(error.blame == .sheet)
            }
            let empty = try await harness.error([])
            #expect(empty == .unreadable(reason: "fiche 1.jpg is empty"))
            #expect(harness.server.calls.isEmpty && harness.server.rejectedCount == 0)
        }
    }

    @Test("the quota of the minute is waited for, that of the day pauses the model")
    func quotas() async throws {
        var configuration = ModelStandInServer.Configuration(
            models: ["m"], quotaPerMinute: 60, clock: { Date(timeIntervalSince1970: 1_790_000_000) })
        configuration.quotaKind = .even(burst: 1)
        try await OpenAIHarness.run(configuration, model: "m", key: nil) { harness in
            _ = try await harness.ask()
            guard case .rateLimited(let delay?) = try await harness.error() else {
                Issue.record("no delay")
                return
            }
            #expect(delay > .zero && delay <= .seconds(1))
            harness.server.configure {
                $0.quotaPerMinute = nil
                $0.quotaPerDay = 1
            }
            _ = try? await harness.ask()
            guard case .modelPaused(_, .some) = try await harness.error() else {
                Issue.record("not paused")
                return
            }
        }
    }

    @Test(
        "thoughts that a server sends along are no part of the answer, whether or not it sends their first tag",
        arguments: [
            "<think>Voyons {\"a\": 1}</think>", "Voyons {\"a\": 1}</think>", "<think>Un</think><think>Deux</think>",
            "Un</think>Deux</think>",
        ])
    func thoughts(_ thoughts: String) async throws {
        try await OpenAIHarness.run(answering: .text(thoughts + "\n{\"remarque\": null}")) {
            let text = try await $0.ask().text
            #expect(text == "\n{\"remarque\": null}")
        }
    }

    @Test("the address may be given with or without its version")
    func addresses() async throws {
        try await OpenAIHarness.run { harness in
            for suffix in ["/", "/v1", "/v1/", "/v1/chat/completions"] {
                let engine = OpenAIEngine(
                    label: "t", model: "qwen3-vl:8b", apiKey: OpenAIHarness.key,
                    baseURL: harness.server.baseURL + suffix, client: HTTPClient())
                _ = try await OpenAIHarness(server: harness.server, engine: engine).ask()
            }
        }
    }

    @Test("a short key, which is a placeholder, changes neither an answer nor a message")
    func placeholder() async throws {
        let text = "{\"localisation\": {\"commune\": \"local\"}}"
        try await OpenAIHarness.run(
            .init(apiKeys: ["local"], models: ["m"], answer: { _ in .text(text) }), model: "m", key: "local"
        ) {
            let found1 = try await $0.ask().text
            #expect(found1 == text)
        }
        try await OpenAIHarness.run(
            .init(apiKeys: ["local"], models: ["m"], answer: { _ in .fault(.chat(500, "a local fault")) }), model: "m",
            key: "local"
        ) {
            let error = try await $0.error()
            #expect("\(error)".contains("a local fault"))
        }
    }

    @Test("a server that repeats the key cannot make us write it down, and no dump shows it")
    func secrecy() async throws {
        let key = OpenAIHarness.key
        for answer: ModelStandInServer.Answer in [
            .fault(.chat(400, "bad \(key)")), .raw(status: 500, headers: [:], body: key),
            .raw(status: 500, headers: [:], body: String(repeating: "x", count: 280) + key),
            .fault(.chat(401, "Incorrect API key provided: \(key)")),
        ] {
            // The harness looks for the key in every error.
            try await OpenAIHarness.run(answering: answer) { _ = try await $0.error() }
        }
        let engine = OpenAIEngine(label: "t", model: "m", apiKey: key, client: HTTPClient())
        var dumped = ""
        dump(engine, to: &dumped)
        #expect(!dumped.contains(key))
    }
}
