import Glibc
import HTTPTypes

/// Where an answer's body goes.
enum ResponseSink: Sendable {
    /// Into memory, at most so many bytes of a 2xx answer.
    case memory(limit: Int)
    /// Into a file, at most so many bytes, when the status is 2xx; another status's body goes into memory.
    case file(path: String, limit: Int?)
    /// To a reader that sets the pace.
    case stream(HTTPBodyStream)
}

/// Takes one answer's body as it arrives. Used by the event-loop thread alone.
final class ResponseWriter {
    enum Verdict {
        case taken
        /// The reader is behind: the bytes must be offered again.
        case later
        /// Enough of an error's body is here; the rest need not come.
        case enough
    }

    /// The bytes of an error's body that are kept: the status counts, whatever page a server makes of it.
    private static let errorBodyLimit = 256 << 10

    private let sink: ResponseSink
    private var descriptor: Int32 = -1
    private var written = 0
    private(set) var body: [UInt8] = []
    private(set) var hasEnough = false

    /// The number of bytes taken, also where they went into a file.
    var length: Int { written + body.count }

    init(_ sink: ResponseSink) { self.sink = sink }

    deinit { closeFile() }

    /// Takes bytes of an answer of that status.
    func write(_ bytes: UnsafeRawBufferPointer, status: Int) throws(HTTPError) -> Verdict {
        if case .stream(let stream) = sink { return stream.offer(bytes) ? .taken : .later }
        guard (200..<300).contains(status) else { return keep(bytes) }
        switch sink {
        case .memory(let limit):
            guard body.count + bytes.count <= limit else { throw .tooLarge(limit: limit) }
            body.append(contentsOf: bytes)
        case .file(let path, let limit): try write(bytes, toFile: path, limit: limit)
        case .stream: break
        }
        return .taken
    }

    /// Ends the body of an answer that arrived whole.
    func finish(status: Int) throws(HTTPError) {
        if case .file(let path, _) = sink, (200..<300).contains(status) {
            try openFile(path)
            closeFile()
        }
    }

    private func keep(_ bytes: UnsafeRawBufferPointer) -> Verdict {
        body.append(contentsOf: bytes.prefix(Self.errorBodyLimit - body.count))
        hasEnough = body.count >= Self.errorBodyLimit
        return hasEnough ? .enough : .taken
    }

    private func write(_ bytes: UnsafeRawBufferPointer, toFile path: String, limit: Int?) throws(HTTPError) {
        if let limit, written + bytes.count > limit { throw .tooLarge(limit: limit) }
        try openFile(path)
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw HTTPError.ofFile(path, errno) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        written += bytes.count
    }

    private func openFile(_ path: String) throws(HTTPError) {
        guard descriptor < 0 else { return }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw HTTPError.ofFile(path, errno) }
    }

    private func closeFile() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }
}
