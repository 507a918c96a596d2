import FlyingSocks
import Foundation

/// A client's connection: one request after the other (RFC 9112).
struct Connection {
    let socket: AsyncSocket
    let pool: any AsyncSocketPool
    let service: Service

    /// Serves until the client or a fault ends it.
    func serve() async {
        defer { try? socket.close() }
        let reader = SocketReader(socket.socket, pool)
        do {
            while let head = try await RequestHead.read(from: reader) {
                let request = Request(head: head, body: try RequestBody(of: head, reader, socket))
                let reply = try await service.reply(to: request)
                guard case .answer(let answer, let distortion, let number) = reply else { return }
                try await send(answer, distortion, number, to: head)
                guard head.keepsConnection else { return }
            }
        } catch WireError.malformed(let reason) {
            let text = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: \(reason.utf8.count)\r\n\r\n"
            try? await socket.write(Data((text + reason).utf8))
        } catch {
            // The client hung up, a fault cut the answer, or the server stops: closing is all there is to do.
        }
    }

    /// Sends an answer; the head and the beginning of the body go out together.
    private func send(_ answer: Answer, _ distortion: Distortion, _ number: Int, to head: RequestHead) async throws {
        let hasBody = answer.status != 204 && answer.status != 304
        let length = hasBody ? distortion.length(of: answer.body) : nil
        let isChunked = hasBody && length == nil && !head.isHTTP10
        var bytes = Array("HTTP/1.1 \(answer.status) \(StatusPhrase.of(answer.status))\r\n".utf8)
        func add(_ name: String, _ value: String) { bytes += Array("\(name): \(value)\r\n".utf8) }
        for (name, value) in answer.headers { add(name, value) }
        if let length { add("Content-Length", String(length)) }
        if isChunked { add("Transfer-Encoding", "chunked") }
        if !head.keepsConnection {
            add("Connection", "close")
        } else if head.isHTTP10 {
            add("Connection", "keep-alive")
        }
        bytes += Array("\r\n".utf8)
        guard hasBody, head.method != "HEAD" else { return try await socket.write(Data(bytes)) }
        var stream = AnswerStream(answer.body, of: service.installation.tree, distortion)
        var count = 0
        do {
            while let piece = try await stream.next() {
                if isChunked { bytes += Array("\(String(piece.count, radix: 16))\r\n".utf8) }
                bytes += piece
                if isChunked { bytes += Array("\r\n".utf8) }
                count += piece.count
                service.log.update(number) { $0.bytesOut = count }
                try await socket.write(Data(bytes))
                bytes = []
            }
        } catch is AnswerStream.Cut {
            // What was announced is sent before the connection breaks.
            if !bytes.isEmpty { try await socket.write(Data(bytes)) }
            throw AnswerStream.Cut()
        }
        if isChunked { bytes += Array("0\r\n\r\n".utf8) }
        if !bytes.isEmpty { try await socket.write(Data(bytes)) }
        // A length that cannot be told ends with the connection.
        if head.isHTTP10, length == nil { throw WireError.ended }
    }
}
