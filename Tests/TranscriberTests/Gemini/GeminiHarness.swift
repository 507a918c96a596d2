import Foundation
import HTTP
import ModelStandIn
import Testing
import Transcriber

/// A stand-in, an engine that asks it, and pages to ask for.
struct GeminiHarness: Sendable {
    static let key = "AIza-very-secret-key-0123456789"

    let server: ModelStandInServer
    let engine: GeminiEngine

    /// Runs `body` with a stand-in that answers in this way.
    static func run(
        _ configuration: ModelStandInServer.Configuration = .init(apiKeys: [key]), model: String = "gemini-3.8-flash",
        key: String = key, options: GeminiEngine.Options = .init(),
        _ body: @Sendable (GeminiHarness) async throws -> Void
    ) async throws {
        try await ModelStandInServer.withRunning(configuration) { server in
            let engine = GeminiEngine(
                label: "test", model: model, apiKey: key, baseURL: server.baseURL, client: HTTPClient(),
                options: options)
            try await body(GeminiHarness(server: server, engine: engine))
        }
    }

    /// Runs `body` with a stand-in that answers everything with one answer.
    static func run(
        answering answer: ModelStandInServer.Answer, options: GeminiEngine.Options = .init(),
        _ body: @Sendable (GeminiHarness) async throws -> Void
    ) async throws {
        try await run(.init(apiKeys: [key], answer: { _ in answer }), options: options, body)
    }

    func ask(
        _ bytes: [UInt8] = Picture.jpeg(1), as type: MediaType = .jpeg, moreRoom: Bool = false
    ) async throws -> EngineAnswer {
        let file = try TemporaryFile(bytes)
        return try await engine.transcribe(
            TranscriptionRequest(
                pages: [.init(path: file.path, name: "fiche 1.jpg", mediaType: type)], promptKind: .standard,
                moreRoom: moreRoom))
    }

    /// The error of an attempt; that there is none fails the test.
    func error(
        _ bytes: [UInt8] = Picture.jpeg(1), as type: MediaType = .jpeg, moreRoom: Bool = false
    ) async throws -> TranscriptionError {
        do {
            let answer = try await ask(bytes, as: type, moreRoom: moreRoom)
            Issue.record("an answer where an error was due: \(answer)")
            return .cancelled
        } catch let error as TranscriptionError {
            #expect(!"\(error)".contains(Self.key.prefix(12)))
            return error
        }
    }
}

enum Picture {
    /// Bytes that begin as a JPEG does, different for every number.
    static func jpeg(_ number: UInt8, size: Int = 300) -> [UInt8] {
        [0xFF, 0xD8, 0xFF, 0xE0, number] + (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ Int(number)) }
    }
}

/// A file that lasts as long as this object.
final class TemporaryFile: Sendable {
    let path: String

    init(_ bytes: [UInt8]) throws {
        path = FileManager.default.temporaryDirectory.path + "/nids-sync-tests-" + UUID().uuidString
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
