import Foundation
import Synchronization

/// The server's end of one connection, for a script. Used on its own thread alone.
public final class ScriptedConnection {
    /// The first connection is 1.
    public let number: Int
    private let descriptor: Int32
    private let record: ScriptedServer.Record
    private var buffered: [UInt8] = []

    init(_ descriptor: Int32, number: Int, _ record: ScriptedServer.Record) {
        self.descriptor = descriptor
        self.number = number
        self.record = record
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Reads a request and its body; `nil` when the client has closed the connection.
    public func readRequest() throws -> ScriptedRequest? {
        guard var request = try readHead() else { return nil }
        let length = request["Content-Length"].flatMap { Int($0) } ?? 0
        request.body = try readBytes(length)
        record.state.withLock { $0.requests.append(request) }
        return request
    }

    /// Reads so many bytes.
    /// - Throws: when the connection ends before.
    public func readBytes(_ count: Int) throws -> [UInt8] {
        while buffered.count < count {
            guard receive() else { throw TestFailure("the connection ended early") }
        }
        defer { buffered.removeFirst(count) }
        return Array(buffered[..<count])
    }

    /// Reads a request's head alone.
    public func readHead() throws -> ScriptedRequest? {
        let end = Array("\r\n\r\n".utf8)
        while buffered.firstRange(of: end) == nil {
            guard receive() else { return nil }
        }
        guard let range = buffered.firstRange(of: end) else { return nil }
        let lines = String(decoding: buffered[..<range.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        buffered.removeFirst(range.upperBound)
        let words = lines[0].components(separatedBy: " ")
        guard words.count == 3 else { throw TestFailure("not a request: \(lines[0])") }
        let headers = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (
                name: String(line[..<colon]),
                value: String(line[colon...].dropFirst()).trimmingCharacters(in: .whitespaces)
            )
        }
        return ScriptedRequest(method: words[0], target: words[1], headers: headers, body: [], connection: number)
    }

    /// Sends a text, line ends as they stand.
    public func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Sends bytes.
    /// - Throws: when the client is gone.
    public func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw TestFailure("the client is gone") }
            sent += count
        }
    }

    /// Blocks until the client closes the connection, or the server is stopped.
    public func waitForEnd() { while receive() { buffered = [] } }

    /// Ends the connection so that the client sees a reset.
    public func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    private func receive() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count > 0 { buffered += chunk[..<count] }
        return count > 0
    }
}
