public import HTTP
import HTTPTypes

/// Vision models behind OpenAI's chat completions: OpenAI, Mistral, and servers of one's own (Ollama, vLLM, llama.cpp,
/// LM Studio), so that a sheet need never leave the building.
///
/// Servers differ in what they take. An engine begins with the most (`json_schema`), remembers what was refused, and
/// goes on with less (`json_object`, then plain text); a request refused for its form is not answered, hence not
/// billed, and is sent again at once.
/// Protocol: https://platform.openai.com/docs/api-reference/chat/create,
/// https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html,
/// https://docs.ollama.com/api/openai-compatibility.
public struct OpenAIEngine: Engine {
    /// OpenAI's own address.
    public static let defaultBaseURL = "https://api.openai.com/v1"

    public let label: String
    /// The provider's id of the model.
    public let model: String
    let options: Options
    let dialect: ChatDialect
    private let url: String
    private let key: APIKey
    private let client: HTTPClient
    private let hasAnswered = Flag()
    /// Set when it has answered about several pages.
    private let hasAnsweredPairs = Flag()
    /// Set when an answer had a text.
    private let hasRead = Flag()

    /// The settings of a request; those that are `nil` are left to the provider.
    public struct Options: Sendable, Hashable {
        /// Reading wants no invention: 0 where the model takes it.
        public var temperature: Double?
        /// `low`, `medium`, `high`… for models that reason.
        public var reasoningEffort: String?
        /// The most tokens of an answer, thoughts included.
        public var maxOutputTokens: Int
        /// Silence before the first byte is the model at work; one on a small machine takes minutes.
        public var timeouts: HTTPTimeouts

        public init(
            temperature: Double? = 0, reasoningEffort: String? = nil, maxOutputTokens: Int = 8192,
            timeouts: HTTPTimeouts = HTTPTimeouts(connect: .seconds(20), firstByte: .seconds(600), stall: .seconds(60))
        ) {
            self.temperature = temperature
            self.reasoningEffort = reasoningEffort
            self.maxOutputTokens = maxOutputTokens
            self.timeouts = timeouts
        }

        /// The most tokens of an answer, twice as many for one that broke off before.
        ///
        /// - Parameter most: What the server has said that it gives at most.
        func maxOutputTokens(for request: TranscriptionRequest, most: Int?) -> Int {
            let wished = request.moreRoom ? maxOutputTokens * 2 : min(maxOutputTokens, request.mostTokens ?? .max)
            return min(wished, most ?? .max)
        }
    }

    /// An engine for one model.
    ///
    /// - Parameters:
    ///   - label: The label under which readings are kept.
    ///   - model: The server's id of the model: `qwen3-vl:8b`.
    ///   - apiKey: The key; `nil` for servers of one's own that want none.
    ///   - baseURL: Where the API lies, with or without `/v1`.
    ///   - client: The client that sends; connections are kept in it.
    public init(
        label: String, model: String, apiKey: String?, baseURL: String = Self.defaultBaseURL, client: HTTPClient,
        options: Options = Options()
    ) {
        self.label = label
        self.model = model
        self.options = options
        self.client = client
        key = APIKey(apiKey ?? "")
        let base = Self.base(baseURL)
        url = base + "/chat/completions"
        dialect = ChatDialect(isOpenAIs: base.hasPrefix("https://api.openai.com/"))
    }

    /// Asks for one reading of one sheet.
    /// - Throws: `TranscriptionError`, as `Engine` says.
    public func transcribe(_ request: TranscriptionRequest) async throws(TranscriptionError) -> EngineAnswer {
        // A limit that is refused for the context is left out for this request alone.
        var leavesOutLimit = false
        while true {
            var form = dialect.form
            if request.moreRoom, let most = form.mostTokens, most <= options.maxOutputTokens {
                throw .rejected(reason: "more room for the answer is refused: the server gives at most \(most) tokens")
            }
            let limit =
                form.tokenLimit == .none ? nil : options.maxOutputTokens(for: request, most: form.mostTokens)
            if leavesOutLimit { form.tokenLimit = .none }
            let reply = try await reply(to: request, form)
            if reply.status == 200, let answer = OpenAIAnswer(reply.body, redacting: key) {
                return try read(answer, request, limit: limit)
            }
            let fault = OpenAIFault(reply, redacting: key)
            if !leavesOutLimit, form.tokenLimit != .none, fault.isAboutLimitInContext {
                leavesOutLimit = true
                continue
            }
            guard let simpler = fault.simplerForm(than: form, limit: limit, hasMoreRoom: request.moreRoom) else {
                throw fault.error(for: request, history, asked: AskedModel(label: label, id: model))
            }
            dialect.settle(for: simpler, keepingLimit: leavesOutLimit)
        }
    }

    private func read(
        _ answer: OpenAIAnswer, _ request: TranscriptionRequest, limit: Int?
    ) throws(TranscriptionError) -> EngineAnswer {
        hasAnswered.set()
        if request.pages.count > 1 { hasAnsweredPairs.set() }
        if let usage = answer.usage { request.onUsage?(usage) }
        if key.value.isEmpty, let context = answer.cutPrompt {
            throw OpenAIAnswer.shortPrompt(context, pages: request.pages.count)
        }
        let read = try answer.engineAnswer(model: model, limit: limit, hasRead: hasRead.isSet)
        hasRead.set()
        return read
    }

    private var history: OpenAIFault.History {
        OpenAIFault.History(hasAnswered: hasAnswered.isSet, hasAnsweredPairs: hasAnsweredPairs.isSet)
    }

    private func reply(
        to request: TranscriptionRequest, _ form: ChatDialect.Form
    ) async throws(TranscriptionError) -> HTTPReply {
        let body = try ChatBody(request, model: model, form: form, options: options).parts
        var headers: HTTPFields = [.contentType: "application/json"]
        if !key.value.isEmpty { headers[.authorization] = "Bearer " + key.value }
        do throws(HTTPError) {
            return try await client.send(
                HTTPRequest(.post, url: url, headers: headers), body: .parts(body), limit: 16 << 20,
                timeouts: options.timeouts)
        } catch {
            if case .stalled(_, let after, _) = error, after >= options.timeouts.firstByte {
                throw .unavailable(
                    reason: "\(error.reasonWithoutURL): if it only takes longer, raise "
                        + "transcription.engines.\(label).timeout", retryAfter: nil,
                    mayHaveBeenBilled: error.mayHaveActed)
            }
            throw TranscriptionError(error, redacting: key)
        }
    }

    /// The address with its version, which most servers' documentation shows and some leaves out.
    private static func base(_ url: String) -> String {
        var base = url[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        if base.hasSuffix("/chat/completions") { base = base.dropLast("/chat/completions".count) }
        let last = base.split(separator: "/").last ?? ""
        let isVersion = last.first == "v" && last.count > 1 && last.dropFirst().first.map(\.isNumber) == true
        return isVersion || base.hasSuffix("/openai") ? String(base) : base + "/v1"
    }
}
