import HTTP
import Testing
import Transcriber

@testable import NidsSync

/// The transcription settings that a YAML text gives, for tests of what is made of them.
func transcription(_ yaml: String, _ variables: [String: String] = [:]) throws -> Settings.Transcription {
    let lines = yaml.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    return try SettingsLoader(
        file: SettingsFile(text: "transcription:\n" + lines, name: "nids.yaml"),
        environment: SettingsLoaderTests.required.merging(variables) { $1 }
    ).load().transcription
}

@Suite("The engines that the settings ask for")
struct EngineSetTests {
    private func member(_ label: String, _ yaml: String, _ variables: [String: String] = [:]) throws -> EngineSet.Member
    {
        var settings = try transcription(yaml, variables)
        settings.models = [label]
        return try #require(try EngineSet(settings, http: HTTPClient())[label])
    }

    private func refusal(_ label: String, _ yaml: String) throws -> ConfigurationError {
        try #require(throws: ConfigurationError.self) { try member(label, yaml) }
    }

    private static let own = "engines:\n  mine:\n    engine: openai\n    model: m\n"
    private static let server = own + "    base_url: http://127.0.0.1:11434/v1\n"
    private static let googleKey = "gemini: {api_key: g}\n"

    private static let bills: [(String, Bool)] = [
        (server, false), (server + "    api_key: k\n", true),
        (server + "    input_price: 0\n    output_price: 1\n", true),
        (server + "    api_key: k\n    input_price: 0\n    output_price: 0\n", false),
        ("openai: {api_key: k}\n" + own, true), ("openai: {api_key: k}\n" + server, false),
        ("openai: {base_url: 'http://127.0.0.1:8000'}\n" + own, false),
        (googleKey + "engines:\n  mine: {engine: gemini, model: m}\n", true),
        (googleKey + "engines:\n  mine: {engine: gemini, model: m, input_price: 0, output_price: 0}\n", false),
    ]
    private static let prices: [(String, String, Double?)] = [
        ("gemini_2.5_pro", "", 1.25), ("gemini_2.5_pro", "engines:\n  gemini_2.5_pro: {thinking: 0}\n", 1.25),
        ("gemini_2.5_pro", "engines:\n  gemini_2.5_pro: {input_price: 9, output_price: 9}\n", 9),
        ("gemini_2.5_pro", "engines:\n  gemini_2.5_pro: {model: gemini-2.5-flash-lite}\n", 0.10),
        ("gemini_2.5_pro", "engines:\n  gemini_2.5_pro: {model: gemini-x}\n", nil),
        ("mine", "engines:\n  mine: {engine: gemini, model: gemini-2.5-pro}\n", 1.25),
        ("mine", "engines:\n  mine: {engine: gemini, model: gemini-x}\n", nil),
    ]

    @Test("Tesseract reads here, free of charge, and converts for itself")
    func tesseract() throws {
        let member = try member("tesseract", "concurrency: 64")
        #expect(member.engine is TesseractEngine)
        #expect((member.isPaid, member.isLocal) == (false, true))
        #expect(member.price == nil)
        #expect(member.converter == nil)
        #expect(member.batch == nil)
    }

