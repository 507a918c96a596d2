import Glibc

/// Reads a request's body piece by piece as libcurl asks for it; files are opened only while they are sent.
///
/// The bytes that go out are exactly as many as were announced: a file that grew meanwhile is cut at its measured size, one that
/// shrank is a failure. Used by the event-loop thread alone.
final class BodyReader {
    private struct Piece {
        var part: HTTPBody.Part
        /// Bytes to take from the source.
        var size: Int64
    }

    private let pieces: [Piece]
    private var index = 0
    /// Bytes taken from the source of the piece under way.
    private var taken: Int64 = 0
    private var handed: Int64 = 0
    private var descriptor: Int32 = -1
    /// Encoded bytes not yet handed over, from `encodedStart` on.
    private var encoded: [UInt8] = []
    private var encodedStart = 0
    private(set) var failure: HTTPError?

    /// The number of bytes that will be sent.
    let length: Int64

    /// True when everything has been handed to libcurl, which asks for no more once it has what was announced.
    var isFinished: Bool { handed == length }

    /// Opens nothing yet, but measures the files.
    /// - Throws: `HTTPError.file` when one cannot be read.
    init(_ body: HTTPBody) throws(HTTPError) {
        let parts: [HTTPBody.Part] =
            switch body {
            case .none: []
            case .bytes(let bytes): [.bytes(bytes)]
            case .parts(let list): list
            }
        var pieces: [Piece] = []
        var total: Int64 = 0
        for part in parts {
            let size: Int64
            switch part {
            case .bytes(let bytes): size = Int64(bytes.count)
            case .file(let path), .base64File(let path): size = try Self.size(of: path)
            }
            if case .base64File = part { total += (size + 2) / 3 * 4 } else { total += size }
            pieces.append(Piece(part: part, size: size))
        }
        self.pieces = pieces
        length = total
    }

    deinit { closeFile() }

    /// Fills the buffer with what comes next; 0 at the end, `nil` on failure (see `failure`).
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        while index < pieces.count {
            let piece = pieces[index]
            let count: Int?
            switch piece.part {
            case .bytes(let bytes): count = copy(bytes, into: buffer)
            case .file(let path): count = take(piece, path, into: buffer)
            case .base64File(let path): count = encode(piece, path, into: buffer)
            }
            guard let count else { return nil }
            if count > 0 {
                handed += Int64(count)
                return count
            }
            closeFile()
            index += 1
            taken = 0
        }
        return 0
    }

    /// Starts again from the first byte, as libcurl asks when a kept connection turned out to be dead.
    func rewind() {
        closeFile()
        index = 0
        taken = 0
        handed = 0
        encoded = []
        encodedStart = 0
    }

    private func copy(_ bytes: [UInt8], into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let start = Int(taken)
        let count = min(buffer.count, bytes.count - start)
        bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + count])) }
        taken += Int64(count)
        return count
    }

    /// Bytes of the file as they are; 0 once its measured size has been taken.
    private func take(_ piece: Piece, _ path: String, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let wanted = Int(min(Int64(buffer.count), piece.size - taken))
        guard wanted > 0 else { return 0 }
        guard open(path) else { return nil }
        let count = Glibc.read(descriptor, buffer.baseAddress, wanted)
        guard count > 0 else {
            let reason = count < 0 ? String(cString: strerror(errno)) : "it became shorter while it was being sent"
            failure = .file(path: path, reason: reason)
            return nil
        }
        taken += Int64(count)
        return count
    }

    private func encode(_ piece: Piece, _ path: String, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        if encodedStart == encoded.count {
            guard refill(piece, path) else { return nil }
        }
        let count = min(buffer.count, encoded.count - encodedStart)
        encoded.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[encodedStart..<encodedStart + count]))
        }
        encodedStart += count
        return count
    }

    /// Encodes the next bytes of the file: a multiple of three but at its end, so that padding stands there alone.
    private func refill(_ piece: Piece, _ path: String) -> Bool {
        var chunk = [UInt8](repeating: 0, count: Int(min(48 * 1024, piece.size - taken)))
        var filled = 0
        while filled < chunk.count {
            let count = chunk.withUnsafeMutableBytes {
                take(piece, path, into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]))
            }
            guard let count else { return false }
            filled += count
        }
        encoded = Base64.encode(chunk)
        encodedStart = 0
        return true
    }

    private func open(_ path: String) -> Bool {
        if descriptor >= 0 { return true }
        descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { failure = HTTPError.ofFile(path, errno) }
        return descriptor >= 0
    }

    private func closeFile() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    private static func size(of path: String) throws(HTTPError) -> Int64 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw HTTPError.ofFile(path, errno) }
        return Int64(status.st_size)
    }
}
