import Foundation
import Synchronization

/// A TCP server that does what a script says, byte by byte: answers, stops half-way, hangs, cuts the line.
///
/// Each connection has a thread of its own, on which the script runs; scripts may block.
public final class ScriptedServer: Sendable {
    public typealias Script = @Sendable (ScriptedConnection) throws -> Void

    /// The port on 127.0.0.1.
    public let port: Int
    private let listener: Int32
    private let record = Record()

    /// What was seen, shared with the threads.
    final class Record: Sendable {
        struct State {
            var requests: [ScriptedRequest] = []
            var connections = 0
            var open: Set<Int32> = []
            var isStopped = false
        }
        let state = Mutex(State())
    }

    private init(_ script: @escaping Script) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard let port = FreePort.listeningPort(listener, bindingTo: 0), listen(listener, 512) == 0 else {
            throw TestFailure("cannot listen on 127.0.0.1")
        }
        self.port = port
        let (listener, record) = (listener, record)
        Thread.detachNewThread { Self.accept(on: listener, record, script) }
    }

    /// Runs a server for as long as `body` runs.
    @discardableResult
    public static func run<Value: Sendable>(
        _ script: @escaping Script, _ body: (ScriptedServer) async throws -> Value
    ) async throws -> Value {
        let server = try ScriptedServer(script)
        defer { server.stop() }
        return try await body(server)
    }

    /// Runs a server that answers every request with what `answer` makes of it.
    @discardableResult
    public static func answering<Value: Sendable>(
        _ answer: @escaping @Sendable (ScriptedRequest) -> String, _ body: (ScriptedServer) async throws -> Value
    ) async throws -> Value {
        try await run(
            { connection in
                while let request = try connection.readRequest() { try connection.send(answer(request)) }
            }, body)
    }

    /// `http://127.0.0.1:<port>`
    public var url: String { "http://127.0.0.1:\(port)" }
    /// The requests read so far, over all connections.
    public var requests: [ScriptedRequest] { record.state.withLock { $0.requests } }
    /// How many connections were made.
    public var connectionCount: Int { record.state.withLock { $0.connections } }
    /// How many are open.
    public var openConnectionCount: Int { record.state.withLock { $0.open.count } }

    private func stop() {
        record.state.withLock { state in
            state.isStopped = true
            for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private static func accept(on listener: Int32, _ record: Record, _ script: @escaping Script) {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            if descriptor < 0, errno == EINTR || errno == ECONNABORTED { continue }
            guard descriptor >= 0 else { break }
            let number = record.state.withLock { state in
                state.connections += 1
                state.open.insert(descriptor)
                if state.isStopped { shutdown(descriptor, Int32(SHUT_RDWR)) }
                return state.connections
            }
            Thread.detachNewThread {
                let connection = ScriptedConnection(descriptor, number: number, record)
                try? script(connection)
                record.state.withLock { state in
                    state.open.remove(descriptor)
                    close(descriptor)
                }
            }
        }
        close(listener)
    }
}

/// A request as it came over the line.
public struct ScriptedRequest: Sendable {
    public var method: String
    public var target: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    /// The connection that brought it, the first is 1.
    public var connection: Int

    /// The value of a header field, `nil` when it is not there.
    public subscript(name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