    @Test("Gemini is given what it takes, and can be asked in batches as it is asked one by one")
    func gemini() throws {
        let yaml =
            Self.googleKey + "engines:\n  gemini_2.5_pro: {thinking: 512, media_resolution: low}\n"
        let member = try member("gemini_2.5_pro", yaml)
        #expect(member.engine.label == "gemini_2.5_pro")
        #expect((member.isPaid, member.isLocal) == (true, false))
        #expect(member.converter?.accepted == EngineFactory.geminiInput)
        #expect(member.batch?.model == "gemini-2.5-pro")
        #expect(
            member.batchOptions
                == GeminiEngine.Options(thinking: .budget(512), mediaResolution: .low))
    }

    @Test("a server with OpenAI's interface is given what such servers take, and has no batches")
    func openAI() throws {
        let member = try member("mine", Self.server)
        #expect(member.engine.label == "mine")
        #expect((member.isPaid, member.isLocal, member.runsHere) == (false, true, false))
        #expect(member.converter?.accepted == EngineFactory.openAIInput)
        #expect(member.batch == nil)
    }

    @Test(
        "money is asked for where a key is used or a price is named, unless it is said to be nothing",
        arguments: bills)
    func money(yaml: String, isPaid: Bool) throws {
        let member = try member("mine", yaml)
        #expect(member.isPaid == isPaid)
        #expect(!member.runsHere)
    }

    @Test(
        "a server without a key bills nobody, whatever it speaks; with one it may",
        arguments: [
            (server, true), (server + "    api_key: k\n    input_price: 0\n    output_price: 0\n", false),
            (server + "    input_price: 0\n    output_price: 1\n", false),
            ("openai: {base_url: 'http://127.0.0.1:8000'}\n" + own, true),
            (googleKey + "engines:\n  mine: {engine: gemini, model: m, input_price: 0, output_price: 0}\n", false),
        ])
    func local(yaml: String, isLocal: Bool) throws {
        let member = try member("mine", yaml)
        #expect((member.isLocal, member.fitsRoom) == (isLocal, !isLocal))
    }

    @Test("a limit of tokens that somebody gave is asked for, however long answers have been")
    func ownLimit() throws {
        #expect(try !member("mine", Self.server + "    api_key: k\n    max_output_tokens: 9000\n").fitsRoom)
    }

    @Test(
        "the price is the one that somebody gave, else the catalogue's for the same model, never another model's",
        arguments: prices)
    func price(label: String, yaml: String, input: Double?) throws {
        #expect(try member(label, Self.googleKey + yaml).price?.input == input)
    }

    @Test("what was used is reckoned by the prices that are known")
    func cost() throws {
        var settings = try transcription(
            Self.googleKey + "engines:\n  mine: {engine: gemini, model: x, input_price: 2, output_price: 4}\n")
        settings.models = ["mine", "tesseract"]
        let engines = try EngineSet(settings, http: HTTPClient())
        let used = TokenUsage(input: 1_000_000, output: 250_000, thinking: 250_000)
        #expect(engines["mine"]?.price?.cost(of: used) == 4)
        #expect(engines["mine"]?.isPaid == true)
        #expect(engines["tesseract"]?.isPaid == false && engines["tesseract"]?.price == nil)
    }

    @Test("what costs nothing is taken for local where nobody says more")
    func memberDefaults() {
        let engine = TesseractEngine()
        let free = EngineSet.Member(engine: engine, isPaid: false, gate: RequestGate())
        let paid = EngineSet.Member(engine: engine, isPaid: true, gate: RequestGate(), price: nil)
        #expect((free.isLocal, paid.isLocal) == (true, false))
    }

    @Test(
        "OpenAI's own server wants a key, however its address is written",
        arguments: [
            own, own + "    base_url: https://API.openai.com/v1/\n", own + "    base_url: https://api.openai.com\n",
            "openai: {base_url: 'https://api.openai.com/v1'}\n" + own,
        ])
    func missingOpenAIKey(yaml: String) throws {
        let error = try refusal("mine", yaml)
        #expect(error.key == "transcription.openai.api_key")
        #expect(error.problem.contains("mine"))
        #expect(error.advice.contains("transcription.engines.mine.base_url"))
    }

    @Test("Gemini wants a key")
    func missingGeminiKey() throws {
        #expect(try refusal("gemini_3_flash", "").key == "transcription.gemini.api_key")
    }

    @Test("at another address Gemini wants a key of its own: Google's is not shown there")
    func keyForAnotherAddress() throws {
        let yaml = Self.googleKey + "engines:\n  gemini_3_flash:\n    base_url: https://proxy.example.org\n"
        let error = try refusal("gemini_3_flash", yaml)
        #expect(error.key == "transcription.engines.gemini_3_flash.api_key")
        #expect(try member("gemini_3_flash", yaml + "    api_key: own\n").isPaid)
    }

    @Test("a label that is known nowhere is told with those that are")
    func unknownLabel() throws {
        let error = try refusal("parrot", "")
        #expect(error.key == "transcription.models")
        #expect(error.advice.contains("gemini_3_flash"))
    }
}

