import Foundation
import HTTP
import Testing
import Transcriber

@testable import NidsSync

@Suite("Models of one's own")
struct EngineSettingsTests {
    private func load(_ engines: String) throws -> [String: Settings.Engine] {
        let yaml = "transcription:\n  models: tesseract\n  engines:\n" + engines
        return try SettingsLoader(
            file: SettingsFile(text: yaml, name: "nids.yaml"), environment: SettingsLoaderTests.required
        ).load().transcription.engines
    }

    /// What is said of an engine `mine` whose members begin on line 5.
    private func refusal(_ members: [String], label: String = "mine") throws -> ConfigurationError {
        try #require(throws: ConfigurationError.self) {
            try load("    \(label):\n" + members.map { "      \($0)\n" }.joined())
        }
    }

    @Test("engines are kept under their labels")
    func labels() throws {
        let engines = try load("    mine: {engine: gemini, model: gemini-x}\n    local: {engine: tesseract}\n")
        #expect(engines["mine"] == Settings.Engine(engine: .gemini, model: "gemini-x"))
        #expect(engines["local"] == Settings.Engine(engine: .tesseract))
    }

    @Test("everything that can be said of an engine is taken")
    func everything() throws {
        let engines = try load(
            """
                mine:
                  engine: gemini
                  model: gemini-x
                  input_price: 0.30
                  output_price: 2
                  requests_per_minute: 150
                  concurrency: 12
                  thinking: Low
                  media_resolution: high
                  max_output_tokens: 9000
                  temperature: 0.2
                  base_url: https://proxy.example.org
                  api_key: own
            """)
        var expected = Settings.Engine(engine: .gemini, model: "gemini-x")
        expected.price = ModelCatalogue.Price(input: 0.3, output: 2)
        expected.requestsPerMinute = 150
        expected.concurrency = 12
        expected.thinking = "low"
        expected.mediaResolution = .high
        expected.maxOutputTokens = 9000
        expected.temperature = 0.2
        expected.baseURL = "https://proxy.example.org"
        expected.apiKey = Secret("own")
        #expect(engines["mine"] == expected)
    }

    @Test("a predefined label needs neither engine nor model, and a point in it is its own")
    func predefined() throws {
        let engines = try load(
            "    gemini_2.5_pro: {thinking: -1}\n    tesseract: {concurrency: 8}\n"
                + "    gemini_3_flash: {model: gemini-x, input_price: 0, output_price: 0}\n")
        #expect(engines["gemini_2.5_pro"]?.engine == .gemini)
        #expect(engines["gemini_2.5_pro"]?.model == "gemini-2.5-pro")
        #expect(engines["gemini_2.5_pro"]?.thinking == "-1")
        #expect(engines["tesseract"]?.engine == .tesseract)
        #expect(engines["tesseract"]?.concurrency == 8)
        #expect(engines["gemini_3_flash"]?.model == "gemini-x")
        #expect(engines["gemini_3_flash"]?.price == ModelCatalogue.Price(input: 0, output: 0))
    }

    @Test("a predefined label with another engine needs a model of that")
    func redefined() throws {
        let error = try refusal(["engine: openai"], label: "gemini_3_flash")
        #expect(error.key == "transcription.engines.gemini_3_flash.model")
        #expect(error.place == .file("nids.yaml", line: 4))
    }

    @Test("what is left empty is as if it were not there")
    func empty() throws {
        let engines = try load("    mine:\n      engine: openai\n      model: m\n      api_key:\n      thinking: ~\n")
        #expect(engines["mine"] == Settings.Engine(engine: .openai, model: "m"))
    }

    @Test(
        "a wrong value is named with its line, its key and what would be right",
        arguments: [
            ("gemini", "input_price: cheap"), ("gemini", "input_price: -1"), ("gemini", "output_price: 1e3"),
            ("gemini", "output_price: nan"), ("gemini", "input_price: 1000000"), ("gemini", "input_price: 0,30"),
            ("gemini", "requests_per_minute: 0"), ("openai", "requests_per_minute: many"),
            ("gemini", "concurrency: 0"), ("openai", "concurrency: 1.5"), ("gemini", "concurrency: 5000"),
            ("gemini", "thinking: hard"), ("gemini", "thinking: none"), ("gemini", "thinking: -2"),
            ("openai", "thinking: 1024"), ("openai", "thinking: [low]"),
            ("gemini", "media_resolution: ultra"), ("gemini", "media_resolution: MEDIA_RESOLUTION_LOW"),
            ("gemini", "max_output_tokens: 0"), ("openai", "max_output_tokens: 100"),
            ("gemini", "temperature: 2.5"), ("openai", "temperature: warm"), ("openai", "temperature: -0.1"),
            ("openai", "timeout: 5s"), ("gemini", "timeout: soon"), ("openai", "timeout: 2d"),
            ("openai", "base_url: 127.0.0.1:11434"), ("gemini", "base_url: https://x/?key=1"),
            ("openai", "api_key: [a, b]"), ("openai", "api_key_file: /nonexistent/key"), ("openai", "model: [m]"),
        ])
    func wrongValue(engine: String, member: String) throws {
        let model = member.hasPrefix("model") ? [] : ["model: m"]
        let error = try refusal(["engine: \(engine)"] + model + [member])
        #expect(error.key == "transcription.engines.mine.\(member.prefix { $0 != ":" })")
        #expect(error.place == .file("nids.yaml", line: 6 + model.count))
        #expect(!error.advice.isEmpty)
    }

    @Test(
        "a setting that means nothing to an engine is refused, with those that do",
        arguments: [
            ("openai", "media_resolution: high"), ("tesseract", "model: fra"), ("tesseract", "thinking: low"),
            ("tesseract", "input_price: 0"), ("tesseract", "requests_per_minute: 5"), ("tesseract", "api_key: x"),
            ("tesseract", "api_key_file: /x"), ("tesseract", "base_url: http://x"), ("tesseract", "temperature: 0"),
            ("tesseract", "timeout: 1m"),
            ("tesseract", "max_output_tokens: 1000"), ("tesseract", "media_resolution: low"),
        ])
    func meaningless(engine: String, member: String) throws {
        let error = try refusal(["engine: \(engine)", member])
        #expect(error.key == "transcription.engines.mine.\(member.prefix { $0 != ":" })")
        #expect(error.place == .file("nids.yaml", line: 6))
        #expect(error.problem.contains(engine))
        #expect(error.advice.contains("concurrency"))
    }

    @Test(
        "one price without the other is told which is missing", arguments: [("input", "output"), ("output", "input")])
    func onePrice(given: String, missing: String) throws {
        let error = try refusal(["engine: openai", "model: m", "\(given)_price: 1"])
        #expect(error.key == "transcription.engines.mine.\(missing)_price")
        #expect(error.place == .file("nids.yaml", line: 7))
        #expect(error.problem.contains("\(given)_price"))
    }

    @Test("engine openai knows the levels of thinking that its servers do", arguments: ["none", "High", "xhigh"])
    func effort(level: String) throws {
        let engines = try load("    mine: {engine: openai, model: m, thinking: \(level)}\n")
        #expect(engines["mine"]?.thinking == level.lowercased())
    }

    @Test(
        "an engine that is none, and a model that is missing, are named with their line",
        arguments: [
            (["engine: parrot"], "engine", 5), (["engine: [gemini]"], "engine", 5), (["model: x"], "engine", 4),
            (["engine: gemini", "model: [x]"], "model", 6), (["engine: gemini"], "model", 4),
            (["engine: openai", "base_url: http://x"], "model", 4),
        ])
    func wrongEngine(members: [String], member: String, line: Int) throws {
        let error = try refusal(members)
        #expect(error.key == "transcription.engines.mine.\(member)")
        #expect(error.place == .file("nids.yaml", line: line))
        #expect(!error.advice.isEmpty)
    }

    @Test("a label that cannot name a folder is refused", arguments: ["\"../x\"", "\"\"", "a/b", "\"a b\""])
    func wrongLabel(label: String) throws {
        let error = try refusal(["engine: tesseract"], label: label)
        #expect(error.place == .file("nids.yaml", line: 4))
    }
}

@Suite("The path of an engine's key")
struct EnginePathTests {
    @Test(
        "label and member are found again, whatever points the label has",
        arguments: ["mine", "gemini_2.5_pro", "a..b"])
    func roundTrip(label: String) throws {
        let found = try #require(SettingKey.engineMember(of: SettingKey.enginePath(label, "api_key")))
        #expect(found == (label, "api_key"))
    }

    @Test(
        "other paths are none",
        arguments: ["transcription.engines", "transcription.engines.mine", "transcription.models", "nextcloud.url"])
    func others(path: String) {
        #expect(SettingKey.engineMember(of: path)?.label == nil)
    }
}
