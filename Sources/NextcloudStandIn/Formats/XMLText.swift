/// Text inside XML.
enum XMLText {
    /// Text inside an attribute.
    static func quoted(_ text: String) -> String { escaped(text).replacing("\"", with: "&quot;") }

    /// Text between tags; quotes stay as they are there.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x26 || $0 == 0x3C || $0 == 0x3E }) else { return text }
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
