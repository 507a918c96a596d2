import Foundation
import Synchronization

/// A TCP proxy before a server, which does to it what networks and proxies do: it rewrites, breaks off, falls silent.
public final class MariaDBServerProxy: Sendable {
    /// The port on 127.0.0.1.
    public let port: Int
    private let listener: Int32
    private let state: Mutex<State>

    private struct State {
        var open: Set<Int32> = []
        var breakingAt: [UInt8]?
        var times: Int
        var isStopped = false
    }

    /// Starts it.
    /// - Parameters:
    ///   - upstream: the server's port on 127.0.0.1.
    ///   - replacing: a text of the client, and another of the same length that the server gets instead.
    ///   - breakingAt: a text of the client at which both ends are closed; the server does not get it.
    ///   - times: how often that is done.
    public init(
        to upstream: Int, replacing: (old: String, new: String)? = nil, breakingAt: String? = nil, times: Int = 1
    ) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard let port = FreePort.listeningPort(listener, bindingTo: 0), listen(listener, 64) == 0 else {
            throw TestFailure("cannot listen on 127.0.0.1")
        }
        self.port = port
        state = Mutex(State(breakingAt: breakingAt.map { Array($0.utf8) }, times: times))
        let pair = replacing.map { (Array($0.old.utf8), Array($0.new.utf8)) }
        Thread.detachNewThread { [self] in accept(upstream, pair) }
    }

    /// Closes every connection and listens no more.
    public func stop() {
        let open = state.withLock { state in
            state.isStopped = true
            return state.open
        }
        for descriptor in open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func accept(_ upstream: Int, _ pair: ([UInt8], [UInt8])?) {
        while true {
            let client = Foundation.accept(listener, nil, nil)
            guard client >= 0 else { return }
            let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            guard FreePort.withLoopback(port: upstream, { connect(server, $0, $1) }) == 0 else {
                close(client)
                close(server)
                continue
            }
            let isStopped = state.withLock { state in
                state.open.formUnion([client, server])
                return state.isStopped
            }
            if isStopped { return }
            Thread.detachNewThread { [self] in pump(from: client, to: server, pair, isClient: true) }
            Thread.detachNewThread { [self] in pump(from: server, to: client, nil, isClient: false) }
        }
    }

    private func pump(from source: Int32, to target: Int32, _ pair: ([UInt8], [UInt8])?, isClient: Bool) {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = recv(source, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            var bytes = Array(chunk[..<count])
            if isClient, breaks(at: bytes) { break }
            if let (old, new) = pair {
                while let range = bytes.firstRange(of: old) { bytes.replaceSubrange(range, with: new) }
            }
            guard send(target, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { break }
        }
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(target, Int32(SHUT_RDWR))
    }

    private func breaks(at bytes: [UInt8]) -> Bool {
        state.withLock { state in
            guard state.times > 0, let text = state.breakingAt, bytes.firstRange(of: text) != nil else { return false }
            state.times -= 1
            return true
        }
    }
}
