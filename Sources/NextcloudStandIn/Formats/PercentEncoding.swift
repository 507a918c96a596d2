/// Percent-encoding as requests have it (RFC 3986, section 2.1).
enum PercentEncoding {
    /// Bytes of a percent-encoded path as text; nil where they are not UTF-8.
    static func decoded(_ path: String) -> String? {
        var bytes: [UInt8] = []
        var source = Array(path.utf8)[...]
        while let byte = source.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard source.count >= 2, let high = value(source.removeFirst()), let low = value(source.removeFirst())
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
