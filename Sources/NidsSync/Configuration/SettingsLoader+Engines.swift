import HTTP
import Transcriber

extension SettingsLoader {
    /// Nobody asks for more, and a slip of the finger does.
    private static let highestPrice = 10_000.0
    /// The values of what OpenAI, Mistral and others call `reasoning_effort`.
    private static let efforts = ["none", "minimal", "low", "medium", "high", "xhigh"]

    /// The models described under labels.
    func engineSettings() throws(ConfigurationError) -> [String: Settings.Engine] {
        var engines: [String: Settings.Engine] = [:]
        for label in sources.file.engines.keys.sorted() {
            let key = "transcription.engines.\(SettingKey.shown(label))"
            try check(label, key: key, sources.file.engineLabels[label] ?? .nowhere)
            engines[label] = try engine(label)
        }
        return engines
    }

    private func engine(_ label: String) throws(ConfigurationError) -> Settings.Engine {
        func path(_ member: String) -> String { SettingKey.enginePath(label, member) }
        let kind = try kind(of: label)
        try refuseMeaningless(label, kind)
        var engine = Settings.Engine(engine: kind, model: try model(of: label, kind))
        engine.price = try price(of: label)
        engine.requestsPerMinute = try sources.integer(path("requests_per_minute"), in: 1...100_000)
        engine.concurrency = try sources.integer(path("concurrency"), in: 1...1000)
        engine.thinking = try thinking(path("thinking"), kind)
        engine.mediaResolution = try mediaResolution(path("media_resolution"))
        engine.maxOutputTokens = try sources.integer(path("max_output_tokens"), in: 256...1_000_000)
        engine.timeout = try timeout(path("timeout"))
        engine.temperature = try sources.decimal(path("temperature"), upTo: 2, "A number from 0 to 2, for example 0.2.")
        engine.baseURL = try sources.address(path("base_url"), example: "https://api.example.org/v1")
        engine.apiKey = try sources.secret(path("api_key"))
        return engine
    }

    private func kind(of label: String) throws(ConfigurationError) -> ModelCatalogue.EngineKind {
        let path = SettingKey.enginePath(label, "engine")
        let advice = "One of gemini, openai (any server with OpenAI's chat completions) and tesseract."
        if let text = try sources.text(path) {
            guard let kind = ModelCatalogue.EngineKind(rawValue: text) else { throw sources.wrong(path, text, advice) }
            return kind
        }
        if let entry = ModelCatalogue.entry(for: label) { return entry.engine }
        throw ConfigurationError(
            "missing", key: path, at: sources.file.engineLabels[label] ?? .nowhere,
            advice: advice + " Only the labels that are predefined do without: "
                + ModelCatalogue.predefined.map(\.label).joined(separator: ", ") + ".")
    }

    private func refuseMeaningless(
        _ label: String, _ kind: ModelCatalogue.EngineKind
    ) throws(ConfigurationError) {
        let known = SettingKey.engineKeys(of: kind)
        for member in (sources.file.engines[label] ?? [:]).keys.sorted() where !known.contains(member) {
            let path = SettingKey.enginePath(label, member)
            throw ConfigurationError(
                "the engine \(kind.rawValue) has no such setting", key: path, at: sources.place(of: path),
                advice: "Remove it; \(kind.rawValue) knows \(known.joined(separator: ", ")).")
        }
    }

    private func model(
        of label: String, _ kind: ModelCatalogue.EngineKind
    ) throws(ConfigurationError) -> String? {
        guard kind != .tesseract else { return nil }
        let path = SettingKey.enginePath(label, "model")
        if let model = try sources.text(path) { return model }
        if let entry = ModelCatalogue.entry(for: label), entry.engine == kind { return entry.providerID }
        let example = kind == .gemini ? "gemini-3.8-flash" : "qwen3-vl:8b"
        throw ConfigurationError(
            "missing", key: path, at: sources.file.engineLabels[label] ?? .nowhere,
            advice: "The id that the provider or server gives the model, for example \(example).")
    }

    private func price(of label: String) throws(ConfigurationError) -> ModelCatalogue.Price? {
        let inputPath = SettingKey.enginePath(label, "input_price")
        let outputPath = SettingKey.enginePath(label, "output_price")
        let advice = "US dollars for a million tokens, for example 0.30; 0 for what costs nothing."
        let input = try sources.decimal(inputPath, upTo: Self.highestPrice, advice)
        let output = try sources.decimal(outputPath, upTo: Self.highestPrice, advice)
        switch (input, output) {
        case (nil, nil): return nil
        case (let input?, let output?): return ModelCatalogue.Price(input: input, output: output)
        case (_, nil):
            throw ConfigurationError(
                "missing beside input_price", key: outputPath, at: sources.place(of: inputPath), advice: advice)
        case (nil, _):
            throw ConfigurationError(
                "missing beside output_price", key: inputPath, at: sources.place(of: outputPath), advice: advice)
        }
    }

    private func thinking(_ path: String, _ kind: ModelCatalogue.EngineKind) throws(ConfigurationError) -> String? {
        guard let text = try sources.text(path)?.lowercased() else { return nil }
        if kind == .gemini {
            guard GeminiEngine.Thinking(text) != nil else {
                throw sources.wrong(
                    path, text,
                    "minimal, low, medium or high for Gemini 3 and later; for Gemini 2.5 a number of tokens, 0 for none, "
                        + "-1 for as many as it likes.")
            }
        } else if !Self.efforts.contains(text) {
            throw sources.wrong(
                path, text, "One of \(Self.efforts.joined(separator: ", ")), as far as the model knows it.")
        }
        return text
    }

    private func timeout(_ path: String) throws(ConfigurationError) -> Duration? {
        guard let value = try sources.duration(path, upTo: .day) else { return nil }
        guard value >= .seconds(10) else {
            throw sources.wrong(path, try sources.text(path) ?? "", "At least 10s, for example 20m.")
        }
        return value
    }

    private func mediaResolution(_ path: String) throws(ConfigurationError) -> GeminiEngine.MediaResolution? {
        guard let text = try sources.text(path) else { return nil }
        guard let resolution = GeminiEngine.MediaResolution(name: text) else {
            throw sources.wrong(path, text, "One of low, medium and high.")
        }
        return resolution
    }
}
