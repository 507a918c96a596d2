extension LenientJSON {
    /// Reads the string whose opening quote is here; Python writes `'` where the text has none.
    mutating func string() throws(Failure) -> String {
        let quote = current
        if quote == UInt8(ascii: "'") { note("JSON : apostrophes au lieu de guillemets acceptées") }
        position += 1
        var content: [UInt8] = []
        while let byte = current {
            position += 1
            switch byte {
            case quote:
                return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"):
                try escape(into: &content, quote: quote)
            case 0..<0x20:
                note("JSON : caractère de contrôle dans un texte accepté")
                content.append(byte)
            default:
                content.append(byte)
            }
        }
        throw failure()
    }

    private mutating func escape(into content: inout [UInt8], quote: UInt8?) throws(Failure) {
        guard let byte = current else { throw failure() }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "'") where quote == byte: content.append(byte)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "u"): try unicodeEscape(into: &content)
        default:
            note("JSON : barre oblique inverse sans objet acceptée")
            content.append(UInt8(ascii: "\\"))
            content.append(byte)
        }
    }

    /// A UTF-16 code unit, or two that make one character (RFC 8259, section 7); half a pair is no character.
    private mutating func unicodeEscape(into content: inout [UInt8]) throws(Failure) {
        let first = try codeUnit()
        var units = [first]
        if UTF16.isLeadSurrogate(first), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            let mark = position
            position += 2
            let second = try codeUnit()
            if UTF16.isTrailSurrogate(second) {
                units.append(second)
            } else {
                position = mark
            }
        }
        if units.count == 1, UTF16.isLeadSurrogate(first) || UTF16.isTrailSurrogate(first) {
            note("JSON : demi-caractère Unicode remplacé")
        }
        content.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
    }

    private mutating func codeUnit() throws(Failure) -> UInt16 {
        guard position + 4 <= bytes.count else {
            position = bytes.count
            throw failure()
        }
        let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
        guard digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }), let unit = UInt16(digits, radix: 16) else {
            throw failure()
        }
        position += 4
        return unit
    }
}
