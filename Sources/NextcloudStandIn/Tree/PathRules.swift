import Foundation

/// Paths as Nextcloud keeps them.
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
}
