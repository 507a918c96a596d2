import Foundation

/// Brings values to one spelling, so that only differences that matter count.
enum ScoredText {
    /// The value without case, extra spaces, ligatures, curly apostrophes, punctuation at the end; `nil` for null.
    static func normalised(_ value: JSONValue) -> String? {
        switch value {
        case .null: nil
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .number(let number): Int(exactly: number).map(String.init) ?? String(number)
        case .string(let text): normalised(text)
        case .array, .object: value.serialized(.canonical)
        }
    }

    private static func normalised(_ text: String) -> String {
        var plain = text.precomposedStringWithCanonicalMapping.lowercased()
            .replacing("œ", with: "oe").replacing("’", with: "'").replacing("ʼ", with: "'")
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        while let last = plain.last, ".,;:!?… ".contains(last) { plain.removeLast() }
        let point = plain.replacing(",", with: ".")
        guard !point.isEmpty, point.allSatisfy({ ("0"..."9").contains($0) || $0 == "." }), let number = Double(point)
        else { return plain }
        return Int(exactly: number).map(String.init) ?? String(number)
    }
}
