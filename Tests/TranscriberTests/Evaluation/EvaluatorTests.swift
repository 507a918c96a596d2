import Foundation
import Testing

@testable import Transcriber

@Suite("Scoring results against truth files")
struct EvaluatorTests {
    /// A folder of the test, filled with these files.
    private func folder(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "evaluate-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: url) }
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (name, text) in files {
            let file = url.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try await body(url.path)
    }

    private func list(_ numbers: Int...) -> [Int] { numbers }

    private func outcome(_ folder: String, truth: String? = nil) throws -> Evaluator.Outcome {
        try Evaluator(EvaluationFiles(folder: folder, truth: truth)).scoreResults()
    }

    private func sheet(_ change: (inout Fiche) -> Void) -> String {
        var fiche = Fiche()
        change(&fiche)
        return JSONValue(fiche).serialized()
    }

    private func visit(_ jour: Int, _ mois: Int, eggs: Int? = nil, note: String? = nil) -> Fiche.Visite {
        var visite = Fiche.Visite()
        (visite.jour, visite.mois, visite.nombreOeuf, visite.observations) = (jour, mois, eggs, note)
        return visite
    }

    /// 33 fields of the form and 14 of two visits, of which 10 are written.
    private var truth: String {
        sheet {
            $0.informationsGenerales.espece = "Merle noir"
            $0.informationsGenerales.annee = "1977"
            $0.localisation.commune = "L'Haÿ-les-Roses"
            $0.nid.hautNid = "2.5"
            $0.tableauDonnees = [visit(3, 5, eggs: 4), visit(9, 5, eggs: 5)]
        }
    }

    /// Of the 10 written: 4 exact, 2 right but for spelling, 1 wrong, 3 missed with the second visit; invented are
    /// the department and a visit of two values.
    private var reading: String {
        sheet {
            $0.informationsGenerales.espece = "merle noir"
            $0.informationsGenerales.annee = "1977"
            $0.localisation.commune = "L’Hay-les-Roses"
            $0.localisation.depT = "94"
            $0.nid.hautNid = "2,5"
            $0.tableauDonnees = [visit(3, 5, eggs: 4), visit(8, 5)]
        }
    }

    @Test("by folder, each preparation of the sheets is scored by itself against the same truth")
    func byFolder() async throws {
        let files = [
            "FUSION_FULL/f.truth.json": truth, "transcription_results/FUSION_FULL/m/f_result.json": truth,
            "transcription_results/blur/m/f_result.json": reading,
        ]
        try await folder(files) { folder in
            let evaluator = Evaluator(try EvaluationFiles(folder: folder))
            #expect(try evaluator.scoreResults().problems.count == 1)
            let outcome = try evaluator.scoreResults(byFolder: true)
            #expect(outcome.problems == [])
            #expect(outcome.evaluation.models == ["m FUSION_FULL", "m blur"])
            #expect(outcome.evaluation.tally(of: "m FUSION_FULL").rightShare == 1)
            #expect(outcome.evaluation.tally(of: "m blur").rightShare == 0.6)
        }
    }

    @Test("counts what is exact, right, wrong, missed and invented, in all, by kind and by field")
    func counts() async throws {
        try await folder(["f.truth.json": truth, "transcription_results/m/f_result.json": reading]) { folder in
            let outcome = try outcome(folder)
            #expect(outcome.problems == [])
            let evaluation = outcome.evaluation
            #expect(evaluation.models == ["m"])
            let all = evaluation.tally(of: "m")
            #expect(list(all.all, all.written, all.exact, all.normalised) == [47, 10, 4, 2])
            #expect(list(all.wrong, all.missed, all.invented) == [1, 3, 3])
            #expect(all.exactShare == 0.4)
            #expect(all.rightShare == 0.6)
            #expect(all.missedShare == 0.3)
            #expect(all.inventedShare == 3.0 / 47)

            let dates = evaluation.tally(of: "m", in: .dates)
            // The year, six of the summary, and day, month and hour of two visits.
            #expect(list(dates.all, dates.written, dates.exact, dates.missed, dates.invented) == [13, 5, 3, 2, 2])
            let species = evaluation.tally(of: "m", in: .species)
            #expect(list(species.all, species.written, species.exact, species.normalised) == [2, 1, 0, 1])
            let places = evaluation.tally(of: "m", in: .places)
            #expect(list(places.all, places.written, places.wrong, places.invented) == [4, 1, 1, 1])
            let numbers = evaluation.tally(of: "m", in: .numbers)
            #expect(list(numbers.written, numbers.exact, numbers.normalised, numbers.missed) == [3, 1, 1, 1])
            #expect(evaluation.tally(of: "m", in: .text).written == 0)
            #expect(FieldGroup.allCases.map { evaluation.tally(of: "m", in: $0).all }.reduce(0, +) == 47)

            let eggs = evaluation.tally(of: "m", field: "tableau_donnees[].Nombre_oeuf")
            #expect(list(eggs.all, eggs.exact, eggs.missed) == [2, 1, 1])
            #expect(evaluation.fields.first == "informations_generales.n_fiche")
            #expect(evaluation.fields.last == "remarque")
        }
    }

    @Test("shows the counts as a table, as CSV and as JSON")
    func output() async throws {
        try await folder(["f.truth.json": truth, "m,1/f_result.json": reading]) { folder in
            let evaluation = try outcome(folder).evaluation
            let line = try #require(evaluation.table.split(separator: "\n").first { $0.hasPrefix("m,1") })
            let cells = line.split(separator: " ").map(String.init)
            #expect(
                cells == [
                    "m,1", "all", "1", "47", "10", "40.0", "%", "60.0", "%", "10.0", "%", "30.0", "%", "3", "(6.38",
                    "%)",
                ])
            #expect(evaluation.table.contains("localisation.dep_t"))
            let csv = evaluation.csv.split(separator: "\r\n")
            #expect(
                csv.first
                    == "model,scope,name,sheets,fields,written,exact,normalised,wrong,missed,invented,exact_share,right_share,missed_share,invented_share"
            )
            #expect(csv.dropFirst().first == "\"m,1\",all,,1,47,10,4,2,1,3,3,0.4,0.6,0.3,0.0638")
            // The head, all, five kinds, 33 fields and 7 of a visit.
            #expect(csv.count == 1 + 1 + 5 + 40)
            let json = try JSONValue(parsing: evaluation.json.serialized())
            let model = try #require(json["models"]?["m,1"])
            #expect(model["all"]?["right_share"] == 0.6)
            #expect(model["kinds"]?["species"]?["normalised"] == 1)
            #expect(model["kinds"]?["text"]?["exact_share"] == .null)
            #expect(model["fields"]?["localisation.dep_t"]?["invented"] == 1)
            #expect(model["by_sheet"]?.array?.first?["sheet"] == "f.truth.json")
            #expect(evaluation.differences.split(separator: "\n").count == 7)
            #expect(evaluation.differences.contains("tableau_donnees[+1].Jour  invented  no such row -> 8"))
        }
    }

    @Test("finds truth files under each of their names, and each model's results")
    func names() async throws {
        let files = [
            "a.truth.json": truth, "sub/b_truth.json": truth, "truth/c.json": truth, "jpeg/d.json": truth,
            "jpeg/d.jpg": "", "jpeg/e.json": truth, "jpeg/eR.JPG": "", "jpeg/eV.jpg": "", "unrelated.json": "{}",
            "r/m1/a_result.json": truth, "r/m1/b_result.json": truth, "r/m1/c_result.json": truth,
            "r/m2/d_result.json": truth, "r/m2/e_result.json": truth, "r/m2/e_raw.json": "no JSON",
            "r/m2/z_result.json": truth,
        ]
        try await folder(files) { folder in
            let outcome = try outcome(folder)
            #expect(outcome.problems == [])
            #expect(outcome.evaluation.models == ["m1", "m2"])
            #expect(outcome.evaluation.sheetCount(of: "m1") == 3)
            #expect(outcome.evaluation.sheetCount(of: "m2") == 2)
            #expect(outcome.missing["m1"] == ["jpeg/d.json", "jpeg/e.json"])
            #expect(outcome.evaluation.tally(of: "m1").rightShare == 1)
        }
    }

    @Test("of several truth files with one stem the one in the same folder is meant")
    func sameStem() async throws {
        let other = sheet { $0.remarque = "autre" }
        let files = [
            "jpeg/A/f.truth.json": truth, "jpeg/B/f.truth.json": other,
            "transcription_results/jpeg/A/m/f_result.json": truth,
            "transcription_results/jpeg/B/m/f_result.json": other,
            "transcription_results/jpeg/C/m/f_result.json": other,
        ]
        try await folder(files) { folder in
            let outcome = try outcome(folder)
            #expect(outcome.evaluation.sheetCount(of: "m") == 2)
            #expect(outcome.evaluation.tally(of: "m").rightShare == 1)
            #expect(outcome.problems.count == 1)
            #expect(outcome.problems.first?.contains("jpeg/C") == true)
        }
    }

    @Test("the truth may lie elsewhere, names may be NFD, and a result may have its scan's whole name")
    func elsewhere() async throws {
        try await folder(["e\u{301}t\u{E9}.json": truth, "g.json": truth, "list.json": "[1]"]) { truthFolder in
            let files = ["m/\u{E9}te\u{301}_result.json": truth, "m/g.jpg_result.json": "\u{FEFF}" + truth]
            try await folder(files) { folder in
                let outcome = try outcome(folder, truth: truthFolder)
                #expect(outcome.evaluation.sheetCount(of: "m") == 2)
                #expect(outcome.problems == [])
            }
        }
    }

    @Test("what is missing is said: no folder, no truth, no results, none that match")
    func nothing() async throws {
        #expect(throws: EvaluationError.notAFolder("/nonexistent")) { try EvaluationFiles(folder: "/nonexistent") }
        try await folder(["m/f_result.json": truth]) { folder in
            #expect(throws: EvaluationError.noTruth(folder)) { try EvaluationFiles(folder: folder) }
        }
        try await folder(["f.truth.json": truth]) { folder in
            #expect(throws: EvaluationError.noResults(folder)) { try outcome(folder) }
            await #expect(throws: EvaluationError.noScans(folder)) {
                try await Evaluator(EvaluationFiles(folder: folder)).scoreScans(with: Parrot(text: "{}"))
            }
        }
        try await folder(["f.truth.json": truth, "m/g_result.json": truth]) { folder in
            #expect(
                throws: EvaluationError.nothingMatches(
                    results: 1, truths: 1, exampleResult: "m/g_result.json", exampleTruth: "f.truth.json")
            ) { try outcome(folder) }
        }
    }

    @Test("a result that is no JSON is a problem of that sheet alone")
    func brokenResult() async throws {
        let files = ["f.truth.json": truth, "g.truth.json": truth, "m/f_result.json": truth, "m/g_result.json": "{"]
        try await folder(files) { folder in
            let outcome = try outcome(folder)
            #expect(outcome.evaluation.sheetCount(of: "m") == 1)
            #expect(outcome.problems == ["m/g_result.json: not a JSON document"])
        }
    }

    /// Reads every sheet alike.
    private struct Parrot: Engine {
        let label = "parrot"
        let text: String

        func transcribe(_ request: TranscriptionRequest) async throws(TranscriptionError) -> EngineAnswer {
            guard request.pages.count == 2 else { throw .unreadable(reason: "not two pages") }
            return EngineAnswer(text: text, providerModel: "parrot 1")
        }
    }

    @Test("an engine reads the scans that belong to the truth files, recto and verso as one sheet")
    func engine() async throws {
        let jpeg = "\u{FF}\u{D8}\u{FF}"
        let files = [
            "f.truth.json": truth, "g.truth.json": truth, "h.truth.json": truth, "i.truth.json": truth,
            "f-R.jpg": "%PDF-1.4", "f-V.pdf": "%PDF-1.4", "g.pdf": "%PDF-1.4", "h_recto.jpg": jpeg,
            "h_verso.jpg": "text",
        ]
        try await folder(files) { folder in
            let outcome = try await Evaluator(EvaluationFiles(folder: folder)).scoreScans(with: Parrot(text: reading))
            #expect(outcome.evaluation.sheetCount(of: "parrot") == 1)
            // What the engine says is put into the result's form first: "2,5" is written "2.5".
            #expect(outcome.evaluation.tally(of: "parrot").exact == 5)
            #expect(outcome.problems.count == 2)
            #expect(outcome.problems.first == "g.truth.json: not two pages")
            #expect(outcome.missing["parrot"] == ["i.truth.json"])
        }
    }
}
