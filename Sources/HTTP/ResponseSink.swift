import Glibc
import HTTPTypes

/// Where an answer's body goes. Used by the event-loop thread alone.
enum ResponseSink: Sendable {
    /// Into memory, at most so many bytes.
    case memory(limit: Int)
    /// Into a file, at most so many bytes, when the status is 2xx; another status's body goes into memory.
    case file(path: String, limit: Int?)
    /// To a reader that sets the pace.
    case stream(HTTPBodyStream)
}

/// Takes one answer's body as it arrives.
final class ResponseWriter {
    /// How much of an error's body is kept.
    private static let errorBodyLimit = 256 << 10

    private let sink: ResponseSink
    private var descriptor: Int32 = -1
    private var written = 0
    private(set) var body: [UInt8] = []

    init(_ sink: ResponseSink) { self.sink = sink }

    deinit { closeFile() }

    /// Takes bytes; false when the reader is behind and they must be offered again.
    func write(_ bytes: UnsafeRawBufferPointer, status: Int) throws(HTTPError) -> Bool {
        switch sink {
        case .memory(let limit):
            try append(bytes, limit: limit)
        case .file(let path, let limit):
            if (200..<300).contains(status) {
                try write(bytes, toFile: path, limit: limit)
            } else if body.count + bytes.count <= Self.errorBodyLimit {
                try append(bytes, limit: Self.errorBodyLimit)
            }
        case .stream(let stream):
            return stream.offer(bytes)
        }
        return true
    }

    /// Ends the body of an answer that arrived whole.
    func finish(status: Int) throws(HTTPError) {
        if case .file(let path, _) = sink, (200..<300).contains(status) {
            try openFile(path)
            closeFile()
        }
    }

    private func append(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(HTTPError) {
        guard body.count + bytes.count <= limit else { throw .tooLarge(limit: limit) }
        body.append(contentsOf: bytes)
    }

    private func write(_ bytes: UnsafeRawBufferPointer, toFile path: String, limit: Int?) throws(HTTPError) {
        if let limit, written + bytes.count > limit { throw .tooLarge(limit: limit) }
        try openFile(path)
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        written += bytes.count
    }

    private func openFile(_ path: String) throws(HTTPError) {
        guard descriptor < 0 else { return }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw .file(path: path, reason: String(cString: strerror(errno))) }
    }

    private func closeFile() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }
}
