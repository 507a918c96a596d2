import FlyingSocks
import Foundation

/// The bytes that come by one connection, read in pieces of up to 64 KiB. Used by one task at a time.
final class SocketReader {
    private static let pieceSize = 65_536
    private static let lineLimit = 65_536
    private let socket: Socket
    private let pool: any AsyncSocketPool
    private var buffer: [UInt8] = []
    private var start = 0

    init(_ socket: Socket, _ pool: any AsyncSocketPool) {
        self.socket = socket
        self.pool = pool
    }

    /// True where nothing has come that was not read.
    var isEmpty: Bool { start == buffer.count }

    /// The next line without its end; nil where the connection ended before it.
    ///
    /// - Throws: ``WireError/malformed(_:)`` for one of more than 64 KiB, `SocketError`, `CancellationError`.
    func line() async throws -> String? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                let hasReturn = end > start && buffer[end - 1] == 0x0D
                let line = String(decoding: buffer[start..<(hasReturn ? end - 1 : end)], as: UTF8.self)
                start = end + 1
                return line
            }
            guard buffer.count - start < Self.lineLimit else { throw WireError.malformed("a line is too long") }
            let unread = buffer.count - start
            guard try await fill() else { return nil }
            searched = start + unread
        }
    }

    /// The next bytes, at least one and at most that many; nil at the end of the connection.
    ///
    /// - Throws: `SocketError`, `CancellationError`.
    func bytes(atMost count: Int) async throws -> [UInt8]? {
        if isEmpty {
            guard try await fill() else { return nil }
        }
        let end = min(buffer.count, start + count)
        defer { start = end }
        return Array(buffer[start..<end])
    }

    /// Waits for more bytes; false at the end of the connection.
    private func fill() async throws -> Bool {
        buffer.removeFirst(start)
        start = 0
        while true {
            try Task.checkCancellation()
            do {
                buffer += try socket.read(atMost: Self.pieceSize)
                return true
            } catch SocketError.blocked {
                try await pool.suspendSocket(socket, untilReadyFor: .read)
            } catch SocketError.disconnected {
                return false
            }
        }
    }
}
