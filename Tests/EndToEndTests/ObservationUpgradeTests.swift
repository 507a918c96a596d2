import Foundation
import MariaDB
import NextcloudStandIn
import TestSupport
import Testing

@testable import NidsSync

@Suite("an archive recorded by version 1", .serialized)
struct ObservationUpgradeTests {
    /// `NIDS_TEST_UPGRADE_SHEETS=20000` is the size of a real archive, and takes minutes to make.
    private static let sheets =
        ProcessInfo.processInfo.environment["NIDS_TEST_UPGRADE_SHEETS"].flatMap { Int($0) } ?? 4000

    @Test("is upgraded to the same rows, killed three times on the way, in SQLite")
    func sqlite() async throws {
        try await Site<NextcloudStandIn>.run { site in
            try FileManager.default.createDirectory(atPath: site.state, withIntermediateDirectories: true)
            let other = SQLiteObservationStore(path: site.folder.file("undisturbed.sqlite"))
            let store = SQLiteObservationStore(path: site.databaseFile)
            try await upgrade(site, store, undisturbed: other, with: [:])
        }
    }

    @Test(
        "is upgraded to the same rows, killed three times on the way, in MariaDB",
        .enabled(if: MariaDBServer.isInstalled))
    func mariaDB() async throws {
        let server = MariaDBServer.shared
        try await Site<NextcloudStandIn>.run { site in
            let databases = [try await server.createDatabase(), try await server.createDatabase()]
            for database in databases {
                try await server.sql("GRANT DROP ON \(database.name).* TO \(database.user)@'%'")
            }
            let stores = databases.map { MariaDBObservationStore(configuration: $0.configuration) }
            try await upgrade(site, stores[0], undisturbed: stores[1], with: databases[0].variables)
        }
    }

    private func upgrade(
        _ site: Site<NextcloudStandIn>, _ store: any ObservationDatabase, undisturbed: any ObservationDatabase,
        with variables: [String: String?]
    ) async throws {
        for one in [store, undisturbed] { try await ArchiveOfVersion1.make(sheets: Self.sheets, in: one) }
        try await undisturbed.prepare()
        try site.putScans("jpeg/z.jpg")
        let began = ContinuousClock.now
        for share in [10, 40, 75] {
            let outcome = try await site.run("--once", with: variables) { program in
                try await soon("\(share) % are computed") {
                    guard let rows = try? await texts(store, ArchiveOfVersion1.pending), let rest = rows.first?[0]
                    else {
                        return false
                    }
                    return (Int(rest) ?? 0) < Self.sheets * (100 - share) / 100
                }
                try program.send(SIGKILL)
            }
            outcome.expect(status: 137)
            #expect(try await texts(store, ArchiveOfVersion1.pending) != [["0"]], "killed too late")
        }
        let last = try await site.run("--once", "--json", with: variables)
        print("\(Self.sheets) sheets of version 1, upgraded and killed three times: \(began.duration(to: .now))")
        last.expect(status: 0)
        #expect(try last.count("recorded") == 1)
        for table in ["nids_fiches", "nids_lectures", "nids_visites"] {
            let own = table == "nids_fiches" ? "id" : table == "nids_lectures" ? "fiche_id" : "lecture_id"
            let query = "SELECT * FROM \(table) WHERE \(own) <= \(Self.sheets) ORDER BY id"
            #expect(try await texts(store, query) == texts(undisturbed, query), "\(table)")
        }
        let species = "SELECT espece_statut, COUNT(*) FROM nids_v_fiches GROUP BY 1 ORDER BY 1"
        #expect(try await texts(store, species).map { $0[0] } == ["certaine", "inconnue", "plusieurs", "proposee"])
    }

    private func texts(_ store: any ObservationDatabase, _ sql: String) async throws -> [[String?]] {
        try await store.read { session in try session.rows(sql).map { $0.map(\.string) } }
    }
}
