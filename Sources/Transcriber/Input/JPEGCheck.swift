import Foundation

/// Tells cheaply of most scans that they need nothing done to them, with `djpeg` in place of ImageMagick.
///
/// A quota of a thousand requests a minute is also that many pictures a minute to be looked at, on machines of two
/// processors: for a usual sheet this takes a quarter of the time of ImageMagick.
struct JPEGCheck: Sendable {
    /// The longest side, in points.
    var longestSide: Int
    /// The least width and height.
    var smallest: (width: Int, height: Int)
    var djpeg = Tool.djpeg

    /// True when the picture is whole, upright, of a useful size, and not in the colours of print.
    ///
    /// - Parameter path: a file in a work folder.
    /// - Returns: `false` for whatever is not plainly so: ImageMagick, which knows more, has to look at it.
    /// - Throws: `TranscriptionError.cancelled` only: that a program is missing or hangs is no reason to give up here.
    func passes(_ path: String) async throws(TranscriptionError) -> Bool {
        guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe),
            let head = JPEGHead(bytes), head.components == 1 || head.components == 3,
            max(head.width, head.height) <= longestSide, head.width >= smallest.width, head.height >= smallest.height
        else { return false }
        do {
            if head.hasExif {
                guard try await isUpright(path) else { return false }
            }
            return try await isWhole(path)
        } catch {
            if error == .cancelled { throw error }
            return false
        }
    }

    private func isUpright(_ path: String) async throws(TranscriptionError) -> Bool {
        let answer = try await Tool.exiv2.run(["-g", "Exif.Image.Orientation", "-Pv", path])
        // Without such an entry it says nothing, and ends as if it had failed; of what it does not understand it
        // complains.
        return answer.complaints.isEmpty && ["", "1"].contains(answer.output.trimmed)
    }

    /// Decodes all of it, at an eighth of its size. The library is the one that ImageMagick uses, and complains of
    /// the same; a program that goes on in spite of a complaint ends with 2.
    private func isWhole(_ path: String) async throws(TranscriptionError) -> Bool {
        let result = try await djpeg.run(["-scale", "1/8", "-grayscale", "-pnm", "-outfile", "/dev/null", path])
        return result.succeeded && result.complaints.isEmpty
    }
}
