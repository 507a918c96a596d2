import Testing

@testable import Transcriber

@Suite("Scoring a reading")
struct FicheScoreTests {
    private func outcome(_ read: JSONValue, _ truth: JSONValue) -> FicheScore.Outcome? {
        FicheScore.compare(read: ["x": read], truth: ["x": truth]).fields.first?.outcome
    }

    @Test("tells the five outcomes, and blanks, apart")
    func outcomes() {
        #expect(outcome("a", "a") == .exact)
        #expect(outcome("A. ", "a") == .normalised)
        #expect(outcome("b", "a") == .wrong)
        #expect(outcome(nil, "a") == .missed)
        #expect(outcome("a", nil) == .invented)
        #expect(outcome(nil, nil) == .bothBlank)
    }

    @Test("holds spellings of one value to be equal")
    func normalisation() {
        #expect(outcome("2,5", "2.5") == .normalised)
        #expect(outcome("5", 5) == .normalised)
        #expect(outcome("Œufs  froids", "oeufs froids") == .normalised)
        #expect(outcome("l’œuf", "l'œuf") == .normalised)
        #expect(outcome("e\u{301}t\u{E9}", "\u{E9}te\u{301}") == .exact)
        #expect(outcome("2.5", "25") == .wrong)
        #expect(outcome(false, nil) == .invented)
        #expect(outcome(0, nil) == .invented)
    }

    @Test("matches visits by month and day, in order")
    func visits() {
        func visit(_ day: Int, _ month: Int, _ eggs: JSONValue) -> JSONValue {
            ["Jour": .integer(day), "Mois": .integer(month), "Nombre_oeuf": eggs]
        }
        let truth: JSONValue = ["t": [visit(1, 5, 2), visit(3, 5, nil), visit(9, 5, 4)]]
        let read: JSONValue = ["t": [visit(1, 5, 2), visit(2, 5, 7), visit(9, 5, 3)]]
        let score = FicheScore.compare(read: read, truth: truth)
        #expect(score.all == 9)
        #expect(score.nonNull == 8)
        #expect(score.right == 5)
        #expect(score.wrong == 1)
        #expect(score.missed == 2)
        #expect(score.invented == 3)
        #expect(score.fields.contains { $0.path == "t[+1].Nombre_oeuf" && $0.expected == nil })
        #expect(score.fields.contains { $0.path == "t[2].Nombre_oeuf" && $0.outcome == .wrong })
    }

    @Test("a sheet scored against itself is all right, and our own key is left out")
    func itself() {
        var fiche = Fiche()
        fiche.informationsGenerales.espece = "Merle noir"
        fiche.tableauDonnees = [Fiche.Visite()]
        let document = JSONValue(fiche)
        var object = document.object ?? JSONObject()
        object["nids_sync"] = ["version": 1]
        let score = FicheScore.compare(read: .object(object), truth: document)
        #expect(score.accuracy == 1)
        #expect(score.invented == 0)
        #expect(score.nonNull == 1)
    }
}
