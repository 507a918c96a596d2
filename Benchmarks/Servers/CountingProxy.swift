import Foundation
import Synchronization

/// Stands between the program and a server and counts every byte that passes, headers included.
final class CountingProxy: Sendable {
    private let listener: LoopbackListener
    private let counter: Counter

    private final class Counter: Sendable {
        let bytes = Atomic<Int>(0)
    }

    init(to port: Int) throws {
        let counter = Counter()
        self.counter = counter
        listener = try LoopbackListener { client in
            guard let server = LoopbackListener.connection(to: port) else { return }
            let done = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                Self.relay(server, client, counter)
                done.signal()
            }
            Self.relay(client, server, counter)
            done.wait()
            close(server)
        }
    }

    var port: Int { listener.port }
    /// Bytes in both directions so far.
    var bytes: Int { counter.bytes.load(ordering: .relaxed) }

    private static func relay(_ from: Int32, _ to: Int32, _ counter: Counter) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = recv(from, buffer.baseAddress, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            counter.bytes.add(count, ordering: .relaxed)
            guard LoopbackListener.send(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: to) else { break }
        }
        shutdown(to, Int32(SHUT_WR))
    }
}
