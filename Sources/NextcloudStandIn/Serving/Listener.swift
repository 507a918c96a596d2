import FlyingSocks
import Foundation

/// A server socket on 127.0.0.1, and the connections that came by it.
///
/// Its own rather than FlyingFox's server, which never answers `100 Continue` and cannot send a body in a given rhythm
/// or with a length that is not its own.
struct Listener: Sendable {
    let port: UInt16
    private let socket: Socket
    private let task: Task<Void, Never>

    /// Listens; port 0 takes a free one.
    ///
    /// - Throws: ``StandInError/cannotListen(port:reason:)``
    static func start(port: UInt16, _ service: Service) async throws(StandInError) -> Listener {
        do {
            let pool = SocketPool.ePoll(maxEvents: 64, logger: .disabled)
            try await pool.prepare()
            let socket = try Socket(domain: Int32(AF_INET))
            do {
                try socket.setValue(true, for: .localAddressReuse)
                try socket.bind(to: sockaddr_in.inet(ip4: "127.0.0.1", port: port))
                try socket.listen()
                guard case .ip4(_, let bound) = try socket.sockname() else {
                    throw StandInError.cannotListen(port: port, reason: "its address is unknown")
                }
                let listening = try AsyncSocket(socket: socket, pool: pool)
                let task = Task { await run(listening, pool, service) }
                return Listener(port: bound, socket: socket, task: task)
            } catch {
                try? socket.close()
                throw error
            }
        } catch let error as StandInError {
            throw error
        } catch {
            throw .cannotListen(port: port, reason: "the port may be taken (\(error.localizedDescription))")
        }
    }

    /// Closes every connection, in the middle of an answer too, and stops listening.
    func stop() async {
        task.cancel()
        await task.value
        try? socket.close()
    }

    private static func run(_ listening: AsyncSocket, _ pool: some AsyncSocketPool, _ service: Service) async {
        await withDiscardingTaskGroup { group in
            group.addTask { try? await pool.run() }
            while !Task.isCancelled, let socket = try? await listening.accept() {
                // Without it, the end of a body sent in pieces may wait 40 ms for the client's acknowledgement.
                try? socket.socket.setValue(true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
                group.addTask { await Connection(socket: socket, pool: pool, service: service).serve() }
            }
            group.cancelAll()
        }
    }
}
