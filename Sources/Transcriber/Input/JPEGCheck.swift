import Foundation

/// Tells cheaply of most scans that they need nothing done to them: header and codes are read here, and only of a
/// progressive picture one start of `djpeg` shows that it is whole.
///
/// A quota of a thousand requests a minute is also that many pictures a minute to be looked at, on machines of two
/// processors.
struct JPEGCheck: Sendable {
    /// A progressive picture of more scans is made to keep decoders busy.
    static let mostScans = 500

    /// The longest side, in points.
    var longestSide: Int
    /// The least width and height.
    var smallest: (width: Int, height: Int)
    var djpeg = Tool.djpeg

    /// True when the picture is whole, upright, of a useful size, its points square, and not in the colours of print.
    ///
    /// - Parameter path: a file in a work folder.
    /// - Returns: `false` for whatever is not plainly so: ImageMagick, which knows more, has to look at it.
    /// - Throws: `TranscriptionError.cancelled` and `.machineFault` only: that a program is missing or hangs is no
    ///   reason to give up here.
    func passes(_ path: String) async throws(TranscriptionError) -> Bool {
        if Task.isCancelled { throw .cancelled }
        guard let bytes = Self.bytes(of: path), let head = JPEGHead(bytes), isUseful(head) else { return false }
        guard head.isProgressive else { return EntropyCheck.passes(bytes) }
        guard Self.scans(in: bytes) <= Self.mostScans else { return false }
        do {
            return try await isWhole(path)
        } catch {
            switch error {
            case .cancelled, .machineFault: throw error
            default: return false
            }
        }
    }

    /// The same, as far as it can be told without any program, of a file wherever it lies.
    ///
    /// - Parameter largest: the largest file that passes, in bytes.
    func passesUnaided(_ path: String, largest: Int) -> Bool {
        guard let bytes = Self.bytes(of: path), bytes.count <= largest, let head = JPEGHead(bytes) else { return false }
        return isUseful(head) && !head.isProgressive && EntropyCheck.passes(bytes)
    }

    private func isUseful(_ head: JPEGHead) -> Bool {
        (head.components == 1 || head.components == 3) && head.orientation == .topLeft && head.pointShape == 1
            && max(head.width, head.height) <= longestSide && head.width >= smallest.width
            && head.height >= smallest.height
    }

    private static func bytes(of path: String) -> Data? { try? Data.mapped(path) }

    /// The number of scans at most: within a scan's data the mark of one does not occur.
    static func scans(in bytes: Data) -> Int {
        zip(bytes, bytes.dropFirst()).count { $0 == 0xFF && $1 == 0xDA }
    }

    /// Decodes all of it, at an eighth of its size. The library is the one that ImageMagick uses, and complains of
    /// the same; a program that goes on in spite of a complaint ends with 2.
    private func isWhole(_ path: String) async throws(TranscriptionError) -> Bool {
        let result = try await djpeg.run([
            "-scale", "1/8", "-grayscale", "-pnm", "-outfile", "/dev/null", path,
        ])
        return result.succeeded && result.complaints.isEmpty
    }
}
