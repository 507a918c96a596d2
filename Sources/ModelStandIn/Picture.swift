/// Files that a model can look at.
enum Picture {
    /// Refuses what Google refuses: other formats, and bytes that are not of the format named.
    static func check(_ type: String, head: [UInt8]) throws(GoogleFault) {
        switch type {
        case "image/jpeg", "image/png", "image/webp", "image/heic", "image/heif":
            guard looksLike(type, head) else {
                throw .invalidArgument(
                    "Unable to process input image. Please retry or report in "
                        + "https://developers.generativeai.google/guide/troubleshooting")
            }
        case "application/pdf":
            guard head.firstRange(of: Array("%PDF-".utf8)) != nil else {
                throw .invalidArgument("The document has no pages.")
            }
        case "text/plain":
            break
        default:
            throw .invalidArgument("Unsupported MIME type: \(type)")
        }
    }

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
