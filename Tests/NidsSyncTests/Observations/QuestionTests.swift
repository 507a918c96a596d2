import Foundation
import Testing
import Transcriber

@testable import NidsSync

@Suite("docs/QUESTIONS.md")
struct QuestionTests {
    private static let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../docs/QUESTIONS.md").standardized.path(percentEncoded: false)

    /// The query of each question, by the database that it is for.
    private func queries(_ kind: StoreKind) throws -> [String] {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        return try text.split(separator: #/\n## \d+\. /#).dropFirst().map { section in
            let blocks = section.matches(of: #/(?:(MariaDB|SQLite) :\n\n)?```sql\n((?s:.+?));\n```/#)
            let name = kind == .sqlite ? "SQLite" : "MariaDB"
            let block = try #require(blocks.first { $0.output.1 == nil || $0.output.1.map(String.init) == name })
            #expect(blocks.count == 1 || blocks.count == 2)
            return String(block.output.2)
        }
    }

    @Test(
        "asks ten questions, each in one query, whose answers are known for sample sheets",
        arguments: StoreKind.available)
    func answers(_ kind: StoreKind) async throws {
        let queries = try queries(kind)
        #expect(queries.count == 10)
        #expect(SampleArchive.answers.count == 10)
        try await kind.withStore { store in
            try await SampleArchive.record(in: store)
            for (number, (query, expected)) in zip(queries, SampleArchive.answers).enumerated() {
                let rows = try await store.texts(query).map { $0.map(Self.plain) }
                #expect(rows == expected, "question \(number + 1)")
            }
        }
    }

    /// A number in one spelling: the databases have "4.50" and "4.5".
    private static func plain(_ value: String?) -> String? {
        guard let value, let number = Double(value) else { return value }
        return Int(exactly: number).map(String.init) ?? "\(number)"
    }
}

/// Sheets about which every answer can be told by counting on one's fingers.
private enum SampleArchive {
    private struct Sheet {
        var name: String
        var espece: String
        var annee: String?
        var altitude: String?
        var hauteur: String?
        /// Day and month of the first egg, hatching and fledging.
        var dates: [(Int, Int)?] = []
        var pondus: Int?
        var volants: Int?
        var cause: String?
        var place: (commune: String, department: String)?
        /// Month, eggs and young of each visit.
        var visits: [(Int, Int?, Int?)] = []
        var rules: [(String, String)] = []
        var reviewer: String?

        func reading(model: String = "gemini_3_flash", isPrimary: Bool = true, isTheirs: Bool = false)
            -> ObservationReading
        {
            var fiche = Fiche()
            fiche.informationsGenerales.espece = espece
            fiche.informationsGenerales.annee = annee
            fiche.localisation.altitude = altitude
            fiche.localisation.commune = place?.commune
            fiche.localisation.depT = place?.department
            fiche.nid.hautNid = hauteur
            func day(_ number: Int) -> (Int, Int)? { number < dates.count ? dates[number] : nil }
            fiche.tableauDonnees2.premierOeufPondu.jour = day(0)?.0
            fiche.tableauDonnees2.premierOeufPondu.mois = day(0)?.1
            fiche.tableauDonnees2.premierPoussinEclos.jour = day(1)?.0
            fiche.tableauDonnees2.premierPoussinEclos.mois = day(1)?.1
            fiche.tableauDonnees2.premierPoussinVolant.jour = day(2)?.0
            fiche.tableauDonnees2.premierPoussinVolant.mois = day(2)?.1
            fiche.tableauDonnees2.nombreOeufs.pondus = pondus
            fiche.tableauDonnees2.nombrePoussins.volT = volants
            fiche.causesEchec.causesDEchec = cause
            fiche.tableauDonnees = visits.map { month, eggs, young in
                var visite = Fiche.Visite()
                visite.mois = month
                visite.nombreOeuf = eggs
                visite.nombrePou = young
                return visite
            }
            return ObservationReading(
                sheet: SheetKey("jpeg/\(name).jpg"), pages: [], model: model, isPrimary: isPrimary,
                origin: isTheirs ? .personne : .modele, promptKind: .standard, fiche: fiche,
                checks: rules.map { ObservationCheck(field: "", rule: $0.0, severity: $0.1, message: "") },
                document: "{}", reviewer: isTheirs ? reviewer : nil,
                reviewedAt: isTheirs ? reviewer.map { Date(timeIntervalSince1970: $0 == "Zoé" ? 86_400 : 0) } : nil)
        }
    }

