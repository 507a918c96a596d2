extension JSONValue {
    /// The forms in which a document is written.
    public enum Style: Sendable {
        /// Members in their order, two spaces of indentation, as people read it.
        case readable
        /// No white space, members in their order.
        case compact
        /// No white space, members sorted by their names' bytes: one spelling for one value, for digests.
        case canonical
    }

    /// The document as UTF-8 text.
    public func serialized(_ style: Style = .readable) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(4096)
        write(to: &text, style: style, indentation: 0)
        return String(decoding: text, as: UTF8.self)
    }

    private func write(to text: inout [UInt8], style: Style, indentation: Int) {
        switch self {
        case .null: text += "null".utf8
        case .bool(let value): text += (value ? "true" : "false").utf8
        case .integer(let value): text += String(value).utf8
        case .number(let value): text += Self.spelling(of: value).utf8
        case .string(let value): Self.write(value, to: &text)
        case .array(let elements):
            Self.writeList("[", "]", count: elements.count, to: &text, style: style, indentation: indentation) {
                elements[$0].write(to: &$1, style: style, indentation: indentation + 1)
            }
        case .object(let object):
            let members =
                style == .canonical
                ? object.members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } : object.members
            Self.writeList("{", "}", count: members.count, to: &text, style: style, indentation: indentation) {
                Self.write(members[$0].name, to: &$1)
                $1.append(UInt8(ascii: ":"))
                if style == .readable { $1.append(UInt8(ascii: " ")) }
                members[$0].value.write(to: &$1, style: style, indentation: indentation + 1)
            }
        }
    }

    private static func writeList(
        _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, count: Int, to text: inout [UInt8], style: Style,
        indentation: Int, element: (Int, inout [UInt8]) -> Void
    ) {
        text.append(UInt8(ascii: opening))
        for index in 0..<count {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            if style == .readable { indent(&text, indentation + 1) }
            element(index, &text)
        }
        if style == .readable, count > 0 { indent(&text, indentation) }
        text.append(UInt8(ascii: closing))
    }

    private static func indent(_ text: inout [UInt8], _ depth: Int) {
        text.append(0x0A)
        text += repeatElement(0x20, count: 2 * depth)
    }

    /// `3.0` and `3` are one value in JSON, and a digest must not tell them apart.
    private static func spelling(of value: Double) -> String {
        guard value.isFinite else { return "null" }
        if let whole = Int(exactly: value) { return String(whole) }
        return "\(value)"
    }

    private static func write(_ string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { bytes in
            // What needs no escape goes in one piece.
            var start = 0
            var place = 0
            while place < bytes.count {
                if let (escape, length) = Self.escape(bytes, at: place) {
                    text += bytes[start..<place]
                    text += escape.utf8
                    place += length
                    start = place
                } else {
                    place += 1
                }
            }
            text += bytes[start...]
        }
        text.append(UInt8(ascii: "\""))
    }

    /// The escape for the character that begins here, and its length in bytes; `nil` where it stands for itself.
    private static func escape(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> (String, length: Int)? {
        let byte = bytes[place]
        switch byte {
        case UInt8(ascii: "\""): return ("\\\"", 1)
        case UInt8(ascii: "\\"): return ("\\\\", 1)
        case 0x0A: return ("\\n", 1)
        case 0x0D: return ("\\r", 1)
        case 0x09: return ("\\t", 1)
        case 0..<0x20, 0x7F: return ((byte < 0x10 ? "\\u000" : "\\u00") + String(byte, radix: 16), 1)
        // U+2028 and U+2029, which end a line in JavaScript.
        case 0xE2 where place + 2 < bytes.count && bytes[place + 1] == 0x80 && (0xA8...0xA9).contains(bytes[place + 2]):
            return (bytes[place + 2] == 0xA8 ? "\\u2028" : "\\u2029", 3)
        default: return nil
        }
    }
}
