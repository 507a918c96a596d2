import HTTP
import Transcriber

/// Puts the engines of an `EngineSet` together: what is configured, what is known of a model, what its account shares.
struct EngineFactory {
    private let settings: Settings.Transcription
    private let http: HTTPClient
    /// The folder for the temporary files of our tools; the system's where it is `nil`.
    private let workFolder: String?
    /// Providers count the requests of an account, whichever of its models they are for.
    private var gates: [Account: RequestGate] = [:]

    /// Google scales what is larger down to this
    /// (https://firebase.google.com/docs/vertex-ai/input-file-requirements), and a sheet of A4 is legible at it: 263
    /// dots an inch. `media_resolution` sets how many tokens a picture becomes, not how many points are of use before
    /// that, so that all its steps get them. A4 scanned at 300 dots an inch, which most sheets are, has 3,508 points:
    /// Google makes them a few less as well as we, and a second of a processor for each page is saved.
    ///
    /// A page of a PDF is given half the tokens of a picture (https://ai.google.dev/gemini-api/docs/media-resolution),
    /// so that a scan inside one is read better as the picture that it is.
    static let geminiInput = AcceptedInput(
        mediaTypes: [.jpeg, .png, .webp], longestSide: 3072, toleratedSide: 3600)
    /// OpenAI makes larger ones smaller; servers of one's own take no more than these types.
    static let openAIInput = AcceptedInput(mediaTypes: [.jpeg, .png], longestSide: 2048)

    init(_ settings: Settings.Transcription, http: HTTPClient, workFolder: String? = nil) {
        self.settings = settings
        self.http = http
        self.workFolder = workFolder
    }

    /// The engine of a model.
    /// - Throws: `ConfigurationError` for an unknown label or a missing key.
    mutating func member(_ label: String) throws(ConfigurationError) -> EngineSet.Member {
        let known = ModelCatalogue.entry(for: label)
        let described =
            settings.engines[label] ?? known.map { Settings.Engine(engine: $0.engine, model: $0.providerID) }
        guard let described else {
            throw ConfigurationError(
                "\"\(label)\" is no model that is known here", key: "transcription.models",
                advice: "Known: \(ModelCatalogue.predefined.map(\.label).joined(separator: ", ")); "
                    + "describe others under transcription.engines.\(label).")
        }
        switch described.engine {
        case .tesseract: return tesseract(label, described)
        case .gemini: return try gemini(label, described)
        case .openai: return try openAI(label, described)
        }
    }

    private mutating func tesseract(_ label: String, _ described: Settings.Engine) -> EngineSet.Member {
        EngineSet.Member(
            engine: TesseractEngine(label: label, folder: workFolder), isPaid: false, isLocal: true,
            gate: gate(Account(kind: .tesseract), described))
    }

    private mutating func gemini(
        _ label: String, _ described: Settings.Engine
    ) throws(ConfigurationError) -> EngineSet.Member {
        let model = try model(label, described)
        let account = Account(
            described, address: settings.geminiBaseURL ?? GeminiEngine.defaultBaseURL, key: settings.geminiKey)
        guard let key = account.key else { throw Self.missingGeminiKey(label, described) }
        var options = GeminiEngine.Options(
            thinking: described.thinking.flatMap { GeminiEngine.Thinking($0) },
            mediaResolution: described.mediaResolution)
        if let tokens = described.maxOutputTokens { options.maxOutputTokens = tokens }
        if let timeout = described.timeout { options.timeouts.firstByte = timeout }
        let engine = GeminiEngine(
            label: label, model: model, apiKey: key.value, baseURL: account.address, client: http, options: options)
        return EngineSet.Member(
            engine: engine, isPaid: described.price.map(\.isSomething) ?? true, isLocal: false,
            fitsRoom: described.maxOutputTokens == nil,
            gate: gate(account, described), price: price(label, described, model),
            converter: PageConverter(Self.geminiInput, folder: workFolder), batch: GeminiBatch(engine),
            batchOptions: options)
    }

