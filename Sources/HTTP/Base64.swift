/// Base64 (RFC 4648, section 4).
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Encodes bytes, with padding and without line breaks.
    static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        bytes.withContiguousStorageIfAvailable(encode) ?? Array(bytes).withUnsafeBufferPointer(encode)
    }

    private static func encode(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let count = (bytes.count + 2) / 3 * 4
        return [UInt8](unsafeUninitializedCapacity: count) { output, filled in
            alphabet.withUnsafeBufferPointer { letters in
                for group in 0..<bytes.count / 3 {
                    let bits =
                        Int(bytes[3 * group]) << 16 | Int(bytes[3 * group + 1]) << 8 | Int(bytes[3 * group + 2])
                    output[4 * group] = letters[bits >> 18]
                    output[4 * group + 1] = letters[bits >> 12 & 63]
                    output[4 * group + 2] = letters[bits >> 6 & 63]
                    output[4 * group + 3] = letters[bits & 63]
                }
                let whole = bytes.count / 3 * 3
                guard whole < bytes.count else { return }
                let second = whole + 1 < bytes.count ? Int(bytes[whole + 1]) : nil
                let bits = Int(bytes[whole]) << 16 | (second ?? 0) << 8
                output[count - 4] = letters[bits >> 18]
                output[count - 3] = letters[bits >> 12 & 63]
                output[count - 2] = second == nil ? UInt8(ascii: "=") : letters[bits >> 6 & 63]
                output[count - 1] = UInt8(ascii: "=")
            }
            filled = count
        }
    }
}
