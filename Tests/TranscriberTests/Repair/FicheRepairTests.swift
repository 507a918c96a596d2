import Testing
import Transcriber

@Suite("A sheet made of a model's answer")
struct FicheRepairTests {
    @Test("an answer of the result's form is taken as it is")
    func goodAnswer() throws {
        let repaired = try FicheRepair.repair(Sample.good)
        #expect(repaired.corrections == [])
        #expect(repaired.checks == [])
        #expect(try JSONValue(repaired.fiche) == JSONValue(parsing: Sample.good))
    }

    @Test("a bad answer is put right, and what was done is said", arguments: BadAnswer.all + BadAnswer.lost)
    func badAnswer(_ bad: BadAnswer) throws {
        let repaired = try FicheRepair.repair(bad.text, promptKind: bad.kind)
        let json = JSONValue(repaired.fiche)
        #expect(FicheSchema.violations(of: json) == [])
        #expect(try #require(json.value(at: bad.path)) == bad.expected)
        // Without a correction there is no raw answer beside the result: nothing may have been changed.
        if repaired.corrections.isEmpty { #expect(try JSONValue(parsing: bad.text) == json) }
        if let rule = bad.rule { #expect(repaired.checks.map(\.rule).contains(rule)) }
    }

    @Test(
        "what is no JSON document of a sheet is no answer",
        arguments: [
            "Je ne peux pas lire cette image.", "{}", "[]", "[[[]]]", "{\"a\": 1}", "null", "42", "\"texte\"", "{",
            "{\"", "\"", "```json\n```", String(Sample.good.dropLast(1)), String(Sample.good.prefix(300)),
            String(Sample.good.prefix(60)), "{\"remarque\": null} puis " + Sample.good.prefix(200),
            String(repeating: "[", count: 200_000), String(repeating: "{\"nid\":", count: 100_000),
            "{\"nid\":" + String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "}",
        ])
    func notJSON(_ text: String) {
        #expect {
            try FicheRepair.repair(text)
        } throws: { error in
            guard case TranscriptionError.notJSON(let excerpt) = error else { return false }
            return excerpt.count <= 200
        }
    }

    @Test("an empty answer is said to be empty", arguments: ["", " \n\t", "\u{FEFF}", "\u{0}"])
    func empty(_ text: String) {
        #expect(throws: TranscriptionError.empty) { try FicheRepair.repair(text) }
    }

    @Test("an existing result with our own key is read without a correction")
    func adopted() throws {
        var object = try #require(JSONValue(parsing: Sample.good).object)
        object["nids_sync"] = ["format": 1]
        let repaired = try FicheRepair.repair(.object(object))
        #expect(repaired.corrections == [])
        #expect(try Fiche(parsing: .object(object)) == repaired.fiche)
    }

    @Test("remarks on a row that is not kept do not point at the next one")
    func remarksOnDroppedRow() throws {
        let repaired = try FicheRepair.repair(
            "{\"tableau_donnees\": [{\"Jour\": \"??\"}, {\"Jour\": 12, \"Mois\": 5}]}")
        #expect(repaired.fiche.tableauDonnees.count == 1)
        #expect(repaired.checks.filter { $0.field == "tableau_donnees" }.map(\.rule) == ["nombre_entier"])
        #expect(!repaired.checks.contains { $0.field.hasPrefix("tableau_donnees[0]") })
    }

    @Test("« 38-Isère » is a department")
    func hyphenatedDepartment() throws {
        let repaired = try FicheRepair.repair(Sample.changed("\"56\"", "\"38-Isère\""))
        #expect(!repaired.checks.contains { $0.rule == "departement" })
    }

    @Test("a hostile answer cannot make endless lists of corrections")
    func manyUnknownKeys() throws {
        let members = (0..<5_000).map { "\"x\($0)\": {\"y\": \"\($0)\"}" }.joined(separator: ",")
        let rows = (0..<5_000).map { _ in "{\"Jour\": 99}" }.joined(separator: ",")
        let repaired = try FicheRepair.repair("{\(members), \"tableau_donnees\": [\(rows)]}")
        #expect(repaired.corrections.count <= 201)
        #expect(repaired.checks.count <= 300)
        #expect(repaired.fiche.isBlank)
    }
}

extension JSONValue {
    /// The value at a path of keys and indices.
    func value(at path: [String]) -> JSONValue? {
        path.reduce(Optional(self)) { value, step in
            if let elements = value?.array {
                return Int(step).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            }
            return value?[step]
        }
    }
}
