import Crypto
import Foundation

/// A file decoded from Base64: piece by piece, so that no more of it lies in memory than is wanted.
struct Blob {
    /// So much of a file's beginning is always kept: formats are told by it.
    static let headLength = 1024
    /// Characters decoded at once.
    private static let step = 64 << 10

    /// In hexadecimal.
    let sha256: String
    /// The first bytes.
    let head: [UInt8]
    /// All bytes, or none where they are not wanted.
    let data: [UInt8]
    let size: Int

    /// `nil` when this is not Base64. Both alphabets are taken, with or without padding, as Protocol Buffers' JSON form
    /// takes them; Google's Python client sends the one for URLs.
    init?(base64 bytes: UnsafeRawBufferPointer, keepingData: Bool) {
        var hash = SHA256()
        var head: [UInt8] = []
        var all: [UInt8] = []
        var size = 0
        var position = 0
        while position < bytes.count {
            let end = min(position + Self.step, bytes.count)
            let isLast = end == bytes.count
            guard let piece = Self.decoded(UnsafeRawBufferPointer(rebasing: bytes[position..<end]), isLast: isLast)
            else { return nil }
            hash.update(data: piece)
            size += piece.count
            if head.count < Self.headLength { head += piece.prefix(Self.headLength - head.count) }
            if keepingData { all += piece }
            position = end
        }
        self.head = head
        self.size = size
        data = all
        sha256 = Self.hex(hash.finalize())
    }

    static func hex(_ digest: SHA256.Digest) -> String {
        digest.map { byte in
            let hex = String(byte, radix: 16)
            return byte < 16 ? "0" + hex : hex
        }.joined()
    }

    private static func decoded(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> Data? {
        guard let base = bytes.baseAddress else { return Data() }
        let isForURLs = memchr(base, 0x2D, bytes.count) != nil || memchr(base, 0x5F, bytes.count) != nil
        let missing = isLast && bytes.last != 0x3D ? (4 - bytes.count % 4) % 4 : 0
        guard missing < 3 else { return nil }
        var text = Data(bytes)
        if isForURLs {
            text.withUnsafeMutableBytes { text in
                for index in text.indices {
                    if text[index] == 0x2D { text[index] = 0x2B } else if text[index] == 0x5F { text[index] = 0x2F }
                }
            }
        }
        if missing > 0 { text.append(contentsOf: repeatElement(0x3D, count: missing)) }
        return Data(base64Encoded: text)
    }
}
