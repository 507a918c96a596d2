import Foundation

/// Bytes on a connection, without a client that minds what it sends.
final class RawConnection {
    private let descriptor: Int32

    /// Connects to this machine; a read that takes longer than 20 s fails.
    init(port: UInt16) throws {
        #if os(Linux)
            let kind = Int32(SOCK_STREAM.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        descriptor = socket(AF_INET, kind, 0)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit { close(descriptor) }

    /// Connects, sends, and hangs up without reading.
    static func send(_ bytes: [UInt8], toPort port: UInt16) throws {
        try RawConnection(port: port).send(bytes)
    }

    /// Sends messages, each after a head that came back for the last one, and returns all that came until the end.
    ///
    /// On a thread of its own: the server's tasks need those of the pool.
    static func talk(_ messages: [String], toPort port: UInt16) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let connection = try RawConnection(port: port)
                        var heard = ""
                        for (index, message) in messages.enumerated() {
                            try connection.send(Array(message.utf8))
                            heard += try connection.receive(
                                until: index == messages.count - 1 ? "" : "\r\n\r\n")
                        }
                        return heard
                    })
            }
        }
    }

    private func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw POSIXError(.EPIPE) }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads up to a text, or to the end of the connection where it is empty.
    private func receive(until ending: String) throws -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while ending.isEmpty || !String(decoding: bytes, as: UTF8.self).hasSuffix(ending) {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { break }
            guard count > 0 else { throw POSIXError(.ETIMEDOUT) }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
