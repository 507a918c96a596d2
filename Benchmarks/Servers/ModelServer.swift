import Foundation
import ModelStandIn
import Synchronization
import TestSupport

/// A model that answers every sheet after the same time, as lean as can be: 17 requests of 2.7 MB a second must cost
/// the two cores next to nothing. It grants whatever comes, and counts.
final class ModelServer: Sendable {
    /// What it saw.
    struct Record: Sendable {
        /// When each request had arrived whole.
        var arrivals: [ContinuousClock.Instant] = []
        /// When each answer had been sent.
        var answers: [ContinuousClock.Instant] = []
        /// Requests waiting for their answer.
        var awaited = 0
        var mostAwaited = 0
        var bytes = 0
        /// Processor time of its threads, in seconds.
        var cpu = 0.0
    }

    private final class Log: Sendable {
        let record = Mutex(Record())
    }

    private let listener: LoopbackListener
    private let log: Log

    /// - Parameter latency: seconds from a request's last byte to its answer.
    init(latency: Double) throws {
        let log = Log()
        self.log = log
        listener = try LoopbackListener { Self.serve($0, latency, log) }
    }

    var baseURL: String { "http://127.0.0.1:\(listener.port)" }
    var record: Record { log.record.withLock { $0 } }

    private static func serve(_ connection: Int32, _ latency: Double, _ log: Log) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        var cpu = 0.0
        while let size = readRequest(connection, buffer) {
            let arrival = ContinuousClock.now
            let number = log.record.withLock { record in
                record.arrivals.append(arrival)
                record.awaited += 1
                record.mostAwaited = max(record.mostAwaited, record.awaited)
                record.bytes += size
                return record.arrivals.count
            }
            if latency > 0 { Thread.sleep(forTimeInterval: latency - (ContinuousClock.now - arrival).inSeconds) }
            let answer = answer(number)
            let isSent = answer.withUnsafeBytes { LoopbackListener.send($0, to: connection) }
            let now = threadTime()
            log.record.withLock { record in
                record.awaited -= 1
                record.answers.append(.now)
                record.cpu += now - cpu
            }
            cpu = now
            if !isSent { return }
        }
    }

    /// Reads a request and forgets it; its size, or `nil` when no other comes.
    private static func readRequest(_ connection: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int? {
        var head: [UInt8] = []
        var rest: Int?
        var total = 0
        while rest != 0 {
            let count = recv(connection, buffer.baseAddress, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            total += count
            if let known = rest {
                rest = max(0, known - count)
                continue
            }
            head += buffer[..<count]
            guard let end = head.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
            rest = max(0, bodyLength(head[..<end.lowerBound]) - (head.count - end.upperBound))
        }
        return total
    }

    private static func bodyLength(_ head: ArraySlice<UInt8>) -> Int {
        let lines = String(decoding: head, as: UTF8.self).lowercased().split(separator: "\r\n")
        let line = lines.first { $0.hasPrefix("content-length:") }
        return line.flatMap { Int($0.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces)) } ?? 0
    }

    private static func answer(_ number: Int) -> [UInt8] {
        let sheet = SampleFiche.json(seed: Array("\(number)".utf8))
        let document: [String: Any] = [
            "candidates": [["content": ["role": "model", "parts": [["text": sheet]]], "finishReason": "STOP"]],
            "usageMetadata": ["promptTokenCount": 1300, "candidatesTokenCount": 700, "totalTokenCount": 2000],
            "modelVersion": "gemini-3.8-flash", "responseId": "benchmark-\(number)",
        ]
        let body = (try? JSONSerialization.data(withJSONObject: document)) ?? Data()
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\nContent-Length: \(body.count)\r\n\r\n"
        return Array(head.utf8) + body
    }

    private static func threadTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
