import Foundation
import Synchronization
import Testing

@testable import Transcriber

@Suite("What a table of visits says against itself")
struct TableChecksTests {
    private func checks(_ dates: [(Int?, Int?)], hours: [Int?] = []) -> [Check] {
        var fiche = Fiche()
        fiche.tableauDonnees = dates.map { day, month in
            var visite = Fiche.Visite()
            (visite.jour, visite.mois) = (day, month)
            return visite
        }
        for (index, hour) in hours.enumerated() { fiche.tableauDonnees[index].heure = hour }
        return FicheChecks.checks(for: fiche, promptKind: .standard, currentYear: 2026)
    }

    private func lone(_ dates: (Int?, Int?)...) -> [String] {
        checks(dates).filter { ["mois_isole", "visites_ordre"].contains($0.rule) }.map { check in
            "\(check.rule) \(check.field) \(check.message.components(separatedBy: "sans doute ").last ?? "")"
        }
    }

    @Test("one month that breaks an otherwise ordered table is named, with the likely one")
    func loneMonth() {
        #expect(lone((12, 5), (20, 8), (25, 5), (30, 5)) == ["mois_isole tableau_donnees[1].Mois mois 5"])
        #expect(lone((12, 5), (20, 3), (25, 5), (30, 5)) == ["mois_isole tableau_donnees[1].Mois mois 5"])
        #expect(lone((12, 8), (20, 5), (25, 5), (2, 6)) == ["mois_isole tableau_donnees[0].Mois mois 5"])
        #expect(lone((25, 8), (20, 5), (25, 5), (2, 6)) == ["mois_isole tableau_donnees[0].Mois mois 4"])
        #expect(lone((12, 5), (20, 5), (2, 6), (9, 1)) == ["mois_isole tableau_donnees[3].Mois mois 6"])
        #expect(lone((12, 5), (nil, nil), (20, 8), (nil, 5), (30, 5)) == ["mois_isole tableau_donnees[2].Mois mois 5"])
        #expect(
            lone((12, 4), (20, 9), (25, 6), (30, 6), (1, 7)) == [
                "mois_isole tableau_donnees[1].Mois un mois entre 4 et 6"
            ])
        #expect(
            lone((12, 4), (15, 4), (20, 9), (25, 5), (30, 6)) == ["mois_isole tableau_donnees[2].Mois mois 4 ou 5"])
    }

    @Test("where it cannot be told which month is wrong, the order is named as before")
    func order() {
        // 20/6 may be 20/5 as well as 25/5 may be 25/6.
        #expect(lone((12, 5), (20, 6), (25, 5), (30, 6)).map { $0.prefix(13) } == ["visites_ordre"])
        #expect(lone((12, 5), (20, 8), (25, 5), (30, 8), (2, 5)).map { $0.prefix(13) }.contains("visites_ordre"))
        #expect(lone((12, 5), (20, 4), (25, 5)).map { $0.prefix(13) } == ["visites_ordre"])
        #expect(lone((12, 5), (20, 5), (25, 5), (30, 5)) == [])
        // Within one month a day may be wrong as well, but where the month was not moved on.
        #expect(lone((30, 5), (29, 5), (30, 5), (31, 5)).map { $0.prefix(13) } == ["visites_ordre"])
        #expect(lone((12, 5), (20, 5), (2, 5), (9, 6)) == ["mois_isole tableau_donnees[2].Mois mois 6"])
        #expect(lone((12, 5), (11, 5), (10, 5), (9, 5)).allSatisfy { $0.hasPrefix("visites_ordre") })
    }

    @Test("a column of hours that are nearly all 1 is named")
    func hours() {
        let dates = (1...6).map { (Optional($0), Optional(5)) }
        func rules(_ hours: [Int?]) -> [String] {
            checks(dates, hours: hours).map(\.rule).filter { $0 == "heures_a_une" }
        }
        #expect(rules([1, 1, 1, 1, 1, 1]).count == 1)
        #expect(rules([1, 1, nil, 1, 1, 14]).count == 1)
        #expect(rules([1, 1, 1, 9, 10, 14]).isEmpty)
        #expect(rules([1, 1, 1, nil, nil, nil]).isEmpty)
        #expect(rules([8, 9, 10, 11, 12, 13]).isEmpty)
    }

    @Test("a day without its month is a greater doubt in the summary than in the table")
    func dayWithoutMonth() {
        var fiche = Fiche()
        fiche.tableauDonnees2.premierOeufPondu.jour = 7
        var visite = Fiche.Visite()
        visite.jour = 3
        fiche.tableauDonnees = [visite]
        let checks = FicheChecks.checks(for: fiche, promptKind: .standard).filter { $0.rule == "jour_sans_mois" }
        #expect(checks.map(\.severity) == [.info, .avertissement])
        #expect(checks.map(\.field) == ["tableau_donnees[0].Mois", "tableau_donnees_2.1er_o_pondu.Mois"])
    }

    private static let new = ["mois_isole", "heures_a_une", "jour_sans_mois"]

    @Test("no sample sheet is marked falsely")
    func samples() throws {
        for paper in try SampleSheets.truths() {
            let checks = try FicheRepair.repair(paper).checks.filter { Self.new.contains($0.rule) }
            #expect(checks == [])
        }
    }

    /// `NIDS_TEST_SAMPLES` names a folder of truth files and scans: how many of each get the new checks, is printed.
    @Test(
        "of other samples, the truth files are not marked either",
        .enabled(if: ProcessInfo.processInfo.environment["NIDS_TEST_SAMPLES"] != nil))
    func otherSamples() async throws {
        let folder = ProcessInfo.processInfo.environment["NIDS_TEST_SAMPLES"] ?? ""
        let evaluator = Evaluator(try EvaluationFiles(folder: folder))
        for truth in evaluator.files.truths {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: truth.path))
            guard let paper = try? JSONValue(parsing: bytes),
                let reading = try? FicheRepair.repair(paper, promptKind: PromptKind(path: truth.name))
            else { continue }
            let evidence = ReviewEvidence(reading.fiche, checks: reading.checks)
            let rules = reading.checks.map(\.rule).filter { Self.new.contains($0) }
            print("truth \(truth.name): priority \(evidence.priority) \(reading.checks.map(\.rule)) new: \(rules)")
            #expect(rules == [], "\(truth.name)")
        }
        let engine = ListeningEngine(engine: TesseractEngine())
        let outcome = try await evaluator.scoreScans(with: engine)
        for answer in engine.answers.withLock({ $0 }) {
            let reading = try FicheRepair.repair(answer)
            print("tesseract: new: \(reading.checks.map(\.rule).filter { Self.new.contains($0) })")
        }
        print(outcome.evaluation.reviewText)
    }
}

/// An engine whose answers are kept.
private final class ListeningEngine: Engine {
    let engine: any Engine
    let answers = Mutex<[String]>([])
    var label: String { engine.label }

    init(engine: any Engine) { self.engine = engine }

    func transcribe(_ request: TranscriptionRequest) async throws(TranscriptionError) -> EngineAnswer {
        let answer = try await engine.transcribe(request)
        answers.withLock { $0.append(answer.text) }
        return answer
    }
}
