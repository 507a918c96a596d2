extension JSONValue {
    /// The forms in which a document is written.
    public enum Style: Sendable {
        /// Members in their order, two spaces of indentation, as people read it.
        case readable
        /// No white space, members sorted by their names' bytes: one spelling for one value, for digests.
        case canonical
    }

    /// The document as UTF-8 text.
    public func serialized(_ style: Style = .readable) -> String {
        var text = ""
        write(to: &text, style: style, indentation: 0)
        return text
    }

    private func write(to text: inout String, style: Style, indentation: Int) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += Self.spelling(of: value)
        case .string(let value): Self.write(value, to: &text)
        case .array(let elements):
            Self.writeList("[", "]", count: elements.count, to: &text, style: style, indentation: indentation) {
                elements[$0].write(to: &$1, style: style, indentation: indentation + 1)
            }
        case .object(let object):
            let members =
                style == .canonical
                ? object.members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } : object.members
            Self.writeList("{", "}", count: members.count, to: &text, style: style, indentation: indentation) {
                Self.write(members[$0].name, to: &$1)
                $1 += style == .canonical ? ":" : ": "
                members[$0].value.write(to: &$1, style: style, indentation: indentation + 1)
            }
        }
    }

    private static func writeList(
        _ opening: String, _ closing: String, count: Int, to text: inout String, style: Style, indentation: Int,
        element: (Int, inout String) -> Void
    ) {
        text += opening
        for index in 0..<count {
            if index > 0 { text += "," }
            if style == .readable { text += "\n" + String(repeating: "  ", count: indentation + 1) }
            element(index, &text)
        }
        if style == .readable, count > 0 { text += "\n" + String(repeating: "  ", count: indentation) }
        text += closing
    }

    /// `3.0` and `3` are one value in JSON, and a digest must not tell them apart.
    private static func spelling(of value: Double) -> String {
        guard value.isFinite else { return "null" }
        if let whole = Int(exactly: value) { return String(whole) }
        return "\(value)"
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}":
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
