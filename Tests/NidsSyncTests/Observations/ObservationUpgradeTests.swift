import Foundation
import MariaDB
import TestSupport
import Testing
import Transcriber

@testable import NidsSync

@Suite("Tables of an earlier version")
struct ObservationUpgradeTests {
    /// What the tables hold but times and the like; the order of columns does not count.
    private func rows(_ store: any ObservationDatabase) async throws -> [String] {
        var rows: [String] = []
        for view in ObservationView.allCases {
            for row in try await store.current(view) {
                rows.append(row.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "|"))
            }
        }
        return rows
    }

    @Test(
        "hold after the upgrade what would have been recorded, whichever step it begins at",
        arguments: StoreKind.available)
    func everyVersion(_ kind: StoreKind) async throws {
        let readings = Version1.readings(450)
        var expected: [String] = []
        try await kind.withStore { store in
            for reading in readings { try await store.record(reading) }
            expected = try await rows(store)
        }
        #expect(expected.contains { $0.contains("hauteur_nid_m=1.5|") && $0.contains("espece_statut=") })
        for steps in 2...ObservationMigrations.steps.count {
            try await kind.withStore(isPrepared: false) { store in
                try await Version1.make(in: store, steps: steps)
                try await Version1.record(readings, in: store)
                try await store.prepare()
                #expect(try await rows(store) == expected)
                // Neither the next start nor the same readings change anything.
                let contents = try await store.contents()
                try await store.prepare()
                for reading in readings.prefix(20) { #expect(try await store.record(reading) == .unchanged) }
                #expect(try await store.contents() == contents)
            }
        }
    }

    @Test(
        "keep their views' columns, what they hold and their order, with the new ones behind",
        arguments: StoreKind.available)
    func views(_ kind: StoreKind) async throws {
        try await kind.withStore(isPrepared: false) { store in
            try await Version1.make(in: store)
            try await Version1.record(Version1.readings(30), in: store)
            let before = try await columns(store)
            let queries = zip(ObservationView.allCases, before).map { view, columns in
                "SELECT \(columns.joined(separator: ", ")) FROM \(view.rawValue) ORDER BY chemin, 1, 12"
            }
            var held: [[[String?]]] = []
            for query in queries { held.append(try await store.texts(query)) }
            #expect(held.map(\.count) == [30, 60])
            try await store.prepare()
            for (query, rows) in zip(queries, held) { #expect(try await store.texts(query) == rows) }
            let after = try await columns(store)
            for (old, new) in zip(before, after) {
                #expect(old.count > 18)
                #expect(Array(new.prefix(old.count)) == old)
                #expect(new.count > old.count)
            }
            for (view, columns) in zip(ObservationView.allCases, after) {
                #expect(columns.dropFirst(2) == view.columns[...])
            }
        }
    }

    private func columns(_ store: any ObservationDatabase) async throws -> [[String]] {
        try await store.read { session in
            try ObservationView.allCases.map { try session.columns(of: $0.rawValue) }
        }
    }

    @Test("are upgraded after a dump and its restoration", arguments: StoreKind.available)
    func restored(_ kind: StoreKind) async throws {
        let folder = try TemporaryDirectory()
        let readings = Version1.readings(60)
        for upgradesFirst in [false, true] {
            switch kind {
            case .sqlite:
                let name = folder.file("\(upgradesFirst)")
                let store = SQLiteObservationStore(path: name)
                try await fill(store, readings, upgradesFirst)
                try shell("sqlite3 '\(name)' .dump | sqlite3 '\(name)-restored'")
                try await compare(SQLiteObservationStore(path: name + "-restored"), store)
            case .mariaDB:
                let server = MariaDBServer.shared
                let (old, new) = (try await server.createDatabase(), try await server.createDatabase())
                // The restored views are the restoring administrator's, and so is the right to replace them.
                try await server.sql(
                    "GRANT DROP ON \(new.name).* TO \(new.user)@'%'; GRANT DROP ON \(old.name).* TO \(old.user)@'%'")
                let store = MariaDBObservationStore(configuration: old.configuration)
                try await fill(store, readings, upgradesFirst)
                try shell(
                    "mariadb-dump --no-defaults --socket='\(old.socket)' --user=root \(old.name) | "
                        + "mariadb --no-defaults --socket='\(new.socket)' --user=root \(new.name)")
                try await compare(MariaDBObservationStore(configuration: new.configuration), store)
            }
        }
    }

    private func fill(_ store: any ObservationDatabase, _ readings: [ObservationReading], _ upgrades: Bool) async throws
    {
        try await Version1.make(in: store)
        try await Version1.record(readings, in: store)
        if upgrades { try await store.prepare() }
    }

    private func compare(_ restored: any ObservationDatabase, _ store: any ObservationDatabase) async throws {
        try await restored.prepare()
        try await store.prepare()
        #expect(try await restored.contents() == store.contents())
        #expect(try await rows(restored) == rows(store))
        #expect(try await restored.record(.sample("new.jpg")) == .inserted)
    }

    private func shell(_ command: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "set -e; " + command]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test(
        "need the right to drop their views, and the error says how it is given",
        .enabled(if: MariaDBServer.isInstalled))
    func missingRight() async throws {
        let server = MariaDBServer.shared
        let database = try await server.createDatabase()
        let store = MariaDBObservationStore(configuration: database.configuration)
        try await Version1.make(in: store)
        try await Version1.record(Version1.readings(3), in: store)
        let error = await #expect(throws: ObservationError.self) { try await store.prepare() }
        guard case .misconfigured(let reason)? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        let grants = reason.matches(of: /GRANT DROP ON `[^`]+`\.`nids_v_[a-z]+` TO '[^']+'@'[^']+'/).map(\.output)
        #expect(grants.count == 2, "\(reason)")
        try await server.sql(grants.joined(separator: ";"))
        try await store.prepare()
        #expect(try await store.current().count == 3)
    }

    @Test("are looked up anew with another list of species, the texts as they were", arguments: StoreKind.available)
    func otherList(_ kind: StoreKind) async throws {
        let list = "code_euring,nom_scientifique,nom_francais\n77777,Parus novus,Xyzzy\n"
        let other = NameReference(species: try SpeciesReference(csv: Array(list.utf8), file: "especes.csv"))
        try await kind.withStore(names: other) { store in
            for reading in Version1.readings(40) { try await store.record(reading) }
            let with = try await rows(store)
            #expect(with.contains { $0.contains("espece_code=77777") })
            // As the same tables are with the program's own list, and back.
            let before = try await store.texts("SELECT espece, document, empreinte FROM nids_lectures ORDER BY id")
            let shipped = store.with(NameReference())
            try await shipped.prepare()
            #expect(try await rows(shipped).allSatisfy { !$0.contains("77777") })
            #expect(try await rows(shipped).contains { $0.contains("espece_code=11870") })
            #expect(
                try await store.texts("SELECT espece, document, empreinte FROM nids_lectures ORDER BY id") == before)
            try await store.prepare()
            #expect(try await rows(store) == with)
        }
    }
}
