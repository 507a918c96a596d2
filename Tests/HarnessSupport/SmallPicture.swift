import Crypto
import Foundation

/// Pictures for scans: real ones, small, and no two alike.
public enum SmallPicture {
    /// A grey picture of 8 × 8 points, with a comment that no other has.
    ///
    /// - Parameters:
    ///   - number: told in the comment.
    ///   - longest: the length in bytes that the comment may have.
    public static func grey(
        _ number: Int, longest: Int = 20_000, using generator: inout SeededGenerator
    ) -> [UInt8] {
        let comment =
            Array("sheet \(number) ".utf8)
            + (0..<Int.random(in: 10..<longest, using: &generator)).map { _ in
                UInt8.random(in: 0x20..<0x7F, using: &generator)
            }
        let length = comment.count + 2
        let segment: [UInt8] = [0xFF, 0xFE, UInt8(length >> 8), UInt8(length & 0xFF)] + comment
        return Array(points.prefix(2)) + segment + Array(points.dropFirst(2))
    }

    /// The SHA-256 of a file's bytes, in hexadecimal.
    public static func digest(of bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static let points = Array(
        Data(
            base64Encoded:
                "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVG"
                + "ZIhlbXd7gYKBTmCNl4x9lnN+gXz/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAA"
                + "AAAAAAD/2gAIAQEAAD8AP//Z") ?? Data())
}
