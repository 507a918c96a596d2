/// Percent-encoding as sabre/dav has it in hrefs: lower-case digits, and everything but letters, digits and `-_.~()/`.
enum Href {
    private static let plain: [Bool] = (0..<256).map { code in
        let byte = UInt8(code)
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || "-_.~()/".utf8.contains(byte)
    }
    private static let lowerDigits = Array("0123456789abcdef".utf8)

    static func encode(_ text: String, into bytes: inout [UInt8]) {
        for byte in text.utf8 {
            if plain[Int(byte)] {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(lowerDigits[Int(byte >> 4)])
                bytes.append(lowerDigits[Int(byte & 15)])
            }
        }
    }

    static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        encode(text, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// PHP's `rawurlencode`, as `Content-Disposition` has it: upper-case digits, brackets too.
    static func rawEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            plain[Int(byte)] && !"()/".utf8.contains(byte)
                ? String(Unicode.Scalar(byte)) : "%" + Identifiers.hex(Int(byte), digits: 2).uppercased()
        }.joined()
    }
}
