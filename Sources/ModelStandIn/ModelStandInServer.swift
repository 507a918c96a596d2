import FlyingFox
import FlyingSocks
import Foundation

/// A stand-in for Google's Gemini API and for OpenAI-compatible servers on this machine: `generateContent`, files and
/// batches, chat completions, as documented, faults on demand, and a record of what was asked.
public final class ModelStandInServer: Sendable {
    /// A failure to run.
    public enum Failure: Error {
        /// The port that was bound is not known.
        case notListening
    }

    private let state: StandInState

    /// A stand-in that does not listen yet.
    public init(_ configuration: Configuration = Configuration()) { state = StandInState(configuration) }

    /// The URL below which the API lies, once it runs: `http://127.0.0.1:1234`.
    public var baseURL: String { state.baseURL }

    /// The sheets asked for so far: requests that were well-formed and within the quotas, however they were answered.
    public var calls: [Call] { state.calls }

    /// The number of requests turned away before an answer was made: wrong key, malformed, over a quota.
    public var rejectedCount: Int { state.rejectedCount }

    /// The number of times each content was asked for, by the SHA-256 of its bytes in hexadecimal.
    public var callsByDigest: [String: Int] { state.callsByDigest }

    /// The names of the files that are stored now.
    public var storedFiles: [String] { state.files.all(at: configuration.clock()).map(\.name) }

    /// The batches that were made and not deleted, the newest first.
    public var batches: [Batch] { state.batches.all.map(\.batch) }

    /// Forgets all batches, as if they had been deleted.
    public func forgetBatches() { for entry in state.batches.all { _ = state.batches.delete(entry.batch.name) } }

    /// The behaviour of this moment.
    public var configuration: Configuration { state.configuration }

    /// Changes how requests from now on are answered.
    public func configure(_ change: (inout Configuration) -> Void) { state.configure(change) }

    /// Runs a stand-in on a free port of this machine while `body` runs, and ends it then.
    ///
    /// - Throws: what `body` throws, ``Failure``, or the system's error where no port can be had.
    public static func withRunning<Value: Sendable>(
        _ configuration: Configuration = Configuration(),
        _ body: @Sendable (ModelStandInServer) async throws -> Value
    ) async throws -> Value {
        let server = ModelStandInServer(configuration)
        return try await server.whileRunning { try await body(server) }
    }

    /// Serves on a free port of this machine while `body` runs.
    ///
    /// - Throws: what `body` throws, ``Failure``, or the system's error where no port can be had.
    public func whileRunning<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        try await whileListening(port: 0, body)
    }

    /// Serves on a port of this machine until cancelled; port 0 is any free one.
    ///
    /// - Parameter onListening: is called once `baseURL` is known.
    /// - Throws: `CancellationError`, ``Failure``, or the system's error where the port cannot be had.
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
        // Beyond that a body is not kept for being read twice.
        configuration.sharedRequestReplaySize = 64 << 10
        configuration.logger = .disabled
        let handler = ClosureHTTPHandler { try await RequestHandler(self.state).handle($0) }
        let server = HTTPServer(config: configuration, handler: handler)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            try await server.waitUntilListening()
            guard case .ip4(_, let port)? = await server.listeningAddress else { throw Failure.notListening }
            state.listen(onPort: port)
            let value = try await body()
            await server.stop()
            return value
        }
    }
}
