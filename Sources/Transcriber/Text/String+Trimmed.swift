import Foundation

extension String {
    /// Without white space at either end.
    var trimmed: String {
        // Most texts have none, which is seen for less.
        guard let first = utf8.first, let last = utf8.last else { return self }
        func isPlain(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }
        return isPlain(first) && isPlain(last) ? self : trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Shortened for a message, in characters that can be stored.
    var shortened: String {
        // More than is shown, so that a text of megabytes is not walked through for its first words.
        let line = prefix(400).split(whereSeparator: \.isNewline).joined(separator: " ").storable
        return line.count > 60 ? line.prefix(60) + "…" : line
    }

    /// Its first 20,000 bytes: enough of a server's words to understand them, however many it sends.
    var foremost: String {
        utf8.count <= 20_000 ? self : String(decoding: utf8.prefix(20_000), as: UTF8.self)
    }
}
