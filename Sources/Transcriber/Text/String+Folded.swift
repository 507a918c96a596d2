import Foundation

extension String {
    /// The text without accents, case, spaces and punctuation: "n° Fiche" and "n_fiche" are one.
    var folded: String {
        // Nearly all names are ASCII, and folding is slow on an answer of many thousand keys.
        let isASCII = utf8.allSatisfy { $0 < 0x80 }
        let plain = isASCII ? self : lowercased().decomposedStringWithCanonicalMapping
        var result: [UInt8] = []
        for scalar in plain.unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9": result.append(UInt8(ascii: scalar))
            case "A"..."Z": result.append(UInt8(ascii: scalar) + 0x20)
            case "œ": result += "oe".utf8
            case "æ": result += "ae".utf8
            case "½": result += "12".utf8
            case "¾": result += "34".utf8
            default: break
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
