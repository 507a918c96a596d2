import Foundation

/// JSON as it goes out.
enum JSONText {
    static func sorted(_ document: [String: Any]) -> String {
        let data = try? JSONSerialization.data(
            withJSONObject: document, options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data ?? Data(), as: UTF8.self)
    }
}
