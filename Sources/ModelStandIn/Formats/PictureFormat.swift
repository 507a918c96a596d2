/// Formats of pictures, told by their first bytes.
enum PictureFormat {
    static func looksLike(_ type: String, _ bytes: [UInt8]) -> Bool {
        switch type {
        case "image/jpeg": bytes.starts(with: [0xFF, 0xD8, 0xFF])
        case "image/png": bytes.starts(with: [0x89, 0x50, 0x4E, 0x47])
        case "image/webp": bytes.starts(with: Array("RIFF".utf8))
        case "image/gif": bytes.starts(with: Array("GIF8".utf8))
        default: bytes.dropFirst(4).starts(with: Array("ftyp".utf8))
        }
    }
}
