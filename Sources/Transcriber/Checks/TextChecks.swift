/// Checks that texts are what somebody can have written: no letters of a wrong encoding, no escapes left undecoded.
enum TextChecks {
    /// Longer texts are looked at up to here.
    private static let longest = 10_000

    static func check(_ fiche: Fiche, _ remarks: inout Remarks) {
        check(JSONValue(fiche), at: "", &remarks)
    }

    private static func check(_ value: JSONValue, at path: String, _ remarks: inout Remarks) {
        switch value {
        case .object(let object):
            for (name, value) in object.members {
                check(value, at: path.isEmpty ? name : "\(path).\(name)", &remarks)
            }
        case .array(let elements):
            for (index, element) in elements.enumerated() { check(element, at: "\(path)[\(index)]", &remarks) }
        case .string(let text): check(text, at: path, &remarks)
        default: break
        }
    }

    private static func check(_ text: String, at path: String, _ remarks: inout Remarks) {
        if text.utf8.contains(where: { "\\&%".utf8.contains($0) }), holdsCode(text) {
            remarks.add(
                path, "caractere_code", .avertissement,
                "« \(text.shortened) » : un caractère est écrit comme un code d'ordinateur")
        }
        // Nearly all letters are ASCII's, and those are never wrong.
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return }
        let scalars = Array(text.unicodeScalars.prefix(longest))
        if scalars.contains("\u{FFFD}") {
            remarks.add(
                path, "caractere_perdu", .avertissement, "« \(text.shortened) » : un caractère a été perdu en route")
        }
        if scalars.indices.contains(where: { isMojibake(scalars, at: $0) }) {
            remarks.add(
                path, "encodage", .avertissement, "« \(text.shortened) » : des lettres d'un mauvais encodage")
        }
    }

    /// True for `\u00e8`, `\u{e8}` and `\xe8`, as programs escape a letter, `&egrave;`, `&#232;` and `&#xe8;`, as HTML
    /// does, and `%C3%A8`, as addresses do.
    private static func holdsCode(_ text: String) -> Bool {
        let bytes = Array(text.utf8.prefix(longest))
        return bytes.indices.contains { start in
            let rest = bytes[start...].dropFirst()
            switch bytes[start] {
            case UInt8(ascii: "\\"): return isEscape(rest)
            case UInt8(ascii: "&"): return isEntity(rest)
            case UInt8(ascii: "%"):
                // The first byte of a letter, and the second.
                guard let first = number(rest.prefix(2)), (0xC2...0xF4).contains(first),
                    rest.dropFirst(2).first == 0x25,
                    let second = number(rest.dropFirst(3).prefix(2))
                else { return false }
                return (0x80...0xBF).contains(second)
            default: return false
            }
        }
    }

    private static func isEscape(_ rest: ArraySlice<UInt8>) -> Bool {
        let digits = rest.dropFirst().prefix(4).prefix(while: isHexadecimal).count
        switch rest.first {
        case UInt8(ascii: "u"):
            return digits == 4
                || rest.dropFirst().first == UInt8(ascii: "{")
                    && rest.dropFirst(2).first.map(isHexadecimal) == true
        case UInt8(ascii: "x"): return digits >= 2
        default: return false
        }
    }

    private static func isEntity(_ rest: ArraySlice<UInt8>) -> Bool {
        var rest = rest
        var isPart: (UInt8) -> Bool = isLetter
        if rest.first == UInt8(ascii: "#") {
            rest = rest.dropFirst()
            isPart = { (0x30...0x39).contains($0) }
            if rest.first.map({ $0 | 0x20 }) == UInt8(ascii: "x") {
                rest = rest.dropFirst()
                isPart = isHexadecimal
            }
        }
        let name = rest.prefix(9).prefix(while: isPart)
        return (2...8).contains(name.count) && rest.dropFirst(name.count).first == UInt8(ascii: ";")
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.count == 2, digits.allSatisfy(isHexadecimal) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    /// True where the bytes of UTF-8 were taken for letters of their own: "Ã¨" for è, "â€™" for ’, "Å“" for œ.
    ///
    /// Only the first bytes of French letters and signs are looked for: others may be honest ("É»").
    private static func isMojibake(_ scalars: [Unicode.Scalar], at place: Int) -> Bool {
        func next(_ distance: Int) -> UInt8? {
            scalars.indices.contains(place + distance) ? byte(scalars[place + distance]) : nil
        }
        func following(_ distance: Int) -> Unicode.Scalar {
            scalars.indices.contains(place + distance) ? scalars[place + distance] : " "
        }
        switch scalars[place].value {
        case 0xC2: return next(1).map { (0xA0...0xBF).contains($0) } ?? false
        case 0xC3: return next(1).map { (0x80...0xBF).contains($0) } ?? false
        case 0xC5: return next(1).map { [0x92, 0x93, 0xB8].contains($0) } ?? false
        // A byte order mark.
        case 0xEF: return next(1) == 0xBB && next(2) == 0xBF
        // The same as Mac OS and DOS had it: "√©", "├®".
        case 0x221A: return macintosh.contains(following(1))
        case 0x251C, 0x252C: return following(1).properties.isWhitespace == false
        case 0xE2:
            switch next(1) {
            case 0x80?: return next(2).map { (0x80...0xBF).contains($0) } ?? false
            case 0x82?: return next(2) == 0xAC
            default: return false
            }
        default: return false
        }
    }

    /// The byte that a character stands for in Windows-1252, and in Latin-1.
    private static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
        if scalar.value <= 0xFF { return UInt8(scalar.value) }
        return windows1252[scalar.value]
    }

    /// The characters that Mac OS Roman has at 0x80 to 0xBF.
    private static let macintosh = Set(
        "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø".unicodeScalars)

    /// The characters that Windows-1252 has at 0x80 to 0x9F.
    private static let windows1252: [UInt32: UInt8] = [
        0x20AC: 0x80, 0x201A: 0x82, 0x0192: 0x83, 0x201E: 0x84, 0x2026: 0x85, 0x2020: 0x86, 0x2021: 0x87, 0x02C6: 0x88,
        0x2030: 0x89, 0x0160: 0x8A, 0x2039: 0x8B, 0x0152: 0x8C, 0x017D: 0x8E, 0x2018: 0x91, 0x2019: 0x92, 0x201C: 0x93,
        0x201D: 0x94, 0x2022: 0x95, 0x2013: 0x96, 0x2014: 0x97, 0x02DC: 0x98, 0x2122: 0x99, 0x0161: 0x9A, 0x203A: 0x9B,
        0x0153: 0x9C, 0x017E: 0x9E, 0x0178: 0x9F,
    ]
}
