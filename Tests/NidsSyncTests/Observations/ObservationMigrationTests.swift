import Foundation
import MariaDB
import TestSupport
import Testing

@testable import NidsSync

@Suite("The observations' tables")
struct ObservationMigrationTests {
    @Test("are made once, however often they are prepared", arguments: StoreKind.available)
    func idempotent(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.record(.sample())
            let before = try await store.texts("SELECT * FROM nids_migrations ORDER BY numero")
            #expect(before.map { $0.first } == ["1", "2", "3", "4"])
            try await store.prepare()
            #expect(try await store.texts("SELECT * FROM nids_migrations ORDER BY numero") == before)
            #expect(try await store.count().sheets == 1)
        }
    }

    @Test("of a newer program are left alone, with an error that says so", arguments: StoreKind.available)
    func newer(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.write(concerning: nil) { session in
                try session.run("INSERT INTO nids_migrations VALUES (99, 'demain', '2030-01-01 00:00:00')")
            }
            let error = await #expect(throws: ObservationError.self) { try await store.prepare() }
            guard case .misconfigured(let reason)? = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
            #expect(reason.contains("step 99"))
            #expect(reason.contains("newer"))
        }
    }

    @Test("are completed after a step that was interrupted halfway", arguments: StoreKind.available)
    func interrupted(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.write(concerning: nil) { session in
                try session.run("DELETE FROM nids_migrations")
            }
            try await store.prepare()
            #expect(try await store.record(.sample()) == .inserted)
            #expect(try await store.current().count == 1)
        }
    }

    @Test(
        "are completed after a server that vanished at any statement of them",
        .enabled(if: MariaDBServer.isInstalled),
        arguments: [
            "SET NAMES", "GET_LOCK", "nids_migrations (", "TABLE IF NOT EXISTS nids_fiches",
            "TABLE IF NOT EXISTS nids_pages",
            "ADD COLUMN annee_nombre", "ADD COLUMN date_visite", "nids_lectures_espece",
            "VIEW IF NOT EXISTS nids_v_fiches", "VIEW IF NOT EXISTS nids_v_visites", "INSERT INTO nids_migrations",
        ])
    func vanishingServer(statement: String) async throws {
        let database = try await MariaDBServer.shared.createDatabase()
        let proxy = try MariaDBServerProxy(to: database.port, breakingAt: statement, times: 3)
        defer { proxy.stop() }
        var configuration = database.configuration
        configuration.servers = [.tcp(host: "127.0.0.1", port: proxy.port)]
        let store = MariaDBObservationStore(configuration: configuration)
        // Broken off at each of its two tries, then at the first of the next.
        let error = await #expect(throws: ObservationError.self) { try await store.prepare() }
        guard case .unreachable? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
        try await store.prepare()
        try await store.prepare()
        #expect(try await store.record(.sample()) == .inserted)
        #expect(
            try await store.texts("SELECT numero FROM nids_migrations ORDER BY numero") == [["1"], ["2"], ["3"], ["4"]])
    }

    @Test("wait for a server that is not there yet, and are made when it is", .enabled(if: MariaDBServer.isInstalled))
    func lateServer() async throws {
        let server = MariaDBServer()
        let database = try await server.createDatabase()
        await server.stop()
        let store = MariaDBObservationStore(configuration: database.configuration)
        for _ in 0..<3 {
            let error = await #expect(throws: ObservationError.self) { try await store.prepare() }
            guard case .unreachable(let reason)? = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
            #expect(reason.contains("127.0.0.1:\(database.port)"))
        }
        try await server.start()
        try await store.prepare()
        #expect(try await store.record(.sample()) == .inserted)
        await server.remove()
    }

    @Test("take a further step on top of the present ones, with the data in place", arguments: StoreKind.available)
    func further(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.record(.sample())
            let steps =
                ObservationMigrations.steps + [
                    .init(number: 99, name: "essai") { (_: SQLDialect) in
                        ["ALTER TABLE nids_lectures ADD COLUMN essai BIGINT"]
                    }
                ]
            try await store.migrate { try ObservationMigrations.run(in: $0, steps: steps) }
            #expect(try await store.texts("SELECT espece, essai FROM nids_lectures") == [["Mésange bleue", nil]])
            #expect(try await store.texts("SELECT MAX(numero) FROM nids_migrations") == [["99"]])
        }
    }

    @Test("may be made by several programs at once", arguments: StoreKind.available)
    func concurrently(_ kind: StoreKind) async throws {
        let folder = NSTemporaryDirectory() + "nids-observations-\(UUID())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = kind == .mariaDB ? try await MariaDBServer.shared.createDatabase() : nil
        let stores = (0..<4).map { _ -> any ObservationDatabase in
            if let database { return MariaDBObservationStore(configuration: database.configuration) }
            return SQLiteObservationStore(path: folder + "/o.sqlite")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for store in stores { group.addTask { try await store.prepare() } }
            try await group.waitForAll()
        }
        #expect(try await stores[0].texts("SELECT COUNT(*) FROM nids_migrations") == [["4"]])
    }
}
