import Crypto
import Foundation

/// SHA-256 of contents: what an answer is paid for.
enum ContentDigest {
    /// Of bytes, in hexadecimal.
    static func hex(of bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    /// Of a local file, read piece by piece.
    /// - Throws: `CocoaError` when it cannot be read.
    static func hex(ofFile path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        var hash = SHA256()
        // Foundation's file handles read by 4 kB.
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path) }
            if count == 0 { return hex(hash.finalize()) }
            buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    private static func unreadable(_ path: String) -> CocoaError {
        CocoaError(errno == ENOENT ? .fileReadNoSuchFile : .fileReadUnknown, userInfo: [NSFilePathErrorKey: path])
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
