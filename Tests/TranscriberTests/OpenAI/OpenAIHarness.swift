import HTTP
import ModelStandIn
import Testing
import Transcriber

/// A stand-in, an engine that asks it as OpenAI is asked, and pages to ask for.
struct OpenAIHarness: Sendable {
    static let key = "sk-very-secret-key-0123456789"

    let server: ModelStandInServer
    let engine: OpenAIEngine

    static func run(
        _ configuration: ModelStandInServer.Configuration = .init(apiKeys: [key], models: ["qwen3-vl:8b"]),
        model: String = "qwen3-vl:8b", key: String? = key, options: OpenAIEngine.Options = .init(),
        _ body: @Sendable (OpenAIHarness) async throws -> Void
    ) async throws {
        try await ModelStandInServer.withRunning(configuration) { server in
            let engine = OpenAIEngine(
                label: "test", model: model, apiKey: key, baseURL: server.baseURL, client: HTTPClient(),
                options: options)
            try await body(OpenAIHarness(server: server, engine: engine))
        }
    }

    /// Runs `body` with a stand-in that answers everything with one answer.
    static func run(
        answering answer: ModelStandInServer.Answer, chat: ModelStandInServer.Chat = .init(),
        options: OpenAIEngine.Options = .init(), _ body: @Sendable (OpenAIHarness) async throws -> Void
    ) async throws {
        var configuration = ModelStandInServer.Configuration(
            apiKeys: [key], models: ["qwen3-vl:8b"], answer: { _ in answer })
        configuration.chat = chat
        try await run(configuration, options: options, body)
    }

    func ask(
        _ bytes: [UInt8] = Picture.jpeg(1), as type: MediaType = .jpeg, moreRoom: Bool = false, pages: Int = 1
    ) async throws -> EngineAnswer {
        let file = try TemporaryFile(bytes)
        let page = TranscriptionRequest.Page(path: file.path, name: "fiche 1.jpg", mediaType: type)
        return try await engine.transcribe(
            TranscriptionRequest(
                pages: Array(repeating: page, count: pages), promptKind: .standard, moreRoom: moreRoom))
    }

    /// The error of an attempt; that there is none fails the test.
    func error(
        _ bytes: [UInt8] = Picture.jpeg(1), as type: MediaType = .jpeg, moreRoom: Bool = false, pages: Int = 1
    ) async throws -> TranscriptionError {
        do {
            let answer = try await ask(bytes, as: type, moreRoom: moreRoom, pages: pages)
            Issue.record("an answer where an error was due: \(answer)")
            return .cancelled
        } catch let error as TranscriptionError {
            #expect(!"\(error)".contains(Self.key.prefix(12)))
            return error
        }
    }
}
