/// A key that no dump shows, and that takes itself out of what a server says.
struct APIKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let value: String

    init(_ value: String) { self.value = value }

    var description: String { "(key)" }
    var debugDescription: String { "(key)" }
    var customMirror: Mirror { Mirror(self, children: [:]) }

    /// No provider's key is shorter; what is, is a placeholder, and part of many words.
    private static let shortest = 8

    /// An error's text without the key. Not for what a model has read: it knows no key.
    func redacting(_ text: String) -> String {
        value.count < Self.shortest ? text : text.replacing(value, with: "(key)")
    }
}
