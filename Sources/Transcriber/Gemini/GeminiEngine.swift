public import HTTP
import HTTPTypes

/// Google's Gemini models over `generateContent`.
///
/// One call is one request: whether to try again is the caller's decision. The key goes into a header, never into
/// the URL, and never into an error. Pages too large for a request are uploaded to Google's Files API first, and
/// deleted there afterwards.
public struct GeminiEngine: Engine {
    /// Google's own address.
    public static let defaultBaseURL = "https://generativelanguage.googleapis.com"

    public let label: String
    /// The provider's id of the model.
    public let model: String
    let options: Options
    let transport: GeminiTransport
    /// Set when this model has answered a request of this form: then one that it calls invalid has an odd picture.
    private let hasAnswered = Flag()
    /// Set when the server does not know the word "store".
    private let refusesStore = Flag()

    /// The settings of a request; those that are `nil` are left to the provider.
    public struct Options: Sendable, Hashable {
        /// The model's room for thinking: Gemini 3 knows levels, Gemini 2.5 a budget.
        public var thinking: Thinking?
        /// The resolution at which the model looks at pictures.
        public var mediaResolution: MediaResolution?
        /// The most tokens of an answer, thoughts included: a reading takes some 2,000, and a model that repeats
        /// itself without end is billed for all of them.
        public var maxOutputTokens: Int
        /// Pages that are more than that in Base64 go through the Files API; Google's limit for a request is 100 MB
        /// since January 2026 (20 MB before).
        public var inlineLimit = 95_000_000
        /// Between two looks at an uploaded page that Google is still looking through.
        public var pollInterval = Duration.seconds(1)
        /// Silence before the first byte is the model at work.
        public var timeouts: HTTPTimeouts

        public init(
            thinking: Thinking? = nil, mediaResolution: MediaResolution? = nil, maxOutputTokens: Int = 16_384,
            timeouts: HTTPTimeouts = HTTPTimeouts(connect: .seconds(20), firstByte: .seconds(300), stall: .seconds(60))
        ) {
            self.thinking = thinking
            self.mediaResolution = mediaResolution
            self.maxOutputTokens = maxOutputTokens
            self.timeouts = timeouts
        }

        /// The most that the model gives in one answer that is not streamed.
        var mostOutputTokens = 65_536

        /// The most tokens of an answer, twice as many for one that broke off before, as far as the model gives them.
        func maxOutputTokens(for request: TranscriptionRequest) -> Int {
            request.moreRoom
                ? max(maxOutputTokens, min(mostOutputTokens, maxOutputTokens * 2))
                : min(maxOutputTokens, request.mostTokens ?? .max)
        }
    }

    /// `thinkingConfig`: a model takes one of the two and refuses the other.
    public enum Thinking: Sendable, Hashable {
        /// `minimal`, `low`, `medium`, `high` or `xhigh`, for Gemini 3 and later; each model knows some of them
        /// (`gemini-3.8-flash` refuses `minimal`, `gemini-4-hydrogen` alone knows `xhigh`).
        case level(String)
        /// Tokens, for Gemini 2.5; 0 is none, -1 as many as the model likes.
        case budget(Int)

        /// As a setting says it: a level's name, or a number of tokens.
        public init?(_ text: String) {
            if let tokens = Int(text) {
                guard tokens >= -1 else { return nil }
                self = .budget(tokens)
            } else {
                let level = text.lowercased()
                guard ["minimal", "low", "medium", "high", "xhigh"].contains(level) else { return nil }
                self = .level(level)
            }
        }
    }

    /// `mediaResolution`, for all pages of a request.
    public enum MediaResolution: String, Sendable, Hashable, CaseIterable {
        case low = "MEDIA_RESOLUTION_LOW"
        case medium = "MEDIA_RESOLUTION_MEDIUM"
        case high = "MEDIA_RESOLUTION_HIGH"

        /// As a setting says it: `low`, `medium` or `high`.
        public init?(name: String) { self.init(rawValue: "MEDIA_RESOLUTION_" + name.uppercased()) }
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
        var options = options
        // The fourth generation allows half as many without streaming, and refuses a request for more.
        if model.hasPrefix("gemini-4") { options.mostOutputTokens = 32_768 }
        self.options = options
        transport = GeminiTransport(
            client: client, key: APIKey(apiKey), baseURL: baseURL, timeouts: options.timeouts)
    }

    /// Asks for one reading of one sheet.
    /// - Throws: `TranscriptionError`, as `Engine` says.
    public func transcribe(_ request: TranscriptionRequest) async throws(TranscriptionError) -> EngineAnswer {
        let prepared = try GeminiRequest(request, options: options)
        if prepared.fitsInline, let answer = try await ask(prepared) { return answer }
        let files = GeminiFiles(transport: transport, pollInterval: options.pollInterval)
        let uploaded = try await upload(prepared, files)
        let result = await outcome(prepared, uploaded.map(\.uri))
        // In a task of its own, so that cancelling leaves nothing behind; what fails is gone after 48 hours anyway.
        await Task { for file in uploaded { try? await files.delete(file.name) } }.value
        return try result.get()
    }

    private func upload(
        _ prepared: GeminiRequest, _ files: GeminiFiles
    ) async throws(TranscriptionError) -> [GeminiFiles.File] {
        var uploaded: [GeminiFiles.File] = []
        for page in prepared.pages {
            let result = await uploadResult(page, files)
            switch result {
            case .success(let file): uploaded.append(file)
            case .failure(let error):
                let stored = uploaded
                await Task { for file in stored { try? await files.delete(file.name) } }.value
                throw error
            }
        }
        return uploaded
    }

    private func uploadResult(
        _ page: GeminiRequest.Page, _ files: GeminiFiles
    ) async -> Result<GeminiFiles.File, TranscriptionError> {
        do throws(TranscriptionError) {
            return .success(
                try await files.upload(page.page.path, size: page.size, type: page.type, displayName: "nids-sync page"))
        } catch {
            return .failure(error)
        }
    }

    private func outcome(
        _ prepared: GeminiRequest, _ uploaded: [String]
    ) async -> Result<EngineAnswer, TranscriptionError> {
        do throws(TranscriptionError) {
            guard let answer = try await ask(prepared, uploaded: uploaded) else { return .failure(.empty) }
            return .success(answer)
        } catch {
            return .failure(error)
        }
    }

    /// `nil` when pages inside the request are too large for it: Google's limit has changed before, and a proxy may
    /// have its own.
    private func ask(
        _ prepared: GeminiRequest, uploaded: [String]? = nil
    ) async throws(TranscriptionError) -> EngineAnswer? {
        let saysStore = !refusesStore.isSet
        let reply = try await transport.reply(
            .post, transport.url(GeminiTransport.modelPath(model) + ":generateContent"),
            headers: [.contentType: "application/json"],
            body: .parts(prepared.parts(uploaded: uploaded, saysStore: saysStore)))
        guard reply.status == 200 else {
            let fault = GeminiFault(reply, redacting: transport.key)
            if fault.isAboutStore, saysStore {
                refusesStore.set()
                return try await ask(prepared, uploaded: uploaded)
            }
            if uploaded == nil, fault.isAboutSize { return nil }
            throw fault.error(
                formIsKnownGood: hasAnswered.isSet, asksForMoreRoom: prepared.request.moreRoom,
                asked: AskedModel(label: label, id: model))
        }
        // Whatever it said of the sheet, it understood the request.
        hasAnswered.set()
        let answer = try GeminiAnswer(reply.body, redacting: transport.key)
        if let usage = answer.usage { prepared.request.onUsage?(usage) }
        return try answer.engineAnswer(model: model)
    }
}
