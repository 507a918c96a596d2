import Foundation
import GRDB
import MariaDB
import NidsSync
import TestSupport
import Transcriber

/// Recording many sheets, beside a loader that only inserts the rows that came of it, with the same transactions.
struct RecordingSection {
    let sheets: Int

    func run(_ report: inout Report) async throws {
        var table = Table(
            title: "Recording",
            note:
                "\(sheets) sheets of six visits, one page and two checks each, a transaction a sheet; the loader inserts "
                + "the rows that recording made, with prepared statements, and looks nothing up.",
            columns: ["database", "recording", "plain loader", "recording / loader", "sheets a second"])
        let folder = try TemporaryDirectory()
        let file = folder.file("observations.sqlite")
        let recorded = try await time(SQLiteObservationStore(path: file))
        let copy = folder.file("copy.sqlite")
        try await SQLiteObservationStore(path: copy).prepare()
        judge("SQLite", recorded, try SQLiteLoader(from: file, to: copy).load(), &table, &report)
        if MariaDBServer.isInstalled {
            let server = MariaDBServer(options: [
                "--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=256M", "--innodb-log-file-size=96M",
            ])
            let (first, second) = (try await server.createDatabase(), try await server.createDatabase())
            let recorded = try await time(MariaDBObservationStore(configuration: Self.configuration(first)))
            try await MariaDBObservationStore(configuration: Self.configuration(second)).prepare()
            let loaded = try await MariaDBLoader(from: Self.configuration(first), to: Self.configuration(second)).load()
            judge("MariaDB", recorded, loaded, &table, &report)
            await server.remove()
        }
        report.show(table)
    }

    private func judge(
        _ database: String, _ recorded: Double, _ loaded: Double, _ table: inout Table, _ report: inout Report
    ) {
        table.add(
            database, Shown.seconds(recorded), Shown.seconds(loaded), Shown.times(recorded / loaded),
            Shown.fixed(Double(sheets) / recorded, 0))
        report.judge(
            "recording in \(database) / a plain loader", target: "under 1.5 x",
            measured: Shown.times(recorded / loaded),
            recorded < 1.5 * loaded)
    }

    private func time(_ store: any ObservationStore) async throws -> Double {
        try await store.prepare()
        let began = ContinuousClock.now
        for number in 0..<sheets { try await store.record(Self.reading(number)) }
        return began.duration(to: .now) / .seconds(1)
    }

    private static func configuration(_ database: MariaDBServer.Database) -> MariaDBConfiguration {
        MariaDBConfiguration(
            host: database.host, port: database.port, name: database.name, user: database.user,
            password: database.password)
    }

    private static let species = [
        "Mésange bleue", "Merle noir", "Hirondelle rustique", "Rouge-gorge familier", "Merle noit",
    ]

    private static func reading(_ number: Int) -> ObservationReading {
        var fiche = Fiche()
        fiche.informationsGenerales.nFiche = "\(number)"
        fiche.informationsGenerales.espece = species[number % species.count]
        fiche.informationsGenerales.annee = "\(1960 + number % 60)"
        fiche.informationsGenerales.observateur = "Claire Modèle"
        fiche.nid.hautNid = "2.5"
        fiche.localisation.commune = "Saint-Étienne-de-Saint-Geoirs"
        fiche.localisation.depT = "38"
        fiche.localisation.altitude = "390"
        fiche.localisation.paysage = "Bocage, prairies et vergers"
        fiche.tableauDonnees2.premierOeufPondu.jour = 1 + number % 30
        fiche.tableauDonnees2.premierOeufPondu.mois = 4
        fiche.tableauDonnees = (0..<6).map { visit in
            var visite = Fiche.Visite()
            visite.jour = 1 + (number + visit * 4) % 30
            visite.mois = 4 + visit / 3
            visite.nombreOeuf = visit
            visite.observations = "femelle couve"
            return visite
        }
        let path = "jpeg/TRI_ANCIEN/dossier \(number / 100)/fiche \(number)FINAL.jpg"
        return ObservationReading(
            sheet: SheetKey(root: "Observations Media", path: Array(path.utf8)),
            pages: [.init(path: Array(path.utf8), sha256: String(repeating: "a", count: 64))], model: "gemini_3_flash",
            isPrimary: true, promptKind: .ancien, promptVersion: "1",
            transcribedAt: Date(timeIntervalSince1970: 1_780_149_662), resultPath: "transcription_results/\(path).json",
            fiche: fiche,
            checks: [
                ObservationCheck(field: "localisation.dep_t", rule: "departement", severity: "info", message: "38"),
                ObservationCheck(
                    field: "tableau_donnees[2]", rule: "visites_ordre", severity: "avertissement",
                    message: "vient après"),
            ], document: JSONValue(fiche).serialized(.canonical))
    }
}

/// The tables in the order in which their rows can be inserted, and the column that says whose a row is.
private let tables = [
    ("nids_fiches", "id"), ("nids_lectures", "fiche_id"), ("nids_visites", "lecture_id"), ("nids_pages", "lecture_id"),
    ("nids_controles", "lecture_id"),
]

private func insertion(_ table: String, _ columns: Int) -> String {
    "INSERT INTO \(table) VALUES (\(Array(repeating: "?", count: columns).joined(separator: ", ")))"
}

private struct SQLiteLoader {
    let from: String
    let to: String

    func load() throws -> Double {
        let source = try DatabaseQueue(path: from)
        var sheets: [Int64: [(String, StatementArguments)]] = [:]
        try source.read { db in
            for (table, owner) in tables {
                for row in try Row.fetchAll(db, sql: "SELECT * FROM \(table) ORDER BY id") {
                    let values = Array(row.databaseValues)
                    sheets[row[owner] ?? 0, default: []].append(
                        (insertion(table, values.count), StatementArguments(values)))
                }
            }
        }
        let target = try DatabasePool(path: to)
        try target.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        let began = ContinuousClock.now
        for (_, rows) in sheets.sorted(by: { $0.key < $1.key }) {
            try target.write { db in
                for (sql, arguments) in rows { try db.cachedStatement(sql: sql).execute(arguments: arguments) }
            }
        }
        return began.duration(to: .now) / .seconds(1)
    }
}

private struct MariaDBLoader {
    let from: MariaDBConfiguration
    let to: MariaDBConfiguration

    func load() async throws -> Double {
        let source = MariaDBConnection(from)
        try await source.open()
        var sheets: [Int64: [(String, [MariaDBValue])]] = [:]
        for (table, owner) in tables {
            for row in try await source.query("SELECT * FROM \(table) ORDER BY id") {
                sheets[row[owner]?.int ?? 0, default: []].append((insertion(table, row.values.count), row.values))
            }
        }
        let target = MariaDBConnection(to)
        try await target.open()
        let began = ContinuousClock.now
        for (_, rows) in sheets.sorted(by: { $0.key < $1.key }) {
            try await target.transaction { session in
                for (sql, values) in rows { try session.execute(sql, values) }
            }
        }
        return began.duration(to: .now) / .seconds(1)
    }
}