    private static let sheets = [
        Sheet(
            name: "a", espece: "Merle noir", annee: "1975", altitude: "450 m", hauteur: "1,5",
            dates: [(3, 4), (17, 4), (30, 4)], pondus: 5, volants: 4, place: ("Besançon", "25"),
            visits: [(4, 5, nil), (4, nil, 5)], rules: [("ordre", "erreur"), ("altitude", "info")]),
        Sheet(
            name: "b", espece: "MERLE NOIR", annee: "1978", altitude: "820", hauteur: "au sol",
            dates: [(10, 4), (23, 4), (6, 5)], pondus: 4, volants: 0, cause: "prédation", place: ("Besançon", "25"),
            visits: [(4, 4, nil)], rules: [("ordre", "erreur")]),
        Sheet(
            name: "c", espece: "Turdus merula", annee: "1979", altitude: "120", hauteur: "2",
            dates: [(28, 3), nil, (1, 5)], pondus: 3, volants: 0, cause: "prédation", place: ("Vif", "38"),
            visits: [(4, 3, nil), (5, 0, 0)]),
        Sheet(
            name: "d", espece: "Merle noir", annee: "1983", hauteur: "cime", dates: [(1, 5)], pondus: 4, volants: 5,
            place: ("Vif", "38")),
        Sheet(
            name: "e", espece: "Mésange bleue", annee: "1985", altitude: "1250 m", hauteur: "3",
            dates: [(20, 4), (4, 5), (23, 5)], pondus: 9, volants: 8, reviewer: "Ali"),
        Sheet(
            name: "f", espece: "Mésange bleue", annee: "1988", altitude: "1600", hauteur: "2",
            dates: [(30, 4), (13, 5), (2, 6)], pondus: 7, volants: 0, cause: "intempéries",
            visits: [(5, 7, nil), (5, nil, 7)]),
        // One of its dates is no day: it counts among the clutches, not among the dates.
        Sheet(
            name: "g", espece: "Mesange bleu", annee: "1990", altitude: "300", dates: [(31, 4)], pondus: 8,
            visits: [(4, 8, nil)]),
        Sheet(name: "h", espece: "Mésange", annee: "1991"),
        Sheet(name: "i", espece: "Xyzzy", rules: [("espece_code", "info")]),
        Sheet(name: "j", espece: "Merle noir", place: ("Besançon", "25"), reviewer: "Zoé"),
        Sheet(name: "k", espece: "Merle noir", annee: "1979", dates: [(4, 4)], reviewer: "Zoé"),
        Sheet(
            name: "l", espece: "Grive musicienne", annee: "1979", hauteur: "0", dates: [(1, 1)], pondus: 1, volants: 1),
    ]

    /// With what must not count: another model's reading, what a model read before a person, a withdrawn sheet.
    static func record(in store: any ObservationDatabase) async throws {
        for sheet in sheets { try await store.record(sheet.reading()) }
        var other = sheets[0]
        (other.espece, other.pondus, other.rules) = ("Xyzzy", 99, [("heure", "erreur")])
        try await store.record(other.reading(model: "autre", isPrimary: false))
        for name in ["e", "f", "j", "k"] {
            guard var sheet = sheets.first(where: { $0.name == name }) else { continue }
            let corrected = sheet.espece
            if name == "j" {
                sheet.espece = "Merle nor"
                try await store.record(sheet.reading())
            }
            sheet.espece = corrected
            try await store.record(sheet.reading(isTheirs: true))
        }
        try await store.withdraw(SheetKey("jpeg/l.jpg"), model: nil, reason: "gone")
    }

    static let answers: [[[String?]]] = [
        [
            ["Merle noir", "1970", "4", "03-28", "04-03", "04-10"],
            ["Merle noir", "1980", "1", "05-01", "05-01", "05-01"],
            ["Mésange bleue", "1980", "2", "04-20", "04-20", "04-30"],
        ],
        [
            ["Merle noir", "moins de 500 m", "2", "4"], ["Merle noir", "500 à 999 m", "1", "4"],
            ["Mésange bleue", "1000 à 1499 m", "1", "9"], ["Mésange bleue", "1500 m et plus", "1", "7"],
        ],
        [
            ["(aucune notée)", "3", "6", "5.67", "100"], ["prédation", "2", "3.5", "0", "0"],
            ["intempéries", "1", "7", "0", "0"],
        ],
        [
            ["jpeg/i.jpg", "Xyzzy", nil, "inconnue", nil, nil, nil],
            ["jpeg/h.jpg", "Mésange", nil, "plusieurs", nil, nil, nil],
            ["jpeg/g.jpg", "Mesange bleu", nil, "proposee", nil, "Mésange bleue", "0.909"],
        ],
        [
            ["Zoé", "2", "1970-01-02 00:00:00", "1970-01-02 00:00:00", "1"], ["(inconnu)", "1", nil, nil, "0"],
            ["Ali", "1", "1970-01-01 00:00:00", "1970-01-01 00:00:00", "0"],
        ],
        [
            [nil, nil, "1", "1979", "1979"], ["25", "Besançon", "3", "1975", "1978"],
            ["38", "Vif", "2", "1979", "1983"],
        ],
        [["Merle noir", "2", "13", "13", "13"], ["Mésange bleue", "2", "19", "19.5", "20"]],
        [["Merle noir", "3", "0", "1.2", "2", "1"], ["Mésange bleue", "2", "2", "2.5", "3", "0"]],
        [
            ["Merle noir", "4", "4", "3", "1"], ["Merle noir", "5", "1", "0", "0"],
            ["Mésange bleue", "5", "2", "1", "1"],
        ],
        [["ordre", "erreur", "2"], ["altitude", "info", "1"], ["espece_code", "info", "1"]],
    ]
}
