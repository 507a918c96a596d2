import Glibc

/// Reads a request's body piece by piece as libcurl asks for it; files are opened only while they are sent.
///
/// Used by the event-loop thread alone.
final class BodyReader {
    private let parts: [HTTPBody.Part]
    private var index = 0
    private var offset = 0
    private var descriptor: Int32 = -1
    private var encoded: [UInt8] = []
    private(set) var failure: HTTPError?

    /// The number of bytes that will be sent.
    let length: Int64

    /// Whether everything has been handed to libcurl.
    private(set) var isFinished: Bool

    /// Opens nothing yet, but measures the files.
    /// - Throws: `HTTPError.file` when one cannot be read.
    init(_ body: HTTPBody) throws(HTTPError) {
        switch body {
        case .none: parts = []
        case .bytes(let bytes): parts = [.bytes(bytes)]
        case .parts(let list): parts = list
        }
        var total: Int64 = 0
        for part in parts {
            switch part {
            case .bytes(let bytes): total += Int64(bytes.count)
            case .file(let path): total += try Self.size(of: path)
            case .base64File(let path): total += (try Self.size(of: path) + 2) / 3 * 4
            }
        }
        length = total
        isFinished = total == 0
    }

    deinit { closeFile() }

    /// Fills the buffer with what comes next; 0 at the end, `nil` on failure (see `failure`).
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        while index < parts.count {
            let count: Int?
            switch parts[index] {
            case .bytes(let bytes): count = copy(bytes, into: buffer)
            case .file(let path): count = copyFile(path, into: buffer)
            case .base64File(let path): count = encodeFile(path, into: buffer)
            }
            guard let count else { return nil }
            if count > 0 { return count }
            nextPart()
        }
        isFinished = true
        return 0
    }

    /// Starts again from the first byte, as libcurl asks when a kept connection turned out to be dead.
    func rewind() {
        closeFile()
        index = 0
        offset = 0
        encoded = []
        isFinished = length == 0
    }

    private func nextPart() {
        closeFile()
        index += 1
        offset = 0
    }

    private func copy(_ bytes: [UInt8], into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, bytes.count - offset)
        bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count])) }
        offset += count
        return count
    }

    private func copyFile(_ path: String, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        guard open(path) else { return nil }
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        if count < 0 { failure = .file(path: path, reason: String(cString: strerror(errno))) }
        return count < 0 ? nil : count
    }

    private func encodeFile(_ path: String, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        if encoded.isEmpty {
            guard open(path) else { return nil }
            var chunk = [UInt8](repeating: 0, count: 48 * 1024)
            var filled = 0
            while filled < chunk.count {
                let count = chunk.withUnsafeMutableBytes { bytes in
                    Glibc.read(descriptor, bytes.baseAddress.map { $0 + filled }, bytes.count - filled)
                }
                if count < 0 {
                    failure = .file(path: path, reason: String(cString: strerror(errno)))
                    return nil
                }
                if count == 0 { break }
                filled += count
            }
            if filled == 0 { return 0 }
            encoded = Base64.encode(chunk[..<filled])
            offset = 0
        }
        let count = copy(encoded, into: buffer)
        if offset == encoded.count {
            encoded = []
            offset = 0
        }
        return count
    }

    private func open(_ path: String) -> Bool {
        if descriptor >= 0 { return true }
        descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { failure = .file(path: path, reason: String(cString: strerror(errno))) }
        return descriptor >= 0
    }

    private func closeFile() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    private static func size(of path: String) throws(HTTPError) -> Int64 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
        return Int64(status.st_size)
    }
}