@Suite("Which engines share a quota")
struct EngineGateTests {
    private func engines(_ yaml: String) throws -> EngineSet {
        try EngineSet(try transcription(yaml), http: HTTPClient())
    }

    private func share(_ engines: EngineSet, _ one: String, _ other: String) throws -> Bool {
        try #require(engines[one]).gate === #require(engines[other]).gate
    }

    @Test("the models of an account share its quota; one with limits of its own, or another key, does not")
    func gemini() throws {
        let engines = try engines(
            """
            models: [gemini_3_flash, gemini_2.5_pro, same, limited, slow, other_key, elsewhere]
            requests_per_minute: 60
            gemini: {api_key: g, base_url: "https://generativelanguage.googleapis.com/"}
            engines:
              same: {engine: gemini, model: x, base_url: "https://generativelanguage.googleapis.com/v1beta"}
              limited: {engine: gemini, model: x, requests_per_minute: 600}
              slow: {engine: gemini, model: x, concurrency: 3}
              other_key: {engine: gemini, model: x, api_key: h}
              elsewhere: {engine: gemini, model: x, base_url: "https://proxy.example.org", api_key: g}
            """)
        #expect(try share(engines, "gemini_3_flash", "gemini_2.5_pro"))
        #expect(try share(engines, "gemini_3_flash", "same"))
        for label in ["limited", "slow", "other_key", "elsewhere"] {
            #expect(try !share(engines, "gemini_3_flash", label), "\(label)")
        }
        #expect(try !share(engines, "limited", "slow"))
        #expect(engines["gemini_3_flash"]?.gate.interval == .seconds(1))
        #expect(engines["limited"]?.gate.interval == .milliseconds(100))
        #expect(engines["slow"]?.gate.interval == .seconds(1))
        #expect(engines["slow"]?.gate.window == 3)
    }

    @Test("servers at different addresses do not share, two models of one do")
    func openAI() throws {
        let engines = try engines(
            """
            models: [a, b, c, d]
            engines:
              a: {engine: openai, model: x, base_url: "http://127.0.0.1:11434/v1"}
              b: {engine: openai, model: y, base_url: "http://127.0.0.1:11434"}
              c: {engine: openai, model: x, base_url: "http://127.0.0.1:8000/v1"}
              d: {engine: openai, model: x, base_url: "http://127.0.0.1:11434/v1", api_key: k}
            """)
        #expect(try share(engines, "a", "b"))
        #expect(try !share(engines, "a", "c"))
        #expect(try !share(engines, "a", "d"))
        // A server without a key is one's own, and slow; a service begins with more.
        #expect(engines["a"]?.gate.window == 2)
        #expect(engines["d"]?.gate.window == 8)
        #expect(engines["d"]?.gate.interval == nil)
    }

    @Test(
        "programs on this machine share two places, or fewer, whatever an account is granted",
        arguments: [("", 2), ("concurrency: 64\nrequests_per_minute: 1\n", 2), ("concurrency: 1\n", 1)])
    func tesseract(yaml: String, window: Int) throws {
        let engines = try engines(
            yaml + "models: [tesseract, second, many]\n"
                + "engines:\n  second: {engine: tesseract}\n  many: {engine: tesseract, concurrency: 6}\n")
        #expect(try share(engines, "tesseract", "second"))
        #expect(try !share(engines, "tesseract", "many"))
        #expect(engines["tesseract"]?.gate.window == window)
        #expect(engines["tesseract"]?.gate.interval == nil)
        #expect(engines["many"]?.gate.window == 6)
    }

    @Test("what is configured for all bounds the accounts that have no limits of their own")
    func concurrency() throws {
        let engines = try engines("models: [gemini_3_flash]\nconcurrency: 3\ngemini: {api_key: g}\n")
        #expect(engines["gemini_3_flash"]?.gate.window == 3)
    }
}
