import Glibc

/// A port of 127.0.0.1 whose queue is full: whoever connects waits for an answer that does not come.
public final class SilentListener: Sendable {
    /// The port.
    public let port: Int
    private let descriptors: [Int32]

    public init() throws {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let listener = socket(AF_INET, type, 0)
        guard let port = FreePort.listeningPort(listener, bindingTo: 0), listen(listener, 0) == 0 else {
            throw TestFailure("cannot listen on 127.0.0.1")
        }
        self.port = port
        // A backlog of 0 still takes one connection; the second one's SYN is dropped.
        let fillers = (0..<3).map { _ in
            let filler = socket(AF_INET, type, 0)
            _ = FreePort.withLoopback(port: port) { connect(filler, $0, $1) }
            return filler
        }
        descriptors = [listener] + fillers
    }

    deinit { for descriptor in descriptors { close(descriptor) } }
}
