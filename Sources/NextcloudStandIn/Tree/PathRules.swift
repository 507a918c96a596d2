import Foundation

/// What Nextcloud does with names and paths.
enum PathRules {
    /// The names of a path, normalised to NFC as Nextcloud does on arrival; nil for one that climbs (`..`).
    static func names(of path: String) -> [String]? {
        var names: [String] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: true) where part != "." {
            guard part != "..", !part.utf8.contains(0) else { return nil }
            names.append(normalised(String(part)))
        }
        return names
    }

    /// A name in NFC. ASCII is in NFC already, and Foundation is slow to find that out.
    static func normalised(_ name: String) -> String {
        name.utf8.allSatisfy { $0 < 0x80 } ? name : name.precomposedStringWithCanonicalMapping
    }

    /// Bytes of a percent-encoded path as text; nil where they are not UTF-8.
    static func decoded(_ path: String) -> String? {
        var bytes: [UInt8] = []
        var source = Array(path.utf8)[...]
        while let byte = source.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard source.count >= 2, let high = hexValue(source.removeFirst()), let low = hexValue(source.removeFirst())
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Why Nextcloud would not take the last name of a path for something new; nil when it would.
    static func refusal(of names: [String]) -> DAVError? {
        guard let name = names.last else { return nil }
        if name == ".htaccess" {
            let path = "files/" + names.joined(separator: "/")
            return DAVError(500, #"OCP\Files\ForbiddenException"#, "Invalid path: \(path)", anonymous: true)
        }
        if name.utf8.count > 250 { return .invalidPath("Filename is too long") }
        for ending in [".filepart", ".part"] where name.lowercased().hasSuffix(ending) {
            return .invalidPath("\"\(ending)\" is a forbidden file type.")
        }
        if name.contains("\\") { return .invalidPath("\"\\\" is not allowed inside a file or folder name.") }
        return nil
    }

    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
