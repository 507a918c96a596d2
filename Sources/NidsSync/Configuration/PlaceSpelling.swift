import Foundation

/// The spellings of one place: with a slash more or less, composed or decomposed.
enum PlaceSpelling {
    /// A path as a person writes it, without the slashes that say nothing.
    static func plain(_ text: String) -> String {
        text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }.joined(separator: "/")
    }

    /// `true` where two texts mean the same place.
    static func areSame(_ one: String, _ other: String) -> Bool { key(one).elementsEqual(key(other)) }

    private static func key(_ text: String) -> String.UTF8View {
        plain(text).precomposedStringWithCanonicalMapping.utf8
    }
}
