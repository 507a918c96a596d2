import Foundation

/// Tells of a PNG that has no end whether anything but that is missing.
///
/// Decoders refuse such a file, or call it cut off, though every point is there; that a row is missing they say of the
/// mended one, too.
enum PNGEnding {
    private static let end: [UInt8] = [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]

    /// The file with its last chunk put to it; `nil` when it has one, or when another is not whole.
    static func mended(_ data: Data) -> Data? {
        let bytes = HeaderBytes(data)
        guard bytes.has("IHDR", at: 12) else { return nil }
        var place = 8
        var holdsPicture = false
        while let length = bytes.number(place, length: 4), bytes.count - place >= 12, length <= bytes.count - place - 12
        {
            if bytes.has("IEND", at: place + 4) { return nil }
            if bytes.has("IDAT", at: place + 4) { holdsPicture = true }
            place += 12 + length
        }
        let rest = Array(data.dropFirst(place))
        guard holdsPicture, rest.count < Self.end.count, Self.end.starts(with: rest) else { return nil }
        return data.prefix(place) + Self.end
    }
}
