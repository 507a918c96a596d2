import Crypto
import Foundation

/// An upload under way: what has come lies in a file.
struct Upload: Sendable {
    var name: String
    var displayName: String?
    var mimeType: String
    var announced: Int?
    var path: String
    var received = 0
    var hash = SHA256()
    var head: [UInt8] = []

    mutating func take(_ bytes: Data) {
        received += bytes.count
        hash.update(data: bytes)
        if head.count < Blob.headLength { head += bytes.prefix(Blob.headLength - head.count) }
    }
}
