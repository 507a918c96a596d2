/// Reads the small XML documents that WebDAV clients send: elements, namespaces, text. No DTD, no entities of its own.
struct SmallXMLReader {
    private var rest: ArraySlice<UInt8>
    private static let depthLimit = 32

    static func read(_ bytes: [UInt8]) throws(XMLProblem) -> XMLElement {
        var reader = SmallXMLReader(rest: bytes[...])
        try reader.skipProlog()
        let root = try reader.element(prefixes: ["xml": "http://www.w3.org/XML/1998/namespace", "": ""], depth: 0)
        try reader.skipProlog()
        guard reader.rest.isEmpty else { throw XMLProblem(reason: "Extra content at the end of the document") }
        return root
    }

    private mutating func element(prefixes: [String: String], depth: Int) throws(XMLProblem) -> XMLElement {
        guard depth < Self.depthLimit else { throw XMLProblem(reason: "Elements are nested too deeply") }
        guard take("<") else { throw XMLProblem(reason: "Start tag expected, '<' not found") }
        let tag = try name()
        var prefixes = prefixes
        var isEmpty = false
        var attributes: [(name: String, value: String)] = []
        while true {
            skipSpace()
            if take("/>") {
                isEmpty = true
                break
            }
            if take(">") { break }
            let attribute = try name()
            skipSpace()
            guard take("=") else { throw XMLProblem(reason: "Attribute \(attribute) has no value") }
            skipSpace()
            let value = try quoted()
            if attribute == "xmlns" {
                prefixes[""] = value
            } else if attribute.hasPrefix("xmlns:") {
                // Namespaces in XML 1.0, section 2.2: a prefix cannot be undeclared.
                guard !value.isEmpty else { throw XMLProblem(reason: "\(attribute): empty namespace is not allowed") }
                prefixes[String(attribute.dropFirst(6))] = value
            } else {
                attributes.append((attribute, value))
            }
        }
        let parts = tag.split(separator: ":", maxSplits: 1).map(String.init)
        let prefix = parts.count == 2 ? parts[0] : ""
        guard let namespace = prefixes[prefix] else {
            throw XMLProblem(reason: "Namespace prefix \(prefix) on \(parts.last ?? tag) is not defined")
        }
        var element = XMLElement(namespace: namespace, name: parts.last ?? tag)
        element.attributes = try Self.standing(attributes, prefixes)
        if !isEmpty { try content(of: &element, tag: tag, prefixes: prefixes, depth: depth) }
        return element
    }

    private mutating func content(of element: inout XMLElement, tag: String, prefixes: [String: String], depth: Int)
        throws(XMLProblem)
    {
        while true {
            let text = try decoded(until("<"))
            element.text += text
            element.content += XMLText.escaped(text)
            if take("</") {
                guard try name() == tag else { throw XMLProblem(reason: "Opening and ending tag mismatch: \(tag)") }
                skipSpace()
                guard take(">") else { throw XMLProblem(reason: "Ending tag \(tag) is not closed") }
                return
            } else if take("<![CDATA[") {
                let text = String(decoding: try until("]]>", taking: true), as: UTF8.self)
                element.text += text
                element.content += XMLText.escaped(text)
            } else if take("<!--") {
                _ = try until("-->", taking: true)
            } else if take("<?") {
                _ = try until("?>", taking: true)
            } else {
                let child = try self.element(prefixes: prefixes, depth: depth + 1)
                element.children.append(child)
                element.content += child.document
            }
        }
    }

    /// Attributes as XML that needs no declaration from outside.
    private static func standing(
        _ attributes: [(name: String, value: String)], _ prefixes: [String: String]
    ) throws(XMLProblem) -> String {
        var text = ""
        for (name, value) in attributes {
            let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
            if parts.count == 2, parts[0] != "xml" {
                guard let namespace = prefixes[parts[0]] else {
                    throw XMLProblem(reason: "Namespace prefix \(parts[0]) for \(parts[1]) is not defined")
                }
                text += " xmlns:\(parts[0])=\"\(XMLText.quoted(namespace))\""
            }
            text += " \(name)=\"\(XMLText.quoted(value))\""
        }
        return text
    }

    private mutating func skipProlog() throws(XMLProblem) {
        _ = take("\u{FEFF}")
        while true {
            skipSpace()
            if take("<?") {
                _ = try until("?>", taking: true)
            } else if take("<!--") {
                _ = try until("-->", taking: true)
            } else {
                return
            }
        }
    }

    private mutating func name() throws(XMLProblem) -> String {
        let name = rest.prefix { !" \t\r\n/>=<\"'&".utf8.contains($0) }
        guard !name.isEmpty else { throw XMLProblem(reason: "A name is missing") }
        rest = rest.dropFirst(name.count)
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func quoted() throws(XMLProblem) -> String {
        if take("\"") { return try decoded(until("\"", taking: true)) }
        if take("'") { return try decoded(until("'", taking: true)) }
        throw XMLProblem(reason: "A quote is missing")
    }

    private func decoded(_ bytes: ArraySlice<UInt8>) throws(XMLProblem) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw XMLProblem(reason: "Not UTF-8") }
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var result = ""
        for (index, part) in text.split(separator: "&", omittingEmptySubsequences: false).enumerated() {
            guard index > 0 else {
                result += part
                continue
            }
            guard let end = part.firstIndex(of: ";"), let character = Self.entity(part[..<end]) else {
                throw XMLProblem(reason: "An entity is not defined")
            }
            result += character + part[part.index(after: end)...]
        }
        return result
    }

    private static func entity(_ name: Substring) -> String? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            let code = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst(1))
            guard name.hasPrefix("#"), let scalar = code.flatMap(Unicode.Scalar.init) else { return nil }
            return String(Character(scalar))
        }
    }

    private mutating func skipSpace() { rest = rest.drop { " \t\r\n".utf8.contains($0) } }

    private mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    /// The bytes before a text, which is taken too if wanted.
    private mutating func until(_ text: String, taking: Bool = false) throws(XMLProblem) -> ArraySlice<UInt8> {
        var index = rest.startIndex
        while index < rest.endIndex {
            if rest[index...].starts(with: text.utf8) {
                let part = rest[..<index]
                rest = rest[index...].dropFirst(taking ? text.utf8.count : 0)
                return part
            }
            index += 1
        }
        throw XMLProblem(reason: "Premature end of data")
    }
}
