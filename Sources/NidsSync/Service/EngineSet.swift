import HTTP
import Transcriber

/// The engines of the configured models, by label.
struct EngineSet: Sendable {
    /// One model's engine.
    struct Member: Sendable {
        var engine: any Engine
        /// Whether its requests cost money.
        var isPaid: Bool
        /// Lets requests begin as the provider takes them.
        var gate: RequestGate
        /// What a million tokens cost, where it is known.
        var price: ModelCatalogue.Price?
    }

    private var members: [String: Member] = [:]

    init(_ members: [String: Member]) { self.members = members }

    subscript(label: String) -> Member? { members[label] }

    /// What tokens cost, in the currency of the prices, as far as these are known.
    func cost(of tokens: [String: TokenUsage]) -> Double {
        tokens.reduce(0) { sum, used in sum + (members[used.key]?.price?.cost(of: used.value) ?? 0) }
    }

    /// The labels of models that cost money.
    var paidLabels: [String] { members.filter(\.value.isPaid).keys.sorted() }

    /// The engines that the settings ask for.
    /// - Throws: `ConfigurationError` for an unknown label or a missing key.
    init(_ settings: Settings.Transcription, http: HTTPClient) throws(ConfigurationError) {
        for label in settings.models {
            members[label] = try Self.member(label, settings, http)
        }
    }

    private static let localProcesses = 2
    private static let remoteRequests = 256

    private static func gate(
        _ settings: Settings.Transcription, cap: Int, initialWindow: Int
    ) -> RequestGate {
        RequestGate(
            ratePerMinute: settings.requestsPerMinute.map(Double.init), cap: settings.concurrency ?? cap,
            initialWindow: min(initialWindow, settings.concurrency ?? initialWindow))
    }

    private static func member(
        _ label: String, _ settings: Settings.Transcription, _ http: HTTPClient
    ) throws(ConfigurationError) -> Member {
        let configured = settings.engines[label]
        let known = ModelCatalogue.entry(for: label)
        switch configured?.engine ?? known?.engine.rawValue {
        case "tesseract":
            return Member(
                engine: TesseractEngine(label: label), isPaid: false,
                gate: gate(settings, cap: Self.localProcesses, initialWindow: Self.localProcesses))
        case "gemini":
            guard let model = configured?.model ?? known?.providerID else {
                throw ConfigurationError(
                    "the provider's id is missing", key: "transcription.engines.\(label).model",
                    advice: "For example: model: gemini-3-flash-preview")
            }
            guard let key = settings.geminiKey else {
                throw ConfigurationError(
                    "missing, and the model \(label) needs it", key: "transcription.gemini.api_key",
                    advice: "Give it as GEMINI_API_KEY, or a file that holds it as transcription.gemini.api_key_file; "
                        + "or set transcription.models to tesseract.")
            }
            let engine =
                settings.geminiBaseURL.map {
                    GeminiEngine(label: label, model: model, apiKey: key.value, baseURL: $0, client: http)
                } ?? GeminiEngine(label: label, model: model, apiKey: key.value, client: http)
            let price = known?.price ?? ModelCatalogue.predefined.first { $0.providerID == model }?.price
            return Member(
                engine: engine, isPaid: true,
                gate: gate(settings, cap: Self.remoteRequests, initialWindow: 8), price: price)
        default:
            throw ConfigurationError(
                "\"\(label)\" is no model that is known here", key: "transcription.models",
                advice: "Known: \(ModelCatalogue.predefined.map(\.label).joined(separator: ", ")); "
                    + "describe others under transcription.engines.\(label).")
        }
    }
}
