import Foundation

/// Values that nobody chose: ids, tokens, ETags, and the time that they come from.
enum Identifiers {
    /// An ETag as a file has: 32 hexadecimal digits.
    static func fileETag() -> String {
        hex(Int(UInt32.random(in: 0...UInt32.max)), digits: 8) + hex(Int(UInt32.random(in: 0...UInt32.max)), digits: 8)
            + hex(Int(UInt32.random(in: 0...UInt32.max)), digits: 8)
            + hex(Int(UInt32.random(in: 0...UInt32.max)), digits: 8)
    }

    static func hex(_ value: Int, digits: Int) -> String {
        let text = String(value, radix: 16)
        return text.utf8.count < digits ? String(repeating: "0", count: digits - text.utf8.count) + text : text
    }

    /// Letters and digits at random.
    static func token(_ length: Int, lowercase: Bool = false) -> String {
        let alphabet = Array(
            lowercase
                ? "abcdefghijklmnopqrstuvwxyz0123456789"
                : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
    }

    /// Nanoseconds since 1970.
    static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
