import Testing

@testable import Transcriber

@Suite("Characters that nothing can hold")
struct StorableTextTests {
    private static let answer = #"""
        {"remarque": "nid\u0000 vu\u0008 \uD800 là\uFFFF", "localisation": {"commune": "Voiron"}}
        """#

    @Test("they are taken out of a value before anything is stored, and named once for each field")
    func removed() throws {
        let repaired = try FicheRepair.repair(Self.answer)
        #expect(repaired.fiche.remarque == "nid vu \u{FFFD} là")
        #expect(repaired.corrections.contains { $0.hasPrefix("remarque : caractères") })
        #expect(repaired.corrections.contains { $0.contains("demi-caractère") })
        #expect(repaired.checks.contains { $0.field == "remarque" && $0.rule == "caractere_perdu" })
        // The same from a document, as a result file is adopted.
        let again = try FicheRepair.repair(JSONValue(parsing: #"{"remarque": "a\u0000b", "nid": {}}"#))
        #expect(again.fiche.remarque == "ab")
        #expect(again.corrections.contains { $0.hasPrefix("remarque : caractères") })
        #expect(
            again.checks.contains { $0.field == "remarque" && $0.rule == "caractere_perdu" }, "the row says so, too")
    }

    @Test("an answer's text holds no U+0000, and says the same as before")
    func answerText() throws {
        let answer = EngineAnswer(text: "{\"remarque\": \"a\0b\"}", providerModel: "m\0")
        #expect(!answer.text.utf8.contains(0))
        #expect(answer.providerModel == "m")
        #expect(try FicheRepair.repair(answer.text).fiche.remarque == "ab")
    }

    @Test("no remark and no correction holds them either")
    func remarks() throws {
        let repaired = try FicheRepair.repair(
            #"{"annee": "x\u0000y", "incon\u0000nu": "z\u0001", "nid": {"nid": "é"}, "nid": {"nid": "è\u0000"}}"#)
        let words = repaired.corrections + repaired.checks.flatMap { [$0.field, $0.message] }
        #expect(!words.isEmpty)
        #expect(words.allSatisfy { !$0.unicodeScalars.contains { $0.value < 0x20 } })
        for text in ["no \0 JSON", "{\0}"] {
            do throws(TranscriptionError) {
                _ = try FicheRepair.repair(text)
                Issue.record("\(text) is no sheet")
            } catch {
                guard case .notJSON(let excerpt) = error else { continue }
                #expect(!excerpt.utf8.contains(0))
            }
        }
    }

    @Test(
        "letters of a wrong encoding and undecoded escapes are doubts",
        arguments: [
            ("chevÃªche", "encodage"), ("haie Ã\u{A0} gauche", "encodage"), ("lâ€™arbre", "encodage"),
            ("Å“ufs", "encodage"), ("20 Â°C", "encodage"), (#"ch\u00eane"#, "caractere_code"),
            ("ch&ecirc;ne", "caractere_code"), ("ch&#234;ne", "caractere_code"), (#"ch\xeane"#, "caractere_code"),
            ("ch\u{FFFD}ne", "caractere_perdu"), ("ch&#xEA;ne", "caractere_code"), (#"ch\u{ea}ne"#, "caractere_code"),
            ("ch%C3%AAne", "caractere_code"), ("ch√™ne", "encodage"), ("ch├¬ne", "encodage"), ("ï»¿nid", "encodage"),
        ])
    func doubts(text: String, rule: String) {
        var fiche = Fiche()
        fiche.nid.nid = text
        var visite = Fiche.Visite()
        visite.observations = text
        fiche.tableauDonnees = [visite]
        let checks = FicheChecks.checks(for: fiche, promptKind: .standard).filter { $0.rule == rule }
        #expect(checks.map(\.field) == ["nid.nid", "tableau_donnees[0].observations"])
        #expect(checks.allSatisfy { $0.severity == .avertissement })
    }

    @Test(
        "French as it is written is no doubt",
        arguments: [
            "chêne à 3 m, « près de l’étang »", "ÉTÉ\u{A0}: 2 œufs", "« É »", "« FÉE É»", "20 °C", "Â gauche", "PÂTIS",
            "C:\\nids", "R&D; a & b", "n° 5; 6", "100 %C", "50%", "√ 2", "haie & 3;", "Šárka – 100 €", "Ça", "ÀÉÈ",
        ])
    func french(text: String) {
        var fiche = Fiche()
        fiche.remarque = text
        let rules = FicheChecks.checks(for: fiche, promptKind: .standard).map(\.rule)
        #expect(!rules.contains("encodage") && !rules.contains("caractere_code") && !rules.contains("caractere_perdu"))
    }
}
