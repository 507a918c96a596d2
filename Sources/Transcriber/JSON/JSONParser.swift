/// Parses JSON as RFC 8259 has it, in one pass, members in their order.
struct JSONParser {
    /// Where and why a text is no JSON.
    struct Failure: Error {
        /// In bytes from the start.
        var position: Int
        var reason: String
    }

    /// Deeper than any document that is meant, shallow enough for any thread's stack.
    static let depthLimit = 128

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// The document that is the whole text.
    /// - Throws: `Failure`.
    static func document(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.failure("more follows the document") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func failure(_ reason: String) -> Failure { Failure(position: position, reason: reason) }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(Failure) -> JSONValue {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return .object(try nested { (parser) throws(Failure) in try parser.object() })
        case UInt8(ascii: "["): return .array(try nested { (parser) throws(Failure) in try parser.array() })
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested<Content>(
        _ read: (inout JSONParser) throws(Failure) -> Content
    ) throws(Failure) -> Content {
        guard depth < Self.depthLimit else { throw failure("nested too deeply") }
        position += 1
        depth += 1
        defer { depth -= 1 }
        return try read(&self)
    }

    private mutating func object() throws(Failure) -> JSONObject {
        var object = JSONObject()
        skipSpace()
        if take(UInt8(ascii: "}")) { return object }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw failure("a name is expected") }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure("a colon is expected") }
            object[name] = try value()
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw failure("the object does not end") }
        return object
    }

    private mutating func array() throws(Failure) -> [JSONValue] {
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return elements }
        repeat {
            elements.append(try value())
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw failure("the list does not end") }
        return elements
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Failure) -> JSONValue {
        let length = word.utf8CodeUnitCount
        guard bytes.count - position >= length,
            bytes[position..<position + length].elementsEqual("\(word)".utf8)
        else { throw failure("a value is expected") }
        position += length
        return value
    }

    /// A number; one that an `Int` cannot hold becomes a `Double`, one that a `Double` cannot hold is refused.
    private mutating func number() throws(Failure) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            try digits()
            isWhole = false
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
            isWhole = false
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let whole = Int(text) { return .integer(whole) }
        guard let number = Double(text), number.isFinite else { throw failure("a number beyond all measure") }
        return .number(number)
    }

    private mutating func digits() throws(Failure) {
        let start = position
        while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
        guard position > start else { throw failure("a value is expected") }
    }

    private mutating func string() throws(Failure) -> String {
        position += 1
        let start = position
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        var content = bytes[start..<position]
        while let byte = current, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw failure("a control character in a text") }
            position += 1
            if byte == UInt8(ascii: "\\") { try escape(into: &content) } else { content.append(byte) }
        }
        guard take(UInt8(ascii: "\"")) else { throw failure("the text does not end") }
        guard let text = String(validating: content, as: UTF8.self) else { throw failure("the text is not UTF-8") }
        return text
    }

    private mutating func escape(into content: inout ArraySlice<UInt8>) throws(Failure) {
        guard let byte = current else { throw failure("the text does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "u"):
            let first = try codeUnit()
            var units = [first]
            if UTF16.isLeadSurrogate(first), take(UInt8(ascii: "\\")) {
                guard take(UInt8(ascii: "u")) else { throw failure("half a character") }
                units.append(try codeUnit())
            }
            guard let text = String(validating: units, as: UTF16.self) else { throw failure("half a character") }
            content.append(contentsOf: text.utf8)
        default: throw failure("an unknown escape")
        }
    }

    private mutating func codeUnit() throws(Failure) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Self.hexadecimal(byte) else {
                throw failure("four hexadecimal digits are expected")
            }
            unit = unit << 4 | digit
            position += 1
        }
        return unit
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt16? {
        switch byte {
        case 0x30...0x39: UInt16(byte - 0x30)
        case 0x41...0x46: UInt16(byte - 0x37)
        case 0x61...0x66: UInt16(byte - 0x57)
        default: nil
        }
    }
}
