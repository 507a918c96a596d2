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
        let scalars = Array(text.unicodeScalars.prefix(longest))
        if scalars.contains("\u{FFFD}") {
            remarks.add(
                path, "caractere_perdu", .avertissement, "« \(text.shortened) » : un caractère a été perdu en route")
        }
        if scalars.indices.contains(where: { isMojibake(scalars[$0...]) }) {
            remarks.add(
                path, "encodage", .avertissement, "« \(text.shortened) » : des lettres d'un mauvais encodage")
        }
        if text.prefix(longest).contains(#/\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|&[A-Za-z]{2,8};|&#[0-9]{2,6};/#) {
            remarks.add(
                path, "caractere_code", .avertissement,
                "« \(text.shortened) » : un caractère est écrit comme un code d'ordinateur")
        }
    }

    /// True where the bytes of UTF-8 were taken for letters of their own: "Ã¨" for è, "â€™" for ’, "Å“" for œ.
    ///
    /// Only the first bytes of French letters and signs are looked for: others may be honest ("É»").
    private static func isMojibake(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = scalars.first else { return false }
        let following = scalars.dropFirst().prefix(2).map(byte)
        switch (first.value, following.first.flatMap(\.self), following.dropFirst().first.flatMap(\.self)) {
        case (0xC2, (0xA0...0xBF)?, _): return true
        case (0xC3, (0x80...0xBF)?, _): return true
        case (0xC5, 0x92?, _), (0xC5, 0x93?, _), (0xC5, 0xB8?, _): return true
        case (0xE2, 0x80?, (0x80...0xBF)?), (0xE2, 0x82?, 0xAC?): return true
        default: return false
        }
    }

    /// The byte that a character stands for in Windows-1252, and in Latin-1.
    private static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
        if scalar.value <= 0xFF { return UInt8(scalar.value) }
        return windows1252[scalar.value]
    }

    /// The characters that Windows-1252 has at 0x80 to 0x9F.
    private static let windows1252: [UInt32: UInt8] = [
        0x20AC: 0x80, 0x201A: 0x82, 0x0192: 0x83, 0x201E: 0x84, 0x2026: 0x85, 0x2020: 0x86, 0x2021: 0x87, 0x02C6: 0x88,
        0x2030: 0x89, 0x0160: 0x8A, 0x2039: 0x8B, 0x0152: 0x8C, 0x017D: 0x8E, 0x2018: 0x91, 0x2019: 0x92, 0x201C: 0x93,
        0x201D: 0x94, 0x2022: 0x95, 0x2013: 0x96, 0x2014: 0x97, 0x02DC: 0x98, 0x2122: 0x99, 0x0161: 0x9A, 0x203A: 0x9B,
        0x0153: 0x9C, 0x017E: 0x9E, 0x0178: 0x9F,
    ]
}
