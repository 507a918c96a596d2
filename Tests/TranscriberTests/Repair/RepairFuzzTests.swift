import Testing
import Transcriber

@Suite("Answers broken at random")
struct RepairFuzzTests {
    @Test("no broken answer crashes, or yields what is not of the result's form", arguments: 0..<8)
    func mutated(_ seed: Int) throws {
        var random = SplitMix64(state: UInt64(seed) &* 7919 &+ 1)
        let samples = [Sample.good] + BadAnswer.all.map(\.text).filter { $0.utf8.count < 4000 }
        var readings = 0
        for _ in 0..<600 {
            let text = Self.mutate(samples.randomElement(using: &random) ?? "", using: &random)
            let kind = Bool.random(using: &random) ? PromptKind.standard : .ancien
            guard let repaired = try? FicheRepair.repair(text, promptKind: kind) else { continue }
            readings += 1
            let json = JSONValue(repaired.fiche)
            #expect(FicheSchema.violations(of: json) == [], "\(text)")
            if repaired.corrections.isEmpty {
                #expect((try? JSONValue(parsing: text)) == json, "\(text)")
            }
            // What was put right once needs nothing more.
            let again = try FicheRepair.repair(json.serialized(), promptKind: kind)
            #expect(again.fiche == repaired.fiche, "\(text)")
            #expect(again.corrections == [], "\(text)")
        }
        #expect(readings > 100)
    }

    private static let pieces = [
        "null", "true", "{}", "[]", "\"\"", "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "-1", "1e400", "0.1",
        "\"30,5\"", "\"14h\"", "99999999999999999999", "\u{0}", "é", "e\u{301}", "\u{FEFF}", "```", " ", "\n", "NaN",
        "\"Jour\":", "\"nid\":", "\"annee\": \"7\"", "[[[[[[", "\"0\"", "\"null\"", "{\"oui\": true}", "\u{1F426}",
    ]

    private static func mutate(_ text: String, using random: inout SplitMix64) -> String {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let position = Int.random(in: 0..<bytes.count, using: &random)
            let end = min(bytes.count, position + Int.random(in: 0...12, using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes.removeSubrange(position..<end)
            case 1: bytes.insert(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8, at: position)
            case 2: bytes.replaceSubrange(position..<end, with: (pieces.randomElement(using: &random) ?? "").utf8)
            case 3: bytes[position] = UInt8.random(in: 0...255, using: &random)
            case 4: replaceValue(in: &bytes, from: position, using: &random)
            default: bytes.insert(contentsOf: bytes[position..<end], at: position)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Replaces the value of the next member, so that the answer stays JSON but is of another form.
    private static func replaceValue(in bytes: inout [UInt8], from position: Int, using random: inout SplitMix64) {
        guard let colon = bytes[position...].firstIndex(of: UInt8(ascii: ":")),
            let end = bytes[colon...].firstIndex(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") })
        else { return }
        bytes.replaceSubrange(colon + 1..<end, with: (pieces.randomElement(using: &random) ?? "").utf8)
    }
}

/// A generator with a seed, so that a failure comes back.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
