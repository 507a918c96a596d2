/// A reader of almost-JSON, as models write it.
///
/// It forgives what has one meaning only (a comma too many, a line break inside a string, Python's `None`) and notes
/// what it forgave; a document that ends too early is never completed.
struct LenientJSON {
    /// The place at which no document could be read.
    struct Failure: Error {
        /// Where reading stopped.
        var position: Int
        /// True when anything had been read that only JSON looks like.
        var afterContent: Bool
    }

    /// Deeper than any sheet, shallow enough for any thread's stack.
    static let depthLimit = 64

    /// More notes than that tell nobody anything.
    private static let noteLimit = 200

    let bytes: [UInt8]
    var position: Int
    private let ends: CommentEnds
    private(set) var corrections: [String] = []
    /// Of names that an object has twice, what the later one kept out.
    private(set) var repeated: [(name: String, value: JSONValue)] = []
    private var depth = 0
    private var sawContent = false

    /// Where the last comments of a text can end, looked for once: what is read at many places must not look for the
    /// end of a comment that has none at each of them.
    struct CommentEnds {
        let line: Int?
        let block: Int?

        init(_ bytes: [UInt8]) {
            line = bytes.lastIndex(of: 0x0A)
            block = bytes.lastStart(of: "*/")
        }
    }

    init(_ bytes: [UInt8], at position: Int, ends: CommentEnds? = nil) {
        self.bytes = bytes
        self.position = position
        self.ends = ends ?? CommentEnds(bytes)
    }

    /// Reads the object, array or string that begins here; `position` is behind it afterwards.
    mutating func readDocument() throws(Failure) -> JSONValue {
        try value()
    }

    mutating func note(_ correction: String) {
        guard corrections.count <= Self.noteLimit, !corrections.contains(correction) else { return }
        corrections.append(corrections.count == Self.noteLimit ? "JSON : et d'autres corrections" : correction)
    }

    func failure() -> Failure {
        Failure(position: max(position, 1), afterContent: sawContent)
    }

    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipSpace() {
        while let byte = current {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D:
                position += 1
            case 0xC2 where position + 1 < bytes.count && bytes[position + 1] == 0xA0:
                note("JSON : espaces insécables hors des textes retirées")
                position += 2
            case UInt8(ascii: "/") where skipComment():
                note("JSON : commentaire retiré")
            default:
                return
            }
        }
    }

    /// A comment as JavaScript has them, to its end; nothing when what is here is none, or it does not end.
    private mutating func skipComment() -> Bool {
        let rest = bytes[position...].dropFirst()
        switch rest.first {
        case UInt8(ascii: "/"):
            guard let last = ends.line, last > position, let end = rest.firstIndex(of: 0x0A) else { return false }
            position = end + 1
        case UInt8(ascii: "*"):
            guard let last = ends.block, last >= position + 2 else { return false }
            var end = position + 2
            while bytes[end] != UInt8(ascii: "*") || bytes[end + 1] != UInt8(ascii: "/") { end += 1 }
            position = end + 2
        default:
            return false
        }
        return true
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(Failure) -> JSONValue {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try nested { (reader) throws(Failure) in try reader.object() }
        case UInt8(ascii: "["): return try nested { (reader) throws(Failure) in try reader.array() }
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string())
        default: return try scalar()
        }
    }

    private mutating func nested(
        _ read: (inout LenientJSON) throws(Failure) -> JSONValue
    ) throws(Failure) -> JSONValue {
        position += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw Failure(position: position, afterContent: true) }
        return try read(&self)
    }

    private mutating func object() throws(Failure) -> JSONValue {
        var object = JSONObject()
        var separated = true
        /// Of names that came again, whether their value is blank: looking at it each time would take squares.
        var blanks: [[UInt8]: Bool] = [:]
        while true {
            skipSpace()
            if take(UInt8(ascii: "}")) {
                if separated, !object.members.isEmpty { note("JSON : virgule en trop retirée") }
                return .object(object)
            }
            guard current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") else { throw failure() }
            if !separated { note("JSON : virgule manquante ajoutée") }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure() }
            sawContent = true
            skipSpace()
            let start = position
            let value = try withDecimalComma(value(), from: start)
            if let earlier = object[name] {
                note("JSON : clé « \(name.shortened) » répétée")
                let (isBlank, wasBlank) = (value.isBlank, blanks[Array(name.utf8)] ?? earlier.isBlank)
                if !isBlank, !wasBlank, repeated.count < 50, value != earlier {
                    repeated.append((name.shortened, earlier))
                }
                if !isBlank || wasBlank { object[name] = value }
                blanks[Array(name.utf8)] = isBlank && wasBlank
            } else {
                object[name] = value
            }
            skipSpace()
            separated = take(UInt8(ascii: ","))
        }
    }

    /// `2,5` after a name is one number: a digit begins no name.
    private mutating func withDecimalComma(_ value: JSONValue, from start: Int) -> JSONValue {
        guard bytes[start] != UInt8(ascii: "\""), bytes[start] != UInt8(ascii: "'"), value.object == nil,
            value.array == nil, current == UInt8(ascii: ","), position + 1 < bytes.count,
            (0x30...0x39).contains(bytes[position + 1]), (0x30...0x39).contains(bytes[position - 1])
        else { return value }
        position += 1
        while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        note("JSON : nombre « \(word.prefix(30)) » gardé comme il est écrit")
        return .string(word)
    }

    private mutating func array() throws(Failure) -> JSONValue {
        var elements: [JSONValue] = []
        var separated = true
        while true {
            skipSpace()
            if take(UInt8(ascii: "]")) {
                if separated, !elements.isEmpty { note("JSON : virgule en trop retirée") }
                return .array(elements)
            }
            guard current != nil else { throw failure() }
            if !separated { note("JSON : virgule manquante ajoutée") }
            elements.append(try value())
            skipSpace()
            separated = take(UInt8(ascii: ","))
        }
    }

    /// A word or a number.
    ///
    /// A number whose spelling an `Int` or a `Double` would not give back (`2.50`, `007`, `1e999`) stays a text:
    /// what it means depends on the field.
    private mutating func scalar() throws(Failure) -> JSONValue {
        let start = position
        while let byte = current, Self.isWord(byte) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        switch word {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "None", "NULL", "Null", "nil", "undefined", "NaN", "Infinity", "-Infinity":
            note("JSON : « \(word) » lu comme null")
            return .null
        case "True", "TRUE", "False", "FALSE":
            note("JSON : « \(word) » lu comme \(word.lowercased())")
            return .bool(word.lowercased() == "true")
        default:
            break
        }
        guard let first = word.utf8.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first),
            word.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) })
        else { throw failure() }
        if let number = Int(word), String(number) == word { return .integer(number) }
        if let number = Double(word), number.isFinite, "\(number)" == word { return .number(number) }
        note("JSON : nombre « \(word.prefix(30)) » gardé comme il est écrit")
        return .string(word)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E: true
        default: false
        }
    }
}
