import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A stand-in for Google's Gemini API on this machine: `generateContent` as documented, faults on demand, and a
/// record of what was asked.
public final class ModelStandInServer: Sendable {
    /// Why the stand-in does not run.
    public enum Failure: Error {
        case notListening
    }

    private struct State {
        var configuration: Configuration
        var calls: [Call] = []
        var rejected = 0
        var quotas = Quotas()
        var port: UInt16?
    }

    private let state: Mutex<State>

    public init(_ configuration: Configuration = Configuration()) {
        state = Mutex(State(configuration: configuration))
    }

    /// The URL below which the API lies, once it runs: `http://127.0.0.1:1234`.
    public var baseURL: String { "http://127.0.0.1:\(state.withLock(\.port) ?? 0)" }

    /// The sheets asked for so far: requests that were well-formed and within the quotas, however they were answered.
    public var calls: [Call] { state.withLock(\.calls) }

    /// How many requests were turned away before an answer was made: wrong key, malformed, over a quota.
    public var rejectedCount: Int { state.withLock(\.rejected) }

    /// How often each content was asked for, by the SHA-256 of its bytes in hexadecimal.
    public var callsByDigest: [String: Int] {
        calls.flatMap(\.inline).reduce(into: [:]) { $0[$1.sha256, default: 0] += 1 }
    }

    /// Changes how requests from now on are answered.
    public func configure(_ change: (inout Configuration) -> Void) {
        state.withLock { change(&$0.configuration) }
    }

    /// Runs a stand-in on a free port of this machine while `body` runs, and ends it then.
    public static func withRunning<Value: Sendable>(
        _ configuration: Configuration = Configuration(),
        _ body: @Sendable (ModelStandInServer) async throws -> Value
    ) async throws -> Value {
        let server = ModelStandInServer(configuration)
        return try await server.whileListening(port: 0) { try await body(server) }
    }

    /// Serves on a port of this machine until cancelled; port 0 is any free one.
    ///
    /// - Parameter onListening: is called once `baseURL` is known.
    public func run(port: UInt16 = 0, onListening: @escaping @Sendable () -> Void = {}) async throws {
        try await whileListening(port: port) {
            onListening()
            while true { try await Task.sleep(for: .seconds(3600)) }
        }
    }

    private func whileListening<Value: Sendable>(
        port: UInt16, _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        let address = try sockaddr_in.inet(ip4: "127.0.0.1", port: port)
        var configuration = HTTPServer.Configuration(address: address)
        // The default of 15 s would answer 500 for us where a test wants silence.
        configuration.timeout = 24 * 3600
        configuration.sharedRequestBufferSize = 64 << 10
        configuration.logger = .disabled
        let server = HTTPServer(config: configuration, handler: ClosureHTTPHandler { try await self.handle($0) })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            try await server.waitUntilListening()
            guard case .ip4(_, let port)? = await server.listeningAddress else { throw Failure.notListening }
            state.withLock { $0.port = port }
            let value = try await body()
            await server.stop()
            return value
        }
    }

    private func handle(_ request: HTTPRequest) async throws -> HTTPResponse {
        // Read in any case: what is left of a body would be taken for the next request.
        let body = try await request.bodyData
        let configuration = state.withLock(\.configuration)
        let answer = await answer(to: request, body: body, configuration)
        var response = try await answer.response()
        response.headers[.date] = HTTPDateText.string(from: configuration.clock())
        response.headers[HTTPHeader("Server")] = "model-stand-in"
        return response
    }

    private func answer(to request: HTTPRequest, body: Data, _ configuration: Configuration) async -> Answer {
        let path = request.target.path()
        let key = request.headers[HTTPHeader("x-goog-api-key")] ?? request.query["key"]
        do throws(GoogleFault) {
            try check(key: key, configuration)
            switch (request.method, Route(path: path)) {
            case (.GET, .models):
                return .json(["models": configuration.models.map(Self.describe)])
            case (.GET, .model(let name)):
                try check(model: name, configuration)
                return .json(Self.describe(name))
            case (.POST, .generateContent(let name)):
                try check(model: name, configuration)
                let call = try GenerateContentRequest(model: name, body: Array(body)).call
                try take(call, configuration)
                try? await Task.sleep(for: configuration.latency)
                return await configuration.answer(call).completed(for: call)
            default:
                throw .notFound("\(request.method.rawValue) \(path)")
            }
        } catch {
            state.withLock { $0.rejected += 1 }
            return .fault(error)
        }
    }

    private func check(key: String?, _ configuration: Configuration) throws(GoogleFault) {
        guard let key else { throw .missingKey }
        guard configuration.apiKeys.isEmpty || configuration.apiKeys.contains(key) else { throw .invalidKey }
    }

    private func check(model name: String, _ configuration: Configuration) throws(GoogleFault) {
        guard configuration.models.contains(name) else {
            throw .notFound(
                "models/\(name) is not found for API version v1beta, or is not supported for generateContent. "
                    + "Call ListModels to see the list of available models and their supported methods.")
        }
    }

    private func take(_ call: Call, _ configuration: Configuration) throws(GoogleFault) {
        let fault = state.withLock { state -> GoogleFault? in
            let fault = state.quotas.take(
                at: configuration.clock(), perMinute: configuration.quotaPerMinute, perDay: configuration.quotaPerDay,
                model: call.model)
            if fault == nil { state.calls.append(call) }
            return fault
        }
        if let fault { throw fault }
    }

    private static func describe(_ model: String) -> [String: any Sendable] {
        [
            "name": "models/\(model)", "version": "001", "displayName": model, "inputTokenLimit": 1_048_576,
            "outputTokenLimit": 65_536, "supportedGenerationMethods": ["generateContent", "countTokens"],
        ]
    }

    private enum Route {
        case models
        case model(String)
        case generateContent(String)
        case unknown

        init(path: String) {
            let parts = path.split(separator: "/", omittingEmptySubsequences: true)
            guard parts.count >= 2, parts[0] == "v1beta" || parts[0] == "v1", parts[1] == "models" else {
                self = .unknown
                return
            }
            switch parts.count {
            case 2: self = .models
            case 3:
                let name = parts[2].removingPercentEncoding ?? String(parts[2])
                let action = name.split(separator: ":", maxSplits: 1)
                if action.count == 1 {
                    self = .model(name)
                } else {
                    self = action[1] == "generateContent" ? .generateContent(String(action[0])) : .unknown
                }
            default: self = .unknown
            }
        }
    }
}
