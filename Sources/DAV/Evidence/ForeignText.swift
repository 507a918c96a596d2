/// Something that came where a document of the protocol was expected: a web page, a message of PHP, JSON, other text.
public enum ForeignText: Sendable, Hashable {
    case nothing
    /// A web page, with its title where it has one.
    case webPage(title: String?)
    /// A message that PHP writes into its output where `display_errors` is on.
    case phpMessage(String)
    /// Anything else, by its beginning.
    case other(String)

    private static let examined = 4 << 10
    private static let shown = 100

    /// Looks at the beginning of a body.
    init(_ body: some Collection<UInt8>) {
        let text = Self.text(body.prefix(Self.examined))
        let plain = Self.line(Self.withoutElements(text))
        if text.allSatisfy(\.isWhitespace) {
            self = .nothing
        } else if Self.isPHPMessage(plain) {
            self = .phpMessage(plain)
        } else if Self.isHTML(text) {
            self = .webPage(title: Self.title(text))
        } else {
            self = .other(Self.line(text))
        }
    }

    /// True when a body begins as a web page does.
    static func looksLikeHTML(_ body: some Collection<UInt8>) -> Bool {
        if case .webPage = ForeignText(body) { return true }
        return false
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }

    private static func isPHPMessage(_ plain: String) -> Bool {
        let line = plain.hasPrefix("PHP ") ? plain.dropFirst(4) : plain[...]
        return ["Warning", "Notice", "Deprecated", "Fatal error", "Parse error", "Strict Standards"].contains {
            line.hasPrefix($0 + ":") || line.hasPrefix($0 + " :")
        }
    }

    private static func isHTML(_ text: String) -> Bool {
        var rest = text.drop(while: \.isWhitespace)[...]
        while rest.hasPrefix("<!--"), let end = rest.firstRange(of: "-->") {
            rest = rest[end.upperBound...].drop(while: \.isWhitespace)
        }
        let start = rest.prefix(16).lowercased()
        return ["<!doctype html", "<html", "<head", "<body", "<title", "<h1", "<script", "<meta"].contains {
            start.hasPrefix($0)
        }
    }

    private static func title(_ text: String) -> String? {
        for name in ["title", "h1", "h2"] {
            guard let start = text.firstRange(of: "<\(name)"),
                let open = text[start.upperBound...].firstIndex(of: ">")
            else { continue }
            let rest = text[text.index(after: open)...]
            let title = line(withoutElements(String(rest[..<(rest.firstRange(of: "</")?.lowerBound ?? rest.endIndex)])))
            if !title.isEmpty { return title }
        }
        return nil
    }

    private static func withoutElements(_ text: String) -> String {
        var (kept, isInside) = ("", false)
        for character in text {
            switch character {
            case "<": isInside = true
            case ">" where isInside: isInside = false
            default: if !isInside { kept.append(character) }
            }
        }
        return kept
    }

    /// One line without control characters: these words go into logs and onto terminals.
    private static func line(_ text: String) -> String {
        let kept = text.unicodeScalars.filter { scalar in
            scalar.properties.isWhitespace || scalar.properties.generalCategory != .control
        }
        let line = String(String.UnicodeScalarView(kept)).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > shown ? line.prefix(shown) + "…" : line
    }
}

extension ForeignText: CustomStringConvertible {
    public var description: String {
        switch self {
        case .nothing: "nothing"
        case .webPage(let title): title.map { "a web page (\u{201C}\($0)\u{201D})" } ?? "a web page"
        case .phpMessage(let text): "a message of PHP (\u{201C}\(text)\u{201D})"
        case .other(let text): "\u{201C}\(text)\u{201D}"
        }
    }
}
