import Crypto
import Foundation

/// SHA-256 of contents: what an answer is paid for.
enum ContentDigest {
    /// Of bytes, in hexadecimal.
    static func hex(of bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    /// Of a local file, read piece by piece.
    /// - Throws: `CocoaError` when it cannot be read.
    static func hex(ofFile path: String) throws -> String {
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? handle.close() }
        var hash = SHA256()
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
        return hex(hash.finalize())
    }

    /// Of a sheet: its page's own, or that of its pages' in order.
    static func sheet(pages: [String]) -> String {
        if pages.count == 1, let only = pages.first { return only }
        return hex(of: Array(pages.joined(separator: "\n").utf8))
    }

    private static func hex(_ digest: SHA256.Digest) -> String {
        digest.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}
