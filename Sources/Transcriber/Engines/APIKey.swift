/// A key that no dump shows, and that takes itself out of what a server says.
struct APIKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let value: String

    init(_ value: String) { self.value = value }

    var description: String { "(key)" }
    var debugDescription: String { "(key)" }
    var customMirror: Mirror { Mirror(self, children: [:]) }

    /// A text without the key.
    func redacting(_ text: String) -> String {
        value.isEmpty ? text : text.replacing(value, with: "(key)")
    }
}
