/// Files that a model can look at.
enum Picture {
    /// Refuses what Google refuses: other formats, and bytes that are not of the format named.
    static func check(_ type: String, head: [UInt8]) throws(GoogleFault) {
        switch type {
        case "image/jpeg", "image/png", "image/webp", "image/heic", "image/heif":
            guard PictureFormat.looksLike(type, head) else {
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
}
