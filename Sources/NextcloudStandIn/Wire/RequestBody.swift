import FlyingSocks
import Foundation

/// A request's body, read once and always to its end: what is left of it would be taken for the next request.
///
/// `100 Continue` is answered when the first byte is wanted (RFC 9110, section 10.1.1).
final class RequestBody {
    private enum Framing {
        case length(Int)
        /// The bytes that are left of the present chunk; nil before its line.
        case chunked(Int?)
        case done
    }

    private static let pieceSize = 65_536
    private let reader: SocketReader
    private let socket: AsyncSocket
    private var framing: Framing
    private var awaitsContinue: Bool
    /// Bytes read so far.
    private(set) var count = 0

    /// - Throws: ``WireError/malformed(_:)`` where the length is none, or told twice.
    init(of head: RequestHead, _ reader: SocketReader, _ socket: AsyncSocket) throws(WireError) {
        self.reader = reader
        self.socket = socket
        awaitsContinue = head.headers["Expect"]?.lowercased() == "100-continue" && !head.isHTTP10
        let length = head.headers["Content-Length"]
        if let coding = head.headers["Transfer-Encoding"] {
            guard coding.lowercased() == "chunked", length == nil else { throw .malformed("transfer coding") }
            framing = .chunked(nil)
        } else if let length {
            guard let count = Int(length), count >= 0 else { throw .malformed("Content-Length") }
            framing = count == 0 ? .done : .length(count)
        } else {
            framing = .done
        }
    }

    /// The next bytes; nil at the end.
    ///
    /// - Throws: ``WireError``, `SocketError`, `CancellationError`.
    func next() async throws -> [UInt8]? {
        if case .done = framing { return nil }
        if awaitsContinue {
            awaitsContinue = false
            if reader.isEmpty { try await socket.write(Data("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
        }
        switch framing {
        case .done: return nil
        case .length(let rest):
            let bytes = try await piece(of: rest)
            framing = bytes.count == rest ? .done : .length(rest - bytes.count)
            return bytes
        case .chunked(var rest):
            if rest == nil { rest = try await nextChunk() }
            guard let rest else {
                framing = .done
                return nil
            }
            let bytes = try await piece(of: rest)
            if bytes.count == rest { _ = try await reader.line() }
            framing = .chunked(bytes.count == rest ? nil : rest - bytes.count)
            return bytes
        }
    }

    private func piece(of rest: Int) async throws -> [UInt8] {
        guard let bytes = try await reader.bytes(atMost: min(rest, Self.pieceSize)) else { throw WireError.ended }
        count += bytes.count
        return bytes
    }

    /// The size of the next chunk; nil after the last one and its trailer (RFC 9112, section 7.1).
    private func nextChunk() async throws -> Int? {
        guard let line = try await reader.line() else { throw WireError.ended }
        let digits = line.prefix { $0 != ";" && $0 != " " }
        guard let size = Int(digits, radix: 16), size >= 0 else { throw WireError.malformed("the size of a chunk") }
        if size > 0 { return size }
        while let line = try await reader.line(), !line.isEmpty {}
        return nil
    }

    /// All of a small body; more than the limit is read and left out.
    ///
    /// - Throws: ``WireError``, `SocketError`, `CancellationError`.
    func text(limit: Int = 1 << 20) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let data = try await next() {
            if bytes.count + data.count <= limit { bytes += data }
        }
        return bytes
    }

    /// Reads what is left.
    ///
    /// - Throws: ``WireError``, `SocketError`, `CancellationError`.
    func drain() async throws {
        while try await next() != nil {}
    }
}
