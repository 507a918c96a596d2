import Foundation

/// Base64 (RFC 4648, section 4).
enum Base64 {
    /// Encodes bytes, with padding and without line breaks.
    static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        Array(Data(bytes).base64EncodedData())
    }
}
