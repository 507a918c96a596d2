import Foundation
import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@Suite("observations in MariaDB", .enabled(if: MariaDBServer.isInstalled))
struct MariaDBDeliveryTests {
    @Test("tables and views are there; a second pass, or one without its state, changes no row")
    func recorded() async throws {
        try await Site<NextcloudStandIn>.run { site in
            let database = try await MariaDBServer.shared.createDatabase()
            try site.putScans("jpeg/l'été à Chambéry #1.jpg", "jpeg/TRI_ANCIEN/b.jpg", "pdf/c.jpg")
            let first = try await site.run("--once", "--json", with: database.variables)
            first.expect(status: 0)
            #expect(try first.count("recorded") == 3)
            #expect(!FileManager.default.fileExists(atPath: site.databaseFile))
            let rows = try await contents(of: database)
            #expect(
                rows.keys.sorted() == [
                    "nids_controles", "nids_equivalences", "nids_fiches", "nids_lectures", "nids_migrations",
                    "nids_pages",
                    "nids_v_a_verifier",
                    "nids_v_annees_eloignees", "nids_v_doublons", "nids_v_fiches", "nids_v_visites", "nids_visites",
                ])
            #expect(rows["nids_v_fiches"]?.count == 3)
            #expect(rows["nids_v_visites"]?.count == 6)
            let paths = try await MariaDBServer.shared.sql(
                "SELECT chemin FROM nids_v_fiches ORDER BY chemin", database: database.name)
            #expect(paths == [["jpeg/TRI_ANCIEN/b.jpg"], ["jpeg/l'été à Chambéry #1.jpg"], ["pdf/c.jpg"]])

            let second = try await site.run("--once", "--json", with: database.variables)
            second.expect(status: 0)
            #expect(try second.count("recorded") == 0)
            #expect(try await contents(of: database) == rows)

            try FileManager.default.removeItem(atPath: site.state)
            let third = try await site.run("--once", "--json", with: database.variables)
            third.expect(status: 0)
            #expect(try third.count("adopted") == 3)
            #expect(try third.count("recorded") == 3)
            #expect(try await contents(of: database) == rows)
            #expect(site.model.calls.count == 3)
        }
    }

    @Test("while the database is down results are published; once it is up they are recorded, at no request to a model")
    func down() async throws {
        let server = MariaDBServer()
        do {
            try await Site<NextcloudStandIn>.run { site in
                let database = try await server.createDatabase()
                try site.putScans("jpeg/a.jpg", "jpeg/b.jpg")
                await server.stop()
                let first = try await site.run("--once", "--json", with: database.variables)
                first.expect(status: 69)
                #expect(try first.count("transcribed") == 2)
                #expect(try first.count("published") == 2)
                #expect(try first.count("recorded") == 0)
                #expect(try first.count("failed") == 0)
                #expect(try first.summary()["error"]?.string?.contains("127.0.0.1") == true)
                #expect(try site.cloud.bytes(at: site.resultPath("a")) != nil)

                let still = try await site.run("--once", "--json", with: database.variables)
                still.expect(status: 69)
                try await server.start()
                let second = try await site.run("--once", "--json", with: database.variables)
                second.expect(status: 0)
                #expect(try second.count("recorded") == 2)
                #expect(try second.count("published") == 0)
                #expect(site.model.calls.count == 2)
                let rows = try await server.sql("SELECT chemin FROM nids_v_fiches ORDER BY 1", database: database.name)
                #expect(rows == [["jpeg/a.jpg"], ["jpeg/b.jpg"]])
            }
        } catch {
            await server.remove()
            throw error
        }
        await server.remove()
    }

    @Test("while Nextcloud is down, what was paid for is recorded; once it is up it is published")
    func nextcloudDown() async throws {
        try await Site<NextcloudStandIn>.run { site in
            let database = try await MariaDBServer.shared.createDatabase()
            try site.putScans("jpeg/a.jpg")
            let port = try #require(UInt16(site.cloud.url.split(separator: ":").last ?? ""))
            site.model.configure {
                $0.answer = { call in
                    await site.cloud.stop()
                    return .text(SampleFiche.json(for: call))
                }
            }
            let first = try await site.run("--once", "--json", with: database.variables)
            first.expect(status: 69)
            #expect(try first.count("transcribed") == 1)
            #expect(try first.count("published") == 0)
            #expect(try first.count("recorded") == 1)
            try await site.cloud.start(port: port)
            let second = try await site.run("--once", "--json", with: database.variables)
            second.expect(status: 0)
            #expect(try second.count("published") == 1)
            #expect(site.model.calls.count == 1)
        }
    }

    @Test("a refused database login is 77, and says whose")
    func refused() async throws {
        try await Site<NextcloudStandIn>.run { site in
            var database = try await MariaDBServer.shared.createDatabase()
            database.password = "not-the-password"
            try site.putScans("jpeg/a.jpg")
            let outcome = try await site.run("--once", "--json", with: database.variables)
            outcome.expect(status: 77)
            #expect(outcome.output.contains(database.user))
            #expect(try outcome.count("published") == 1)
        }
    }

    /// All rows of all tables and views of ours.
    private func contents(of database: MariaDBServer.Database) async throws -> [String: [[String]]] {
        var contents: [String: [[String]]] = [:]
        for table in try await MariaDBServer.shared.sql("SHOW TABLES LIKE 'nids\\_%'", database: database.name)
            .compactMap(\.first)
        {
            contents[table] = try await MariaDBServer.shared.sql(
                "SELECT * FROM \(table) ORDER BY 1, 2", database: database.name)
        }
        return contents
    }
}
