import Foundation
import HTTP
import ModelStandIn
import Testing
import Transcriber

@Suite("Gemini's answers")
struct GeminiEngineTests {
    @Test("a page is sent with the prompt and the schema, and its text comes back")
    func answer() async throws {
        try await GeminiHarness.run { harness in
            let answer = try await harness.ask()
            let call = try #require(harness.server.calls.first)
            #expect(answer.text == SampleFiche.json(for: call))
            #expect(answer.providerModel == "gemini-3.8-flash")
            #expect(try #require(answer.usage).input > 258)
            #expect(call.inline.map(\.data) == [Picture.jpeg(1)])
            #expect(call.inline.map(\.mimeType) == ["image/jpeg"])
            #expect(call.texts == [Prompt.text(for: .standard)])
            #expect(call.filesFirst)
            #expect(call.store == false)
            let configuration = try JSONValue(parsing: call.generationConfig)
            #expect(configuration["responseMimeType"] == "application/json")
            #expect(configuration["responseJsonSchema"]?["required"] == FicheSchema.jsonSchema["required"])
            let repaired = try FicheRepair.repair(answer.text)
            #expect(repaired.corrections == [] && repaired.checks == [])
        }
    }

    @Test("a server that does not know the word store is asked without it, from then on")
    func withoutStore() async throws {
        let refusal = ModelStandInServer.Answer.fault(
            .invalidArgument("Invalid JSON payload received. Unknown name \"store\": Cannot find field."))
        let configuration = ModelStandInServer.Configuration(
            apiKeys: [GeminiHarness.key],
            answer: { $0.store == nil ? .text(SampleFiche.json(for: $0)) : refusal })
        try await GeminiHarness.run(configuration) { harness in
            _ = try await harness.ask()
            _ = try await harness.ask()
            #expect(harness.server.calls.map(\.store) == [false, nil, nil])
        }
    }

    @Test("two pages go in one request, recto first, with the old form's prompt")
    func pages() async throws {
        try await GeminiHarness.run { harness in
            let recto = try TemporaryFile(Picture.jpeg(1))
            let verso = try TemporaryFile(Array("%PDF-1.4 verso".utf8))
            _ = try await harness.engine.transcribe(
                TranscriptionRequest(
                    pages: [
                        .init(path: recto.path, name: "fiche 1R.jpg", mediaType: .jpeg),
                        .init(path: verso.path, name: "fiche 1V.pdf", mediaType: .pdf),
                    ], promptKind: .ancien))
            let call = try #require(harness.server.calls.first)
            #expect(call.inline.map(\.mimeType) == ["image/jpeg", "application/pdf"])
            #expect(call.texts == [Prompt.text(for: .ancien)])
        }
    }

    @Test("a large scan arrives whole")
    func large() async throws {
        try await GeminiHarness.run { harness in
            let bytes = Picture.jpeg(3, size: 3_000_001)
            _ = try await harness.ask(bytes)
            #expect(harness.server.calls.first?.inline.first?.data == bytes)
        }
    }

