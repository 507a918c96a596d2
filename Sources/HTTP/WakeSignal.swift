import CCurl
import Glibc

/// A pair of sockets that wakes a thread which waits for sockets; anyone may signal.
final class WakeSignal: Sendable {
    /// Readable once somebody has signalled.
    let reader: Int32
    private let writer: Int32

    /// - Returns: `nil` when the system gives no more files.
    init?() {
        var ends: [Int32] = [-1, -1]
        // These names may be known through libcurl's header alone.
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        guard socketpair(AF_UNIX, Int32(kind), 0, &ends) == 0 else { return nil }
        (reader, writer) = (ends[0], ends[1])
    }

    deinit {
        close(reader)
        close(writer)
    }

    func signal() {
        var byte: UInt8 = 1
        // One that is full has signalled already.
        _ = write(writer, &byte, 1)
    }

    /// Takes back all signals so far.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 512)
        while read(reader, &bytes, bytes.count) == bytes.count {}
    }
}
