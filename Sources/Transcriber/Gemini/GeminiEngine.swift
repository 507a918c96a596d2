public import HTTP
import HTTPTypes
import Synchronization

/// Google's Gemini models over `generateContent`.
///
/// One call is one request: whether to try again is the caller's decision. The key goes into a header, never into
/// the URL, and never into an error.
public struct GeminiEngine: Engine {
    /// Google's own address.
    public static let defaultBaseURL = "https://generativelanguage.googleapis.com"

    public let label: String
    /// The provider's id of the model.
    public let model: String
    let options: Options
    private let url: String
    private let key: APIKey
    private let client: HTTPClient
    /// Whether this model has answered a request of this form: then one that it calls invalid has an odd picture.
    private let hasAnswered = Flag()

    /// How the model is asked; what is `nil` is left to the provider.
    public struct Options: Sendable, Hashable {
        /// How much the model may think: Gemini 3 knows levels, Gemini 2.5 a budget.
        public var thinking: Thinking?
        /// How closely pictures are looked at.
        public var mediaResolution: MediaResolution?
        /// Google advises against changing it for Gemini 3.
        public var temperature: Double?
        /// The most tokens of an answer, thoughts included: a reading takes some 2,000, and a model that repeats
        /// itself without end is billed for all of them.
        public var maxOutputTokens: Int
        /// Silence before the first byte is the model at work.
        public var timeouts: HTTPTimeouts

        public init(
            thinking: Thinking? = nil, mediaResolution: MediaResolution? = nil, temperature: Double? = nil,
            maxOutputTokens: Int = 32_768,
            timeouts: HTTPTimeouts = HTTPTimeouts(connect: .seconds(20), firstByte: .seconds(300), stall: .seconds(60))
        ) {
            self.thinking = thinking
            self.mediaResolution = mediaResolution
            self.temperature = temperature
            self.maxOutputTokens = maxOutputTokens
            self.timeouts = timeouts
        }
    }

    /// `thinkingConfig`: a model takes one of the two and refuses the other.
    public enum Thinking: Sendable, Hashable {
        /// `minimal`, `low`, `medium` or `high`, for Gemini 3.
        case level(String)
        /// Tokens, for Gemini 2.5; 0 is none, -1 as many as the model likes.
        case budget(Int)
    }

    /// `mediaResolution`, for all pages of a request.
    public enum MediaResolution: String, Sendable, Hashable, CaseIterable {
        case low = "MEDIA_RESOLUTION_LOW"
        case medium = "MEDIA_RESOLUTION_MEDIUM"
        case high = "MEDIA_RESOLUTION_HIGH"
    }

    /// An engine for one model.
    ///
    /// - Parameters:
    ///   - label: The label under which readings are kept.
    ///   - model: The provider's id of the model: `gemini-2.5-pro`.
    ///   - apiKey: The key; it is never written anywhere.
    ///   - baseURL: Where the API lies, without `/v1beta`.
    ///   - client: The client that sends; connections are kept in it.
    public init(
        label: String, model: String, apiKey: String, baseURL: String = Self.defaultBaseURL, client: HTTPClient,
        options: Options = Options()
    ) {
        self.label = label
        self.model = model
        self.options = options
        self.client = client
        key = APIKey(apiKey)
        url = Self.url(baseURL: baseURL, model: model)
    }

    public func transcribe(_ request: TranscriptionRequest) async throws(TranscriptionError) -> EngineAnswer {
        let body = try body(for: request)
        let reply: HTTPReply
        do throws(HTTPError) {
            let headers: HTTPFields = [.contentType: "application/json", Self.keyField: key.value]
            reply = try await client.send(
                HTTPRequest(.post, url: url, headers: headers), body: body, limit: 16 << 20,
                timeouts: options.timeouts)
        } catch {
            throw GeminiFault.error(for: error, redacting: key)
        }
        guard reply.head.status.code == 200 else {
            throw GeminiFault(reply, redacting: key).error(formIsKnownGood: hasAnswered.isSet)
        }
        // Whatever it said of the sheet, it understood the request.
        hasAnswered.set()
        return try GeminiAnswer(reply.body, redacting: key).engineAnswer(model: model)
    }

    /// The header field for the key; a key in the URL would be written into logs.
    private static let keyField = HTTPField.Name("x-goog-api-key") ?? .authorization

    private static func url(baseURL: String, model: String) -> String {
        var base = baseURL[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        if base.hasSuffix("/v1beta") { base = base.dropLast("/v1beta".count) }
        let name = model.hasPrefix("models/") ? model.dropFirst("models/".count) : model[...]
        return "\(base)/v1beta/models/\(percentEncoded(String(name))):generateContent"
    }

    private static func percentEncoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            let scalar = Unicode.Scalar(byte)
            if scalar.properties.isAlphabetic && byte < 0x80 || (0x30...0x39).contains(byte)
                || "-._~".utf8.contains(byte)
            {
                result.unicodeScalars.append(scalar)
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                result += "%" + (byte < 16 ? "0" : "") + hex
            }
        }
    }
}

/// Set once, from anywhere.
private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}
