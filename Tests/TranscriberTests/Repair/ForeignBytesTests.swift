import Testing

@testable import Transcriber

/// Work on foreign bytes takes a time that grows with their number, not with its square or its powers.
@Suite("The time that foreign bytes take", .timeLimit(.minutes(5)))
struct ForeignBytesTests {
    /// Generous, for a debug build on a busy machine; squares and powers take minutes.
    private static let limit = Duration.seconds(4)
    private static let size = 64_000

    enum Shape: String, CaseIterable {
        case nestedLists, nestedListsOfSheets, unendedComments, unendedLineComments, openings, openObjects, documents
        case documentsOfNewNames, numbers, repeatedNames, spellings, spellingsBesideAList, deepObjects, rows, quotes
        case thoughts, blanks, letters, flags, backslashes, mergedNames

        var text: String {
            func many(_ size: Int, _ piece: (Int) -> String) -> String {
                var text = ""
                var index = 0
                while text.utf8.count < size {
                    text += piece(index)
                    index += 1
                }
                return text
            }
            let size = ForeignBytesTests.size
            switch self {
            case .nestedLists:
                let deep = String(repeating: "[", count: 60) + "{\"annee\":1}" + String(repeating: "]", count: 60)
                return "{\"fiche\":[" + deep + ",\(deep)],\"nid\":1}"
            case .nestedListsOfSheets:
                return (0..<50).reduce("{\"annee\":1}") { inner, _ in "[{\"nid\":2},\(inner),1]" }
            case .unendedComments: return many(size) { _ in "[/*" }
            case .unendedLineComments: return many(size) { _ in "[//" }
            case .openings: return many(size) { _ in "[" } + "{\"annee\":1}"
            case .openObjects: return many(size) { _ in "{[" }
            case .documents: return many(size) { "{\"annee\":\($0)}" }
            case .documentsOfNewNames: return many(size) { "{\"annee\":1,\"x\($0)\":2}" }
            case .numbers: return "{\"annee\":[" + many(size) { "00\($0)," } + "1]}"
            case .repeatedNames:
                return "{\"nid\":[" + many(size / 2) { _ in "null," } + "1]" + many(size / 2) { _ in ",\"nid\":null" }
                    + "}"
            case .spellings:
                return "{\"annee\":1"
                    + many(size) { ",\"an\(String(repeating: " ", count: $0 % 900))nee\($0 % 7)\":\($0)" } + "}"
            case .spellingsBesideAList:
                return "{\"causes_echec\":[" + many(size / 2) { _ in "\"a\"," } + "\"b\"]"
                    + many(size / 2) { ",\"cau\(String(repeating: "-", count: $0 % 80))se\":\"c\($0)\"" } + "}"
            case .deepObjects:
                return (0..<60).reduce("1") { inner, _ in "{\"fiche\":\(inner),\"annee\":1}" }
            case .rows: return "{\"tableau_donnees\":[" + many(size) { "{\"Jour\":\($0 % 31)}," } + "{}]}"
            case .quotes: return many(size) { _ in "\"{\\\"" }
            case .thoughts: return many(size) { _ in "</think" } + "{\"annee\":1}"
            case .blanks: return "{\"annee\":1,\"remarque\":\"" + many(size) { _ in " " } + "x\"}"
            case .letters: return "{\"annee\":1,\"remarque\":\"" + many(size) { _ in "Ã&\\\\u00" } + "\"}"
            case .flags:
                return "{\"remarque\":\"" + many(size) { _ in "🇫" } + "\",\"haut_nid\":\"" + many(9000) { _ in "🇫" }
                    + "\"}"
            case .backslashes: return "{\"remarque\":\"" + many(size) { _ in "\\q" } + "\"}"
            case .mergedNames:
                return "[{\"nid\":1" + many(size / 2) { ",\"a\($0)\":1" } + "},{\"nid\":2"
                    + many(size / 2) { ",\"b\($0)\":1" } + "}]"
            }
        }
    }

    @Test("an answer is repaired or refused in time", arguments: Shape.allCases)
    func repair(shape: Shape) {
        let text = shape.text
        let duration = ContinuousClock().measure { _ = try? FicheRepair.repair(text) }
        #expect(duration < Self.limit, "\(text.utf8.count) bytes")
    }

    @Test("a result file is parsed and repaired in time", arguments: Shape.allCases)
    func resultFile(shape: Shape) {
        let bytes = Array(shape.text.utf8)
        let duration = ContinuousClock().measure {
            guard let document = try? JSONValue(parsing: bytes) else { return }
            _ = try? FicheRepair.repair(document)
            _ = FicheSchema.violations(of: document)
            _ = FicheScore.compare(read: document, truth: document)
        }
        #expect(duration < Self.limit)
    }

    @Test("a server's answer is taken apart in time")
    func answers() {
        let thoughts = String(repeating: "<think></think", count: 100_000)
        let document: JSONValue = [
            "choices": [["message": ["content": .string(thoughts)]]], "error": ["message": .string(thoughts)],
        ]
        let body = Array(document.serialized(.canonical).utf8)
        let duration = ContinuousClock().measure {
            _ = try? OpenAIAnswer(body, redacting: APIKey("sk-1234567890"))?.engineAnswer(
                model: "m", limit: nil, hasRead: true)
            _ = GeminiFault(status: document["error"] ?? .null, redacting: APIKey("sk-1234567890"))
        }
        #expect(duration < Self.limit * 2)
    }

    @Test("documents beyond number are named, and the last ones are read")
    func documents() throws {
        let text = (0..<200).map { "{\"annee\":\"\(1800 + $0)\"}" }.joined(separator: "\n")
        let repaired = try FicheRepair.repair(text)
        #expect(repaired.fiche.informationsGenerales.annee == "1999")
        #expect(repaired.checks.contains { $0.rule == "documents_nombreux" })
    }
}
