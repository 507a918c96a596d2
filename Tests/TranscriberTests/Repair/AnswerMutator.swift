import HarnessSupport
import Transcriber

/// Breaks answers: their bytes, or their keys, types, nesting and size.
struct AnswerMutator {
    var random: SeededGenerator

    private static let pieces = [
        "null", "true", "{}", "[]", "\"\"", "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "-1", "1e400", "0.1",
        "\"30,5\"", "\"14h\"", "99999999999999999999", "\u{0}", "é", "e\u{301}", "\u{FEFF}", "```", " ", "\n", "NaN",
        "\"Jour\":", "\"nid\":", "\"annee\": \"7\"", "[[[[[[", "\"0\"", "\"null\"", "{\"oui\": true}", "\u{1F426}",
        "'", "//", "/*", "*/", "'a'", "\\'",
    ]

    private static let values: [JSONValue] = [
        .null, true, false, 0, -1, 3, 13, 32, 1000, 20_200_101, .integer(.max), .integer(.min), 2.5, 30.1, 3.0,
        .number(1e300), .number(-0.0), .number(1e-300), "", " ", "3", "03", "3.0", "30,5", "1er", "14h30", "2020-06-03",
        "3 juin", "VI", "2,5 m", "1m50", "oui", "null", "N/A", "-", "?", "\u{0}", "\u{202E}x", "e\u{301}", "٣", "３",
        "½", "\u{1F426}\u{200D}\u{1F426}", [], [nil], [1, 2], ["a", "b"], [["a"]], [:], ["": nil], ["a": ["b": 1]],
        ["oui": true, "non": true], ["jour": "6/6"], .string(String(repeating: "é", count: 3000)),
        .string("{\"nid\": {}}"),
    ]
    private static let names = [
        "", "nid", "Nid", "n° fiche", "espèce", "esp\u{65}\u{300}ce", "Jour", "jour", "JOUR", "Mois", "tableau_recap",
        "tableau_resume", "causes d'échec", "1/2", "½", "\u{0}", "remarque ", "nids_sync", "x", "Nombre œuf",
        "dép't", "__proto__", "annee",
    ]

    /// Breaks the bytes of an answer here and there.
    mutating func mutate(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let position = Int.random(in: 0..<bytes.count, using: &random)
            let end = min(bytes.count, position + Int.random(in: 0...12, using: &random))
            switch Int.random(in: 0..<8, using: &random) {
            case 0: bytes.removeSubrange(position..<end)
            case 1: bytes.insert(contentsOf: (Self.pieces.randomElement(using: &random) ?? "").utf8, at: position)
            case 2: bytes.replaceSubrange(position..<end, with: (Self.pieces.randomElement(using: &random) ?? "").utf8)
            case 3: bytes[position] = UInt8.random(in: 0...255, using: &random)
            case 4: replaceValue(in: &bytes, from: position)
            case 5: bytes = reencoded(bytes)
            case 6: bytes.removeSubrange(position...)
            default: bytes.insert(contentsOf: bytes[position..<end], at: position)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Replaces the value of the next member, so that the answer stays JSON but is of another form.
    private mutating func replaceValue(in bytes: inout [UInt8], from position: Int) {
        guard let colon = bytes[position...].firstIndex(of: UInt8(ascii: ":")),
            let end = bytes[colon...].firstIndex(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") })
        else { return }
        bytes.replaceSubrange(colon + 1..<end, with: (Self.pieces.randomElement(using: &random) ?? "").utf8)
    }

    /// As an encoding gone wrong leaves it: Latin-1 taken for UTF-8, UTF-8 taken for Latin-1, UTF-16.
    private mutating func reencoded(_ bytes: [UInt8]) -> [UInt8] {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: String(decoding: bytes, as: UTF8.self).unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        case 1: bytes.flatMap { Array(String(Character(Unicode.Scalar($0))).utf8) }
        default: bytes.flatMap { [$0, 0] }
        }
    }

    /// Changes an answer's keys, types, nesting and size, so that it stays JSON.
    mutating func mutate(_ document: JSONValue) -> JSONValue {
        var document = document
        for _ in 0..<Int.random(in: 1...5, using: &random) { document = changed(document) }
        return document
    }

    private mutating func changed(_ value: JSONValue) -> JSONValue {
        if Int.random(in: 0..<4, using: &random) > 0 {
            if var object = value.object, let name = object.names.randomElement(using: &random) {
                object[name] = changed(object[name] ?? .null)
                return .object(object)
            }
            if var elements = value.array, let index = elements.indices.randomElement(using: &random) {
                elements[index] = changed(elements[index])
                return .array(elements)
            }
        }
        return replaced(value)
    }

    private mutating func replaced(_ value: JSONValue) -> JSONValue {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return [value]
        case 1:
            let count = Int.random(in: 0..<20, using: &random) == 0 ? 60 : Int.random(in: 0...3, using: &random)
            return .array(Array(repeating: value, count: count))
        case 2: return .object(JSONObject([(Self.names.randomElement(using: &random) ?? "", value)]))
        case 3: return .string(value.serialized(.canonical))
        case 4: return (0..<Int.random(in: 1...80, using: &random)).reduce(value) { inner, _ in [inner] }
        case 5, 6:
            guard let object = value.object, let name = object.names.randomElement(using: &random) else { break }
            let newName = Self.names.randomElement(using: &random) ?? ""
            return .object(
                JSONObject(
                    object.members.flatMap { member -> [(String, JSONValue)] in
                        member.name != name ? [member] : [(newName, member.value)]
                    }))
        default: break
        }
        return Self.values.randomElement(using: &random) ?? .null
    }
}