    @Test("more room is asked for only as far as the model's generation gives it")
    func moreRoom() async throws {
        for (model, most) in [("gemini-4-argon", 32_768), ("gemini-3.8-flash", 32_768)] {
            try await GeminiHarness.run(model: model) { harness in
                _ = try await harness.ask(moreRoom: true)
                let sent = try JSONValue(parsing: #require(harness.server.calls.first).generationConfig)
                #expect(sent["maxOutputTokens"] == .integer(most))
            }
        }
    }

    @Test("the options are sent as the model's generation knows them")
    func options() async throws {
        let options = GeminiEngine.Options(
            thinking: .level("low"), mediaResolution: .high, maxOutputTokens: 9000)
        try await GeminiHarness.run(options: options) { harness in
            _ = try await harness.ask()
            let sent = try JSONValue(parsing: #require(harness.server.calls.first).generationConfig)
            #expect(sent["thinkingConfig"] == ["thinkingLevel": "low"])
            #expect(sent["mediaResolution"] == "MEDIA_RESOLUTION_HIGH")
            #expect(sent["maxOutputTokens"] == 9000)
            #expect(sent["temperature"] == nil, "sampling is left to the model")
        }
        try await GeminiHarness.run(
            model: "gemini-2.5-pro", options: .init(thinking: .budget(0))
        ) { harness in
            _ = try await harness.ask()
            let sent = try JSONValue(parsing: #require(harness.server.calls.first).generationConfig)
            #expect(sent["thinkingConfig"] == ["thinkingBudget": 0])
        }
    }

    @Test("settings are read as people write them")
    func settings() {
        #expect(GeminiEngine.Thinking("Low") == .level("low"))
        #expect(GeminiEngine.Thinking("xhigh") == .level("xhigh"))
        #expect(GeminiEngine.Thinking("xxhigh") == nil)
        #expect(GeminiEngine.Thinking("1024") == .budget(1024))
        #expect(GeminiEngine.Thinking("-1") == .budget(-1))
        #expect(GeminiEngine.Thinking("-2") == nil && GeminiEngine.Thinking("a lot") == nil)
        #expect(GeminiEngine.MediaResolution(name: "high") == .high)
        #expect(GeminiEngine.MediaResolution(name: "ultra") == nil)
    }

    @Test("several parts are joined and thoughts left out, but counted")
    func parts() async throws {
        let parts: [ModelStandInServer.Part] = [
            .init("Je regarde la fiche attentivement.", thought: true), .init("{\"remarque\":"), .init(" null}"),
        ]
        try await GeminiHarness.run(answering: .parts(parts, finishReason: "STOP")) { harness in
            let answer = try await harness.ask()
            #expect(answer.text == "{\"remarque\": null}")
            #expect(try #require(answer.usage).thinking > 0)
        }
    }

    @Test("an answer that was cut off is none")
    func cutOff() async throws {
        try await GeminiHarness.run(answering: .truncated("{\"remarque\": null}", keeping: 7)) {
            let error = try await $0.error()
            #expect(error == .cutOff)
        }
    }

    @Test(
        "a stop for a reason that does not concern the sheet is no refusal", arguments: ["OTHER", "MALFORMED_RESPONSE"])
    func otherReasons(_ reason: String) async throws {
        try await GeminiHarness.run(answering: .refused(finishReason: reason)) {
            let error = try await $0.error()
            #expect(error == .empty)
        }
        try await GeminiHarness.run(answering: .parts([.init("{\"rem")], finishReason: reason)) {
            let error = try await $0.error()
            #expect(error == .cutOff)
        }
    }

    @Test(
        "a refusal is the sheet's own, with its reason",
        arguments: ["SAFETY", "RECITATION", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "LANGUAGE"])
    func refused(_ reason: String) async throws {
        try await GeminiHarness.run(answering: .refused(finishReason: reason)) { harness in
            guard case .refused(let said) = try await harness.error() else {
                Issue.record("not refused")
                return
            }
            #expect(said.contains(reason))
        }
    }

    @Test("a blocked request is a refusal")
    func blocked() async throws {
        try await GeminiHarness.run(answering: .blocked(reason: "PROHIBITED_CONTENT")) { harness in
            let error = try await harness.error()
            #expect(error == .refused(reason: "the request was blocked: PROHIBITED_CONTENT"))
        }
    }

    @Test(
        "an answer without text is empty",
        arguments: [
            ModelStandInServer.Answer.noCandidates, .text(""), .text(" \n"), .parts([], finishReason: "STOP"),
            .parts([.init("Je réfléchis.", thought: true)], finishReason: "STOP"), .json([:]),
        ])
    func empty(_ answer: ModelStandInServer.Answer) async throws {
        try await GeminiHarness.run(answering: answer) {
            let error = try await $0.error()
            #expect(error == .empty)
        }
    }

    @Test("a page that Gemini does not take costs no request")
    func unsupported() async throws {
        try await GeminiHarness.run { harness in
            guard case .unreadable(let reason) = try await harness.error([0x49, 0x49, 0x2A, 0x00], as: .tiff) else {
                Issue.record("not unreadable")
                return
            }
            #expect(reason.contains("fiche 1.jpg is a TIFF"))
            #expect(try await harness.error([]) == .unreadable(reason: "fiche 1.jpg is empty"))
            #expect(harness.server.calls.isEmpty)
        }
    }

    @Test("a local copy that is gone is no fault of the sheet")
    func goneFile() async throws {
        try await GeminiHarness.run { harness in
            let request = TranscriptionRequest(
                pages: [.init(path: "/nonexistent/page", name: "fiche 1.jpg", mediaType: .jpeg)], promptKind: .standard)
            await #expect(
                throws: TranscriptionError.unavailable(
                    reason: "the local copy of fiche 1.jpg is gone", retryAfter: nil, mayHaveBeenBilled: false)
            ) { try await harness.engine.transcribe(request) }
        }
    }

    @Test("the predefined labels have a model each, which the stand-in knows")
    func catalogue() {
        #expect(
            ModelCatalogue.predefined.map(\.label) == [
                "gemini_3_flash", "gemini_3_pro", "gemini_4_argon", "gemini_4_carbon", "gemini_4_hydrogen",
                "gemini_2.5_pro", "gemini_2.5_flash_lite", "tesseract",
            ])
        #expect(ModelCatalogue.entry(for: "tesseract")?.price == nil)
        for entry in ModelCatalogue.predefined where entry.engine == .gemini {
            #expect(ModelStandInServer.Configuration.defaultModels.contains(entry.providerID))
        }
        let price = ModelCatalogue.Price(input: 1, output: 10)
        let usage = TokenUsage(input: 1_000_000, output: 50_000, thinking: 50_000)
        #expect(price.cost(of: usage) == 2)
        #expect(price.cost(of: usage, inBatch: true) == 1)
    }
}
