import Foundation
import TestSupport
import Testing
import Transcriber

@testable import NidsSync

/// A store of either kind, empty and prepared, in a place of its own.
enum StoreKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite
    case mariaDB

    var testDescription: String { rawValue }

    static var available: [StoreKind] { MariaDBServer.isInstalled ? allCases : [.sqlite] }

    /// - Parameter isPrepared: whether its tables are made.
    func withStore(
        isPrepared: Bool = true, names: NameReference = NameReference(),
        _ body: (any ObservationDatabase) async throws -> Void
    ) async throws {
        switch self {
        case .sqlite:
            let folder = NSTemporaryDirectory() + "nids-observations-\(UUID())"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let store = SQLiteObservationStore(path: folder + "/observations.sqlite", names: names)
            if isPrepared { try await store.prepare() }
            try await body(store)
        case .mariaDB:
            // Views of an earlier version can only be dropped by those who may.
            let rights = MariaDBServer.documentedRights + (isPrepared ? "" : ", DROP")
            let database = try await MariaDBServer.shared.createDatabase(rights: rights)
            let store = MariaDBObservationStore(configuration: database.configuration, names: names)
            if isPrepared { try await store.prepare() }
            try await body(store)
        }
    }
}

extension ObservationDatabase {
    /// Rows of any query, as text.
    func texts(_ sql: String) async throws -> [[String?]] {
        try await read { session in try session.rows(sql).map { $0.map(\.string) } }
    }

    /// Everything that the tables hold, ids and timestamps included.
    func contents() async throws -> [String: [[String?]]] {
        var contents: [String: [[String?]]] = [:]
        for table in [
            "nids_fiches", "nids_lectures", "nids_pages", "nids_visites", "nids_controles", "nids_equivalences",
        ] {
            contents[table] = try await texts("SELECT * FROM \(table) ORDER BY id")
        }
        return contents
    }

    /// The rows that people see, by column.
    func current(_ view: ObservationView = .fiches) async throws -> [[String: String]] {
        let rows = RowList()
        try await forEachCurrent(view) { await rows.append($0) }
        return await rows.rows.map { row in
            Dictionary(
                uniqueKeysWithValues: zip(view.columns, row).compactMap { name, value in value.map { (name, $0) } })
        }
    }
}

private actor RowList {
    var rows: [[String?]] = []

    func append(_ row: [String?]) { rows.append(row) }
}

extension SheetKey {
    init(_ path: String) { self.init(root: "Observations Media", path: Array(path.utf8)) }
}

extension ObservationReading {
    /// A reading with something in every kind of field.
    static func sample(
        _ path: String = "jpeg/TRI_ANCIEN/fiche 25.jpg", model: String = "gemini_3_flash", isPrimary: Bool = true,
        origin: Origin = .modele, espece: String = "Mésange bleue"
    ) -> ObservationReading {
        var fiche = Fiche()
        fiche.informationsGenerales.nFiche = "25"
        fiche.informationsGenerales.observateur = "O'Brien, \"Zoé\" \\ é"
        fiche.informationsGenerales.nEspece = 1462
        fiche.informationsGenerales.espece = espece
        fiche.informationsGenerales.annee = "1977"
        fiche.nid.nidPrecTMemeCPle = false
        fiche.nid.hautNid = "2.5"
        fiche.localisation.commune = "Besançon"
        fiche.localisation.depT = "2A"
        fiche.tableauDonnees2.premierOeufPondu.jour = 30
        fiche.tableauDonnees2.premierOeufPondu.mois = 4
        fiche.tableauDonnees2.premierPoussinEclos.precision = "±2"
        fiche.tableauDonnees2.premierPoussinVolant.jour = 7
        fiche.tableauDonnees2.nombreOeufs.pondus = 9
        fiche.tableauDonnees2.nombrePoussins.unDemi = 0
        fiche.remarque = "🐦🥚 œuf percé"
        var visite = Fiche.Visite()
        visite.jour = 30
        visite.mois = 5
        visite.heure = 14
        visite.nombreOeuf = 9
        visite.observations = "couve"
        fiche.tableauDonnees = [visite, visite]
        fiche.tableauDonnees[1].jour = 31
        fiche.tableauDonnees[1].observations = nil
        return ObservationReading(
            sheet: SheetKey(path), pages: [Page(path: Array(path.utf8), sha256: String(repeating: "a", count: 64))],
            model: model, providerModel: "gemini-3-flash-preview", isPrimary: isPrimary, origin: origin,
            promptKind: .ancien, promptVersion: "3", transcribedAt: Date(timeIntervalSince1970: 1_780_149_662),
            resultPath: "transcription_results/\(path).json", resultETag: "\"abc\"", fiche: fiche,
            checks: [ObservationCheck(field: "annee", rule: "siecle", severity: "doute", message: "77 lu 1977")],
            document: "{\"remarque\": null}")
    }
}

extension ObservationDatabase {
    /// The same database, seen with other lists.
    func with(_ names: NameReference) -> any ObservationDatabase {
        switch self {
        case let store as SQLiteObservationStore: SQLiteObservationStore(path: store.path, names: names)
        case let store as MariaDBObservationStore:
            MariaDBObservationStore(configuration: store.configuration, names: names)
        default: self
        }
    }
}