    private mutating func openAI(
        _ label: String, _ described: Settings.Engine
    ) throws(ConfigurationError) -> EngineSet.Member {
        let model = try model(label, described)
        let account = Account(
            described, address: settings.openAIBaseURL ?? OpenAIEngine.defaultBaseURL, key: settings.openAIKey)
        guard account.key != nil || !account.isOpenAIs else { throw Self.missingOpenAIKey(label) }
        var options = OpenAIEngine.Options(reasoningEffort: described.thinking)
        if let temperature = described.temperature { options.temperature = temperature }
        if let tokens = described.maxOutputTokens { options.maxOutputTokens = tokens }
        if let timeout = described.timeout { options.timeouts.firstByte = timeout }
        let engine = OpenAIEngine(
            label: label, model: model, apiKey: account.key?.value, baseURL: account.address, client: http,
            options: options)
        // Who wants no key sends no bill.
        let isPaid = described.price.map(\.isSomething) ?? (account.key != nil)
        let isLocal = account.key == nil && !isPaid
        return EngineSet.Member(
            engine: engine, isPaid: isPaid, isLocal: isLocal, runsHere: false,
            fitsRoom: !isLocal && described.maxOutputTokens == nil, gate: gate(account, described),
            price: isPaid ? price(label, described, model) : described.price,
            converter: PageConverter(Self.openAIInput, folder: workFolder))
    }

    private func model(_ label: String, _ described: Settings.Engine) throws(ConfigurationError) -> String {
        if let model = described.model { return model }
        throw ConfigurationError(
            "missing", key: SettingKey.enginePath(label, "model"),
            advice: "The id that the provider or server gives the model.")
    }

    /// The price that somebody gave, else the catalogue's for this very model: another one's would be a guess.
    private func price(
        _ label: String, _ described: Settings.Engine, _ model: String
    ) -> ModelCatalogue.Price? {
        if let price = described.price { return price }
        let same = ModelCatalogue.predefined.filter { $0.providerID == model }
        return (same.first { $0.label == label } ?? same.first)?.price
    }
}

extension EngineFactory {
    /// The account's gate; one of its own for an engine whose limits somebody gave.
    private mutating func gate(_ account: Account, _ described: Settings.Engine) -> RequestGate {
        if described.requestsPerMinute != nil || described.concurrency != nil {
            return newGate(account, rate: described.requestsPerMinute, cap: described.concurrency)
        }
        if let gate = gates[account] { return gate }
        let gate = newGate(account, rate: nil, cap: nil)
        gates[account] = gate
        return gate
    }

    private func newGate(_ account: Account, rate: Int?, cap: Int?) -> RequestGate {
        let limits = account.limits
        // What an account is granted says nothing of this machine: more processes than it has room for help nobody.
        if account.kind == .tesseract {
            let cap = cap ?? min(limits.cap, settings.concurrency ?? limits.cap)
            return RequestGate(cap: cap, initialWindow: cap)
        }
        let cap = cap ?? settings.concurrency ?? limits.cap
        return RequestGate(
            ratePerMinute: (rate ?? settings.requestsPerMinute).map(Double.init), cap: cap,
            initialWindow: min(limits.window, cap))
    }

    private static func missingGeminiKey(_ label: String, _ described: Settings.Engine) -> ConfigurationError {
        guard described.baseURL == nil else { return missingKey(label, "transcription.gemini") }
        return ConfigurationError(
            "missing, and the model \(label) needs it", key: "transcription.gemini.api_key",
            advice: "Give it as GEMINI_API_KEY, or a file that holds it as transcription.gemini.api_key_file; "
                + "or set transcription.models to tesseract.")
    }

    private static func missingOpenAIKey(_ label: String) -> ConfigurationError {
        ConfigurationError(
            "missing, and OpenAI's own server wants one for the model \(label)", key: "transcription.openai.api_key",
            advice: "Give a file that holds it as transcription.openai.api_key_file, or the key as "
                + "NIDS_TRANSCRIPTION_OPENAI_API_KEY; for another server give its address as "
                + "\(SettingKey.enginePath(label, "base_url")), for example http://127.0.0.1:11434/v1 for Ollama.")
    }

    private static func missingKey(_ label: String, _ section: String) -> ConfigurationError {
        ConfigurationError(
            "missing", key: SettingKey.enginePath(label, "api_key"),
            advice: "Give a file that holds it as \(SettingKey.enginePath(label, "api_key_file")): the one of "
                + "\(section) is not sent to another address than that of \(section).")
    }
}

extension ModelCatalogue.Price {
    /// Set where anything is to be paid.
    fileprivate var isSomething: Bool { input > 0 || output > 0 }
}
