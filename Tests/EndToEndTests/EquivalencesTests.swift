import ModelStandIn
import NextcloudStandIn
import TestSupport
import Testing
import Transcriber

@testable import NidsSync

@Suite("nids-sync equivalences")
struct EquivalencesTests {
    @Test("shows what people's corrections taught, and undoes it, in SQLite")
    func sqlite() async throws {
        try await Site<NextcloudStandIn>.run { site in
            let missing = try await site.run("equivalences")
            missing.expect(status: 78)
            #expect(missing.errors.contains("there is no \(site.databaseFile) yet"))
            try await story(site, SQLiteObservationStore(path: site.databaseFile), [:])
        }
    }

    @Test("shows what people's corrections taught, and undoes it, in MariaDB", .enabled(if: MariaDBServer.isInstalled))
    func mariaDB() async throws {
        try await Site<NextcloudStandIn>.run { site in
            let database = try await MariaDBServer.shared.createDatabase()
            try await story(
                site, MariaDBObservationStore(configuration: database.configuration), database.variables)
        }
    }

    private func story(
        _ site: Site<NextcloudStandIn>, _ store: any ObservationDatabase, _ variables: [String: String?]
    ) async throws {
        site.model.configure {
            $0.answer = { call in
                .text(
                    SampleFiche.json(for: call).replacing(
                        #/"n_espece": \d+, "espece": "[^"]+"/#, with: #""n_espece": null, "espece": "Grizard du bois""#)
                )
            }
        }
        func species() async throws -> [[String?]] {
            try await store.read { session in
                try session.rows("SELECT chemin, espece_statut, espece_nom FROM nids_v_fiches ORDER BY chemin")
                    .map { $0.map(\.string) }
            }
        }
        try site.putScans("jpeg/a.jpg", "jpeg/b.jpg")
        try await site.run("--once", with: variables).expect(status: 0)
        #expect(try await species() == [["jpeg/a.jpg", "inconnue", nil], ["jpeg/b.jpg", "inconnue", nil]])
        let none = try await site.run("equivalences", with: variables)
        none.expect(status: 0)
        #expect(none.output == "nothing has been learned yet\n")

        // One person corrects one sheet.
        let untouched = try site.cloud.bytes(at: site.resultPath("b"))
        try correct("a", by: "Zoé", site)
        try site.putScans("jpeg/c.jpg")
        try await site.run("--once", with: variables).expect(status: 0)
        #expect(
            try await species() == [
                ["jpeg/a.jpg", "certaine", "Pouillot véloce"], ["jpeg/b.jpg", "appris", "Pouillot véloce"],
                ["jpeg/c.jpg", "appris", "Pouillot véloce"],
            ])
        #expect(try site.cloud.bytes(at: site.resultPath("b")) == untouched)
        let one = try await site.run("equivalences", with: variables)
        one.expect(status: 0)
        #expect(
            one.output
                == "Grizard du bois  →  Pouillot véloce (13110)  learned of one person, still a doubt, 1 sheet, by Zoé\n"
        )

        // Another agrees.
        try correct("b", by: "Ali", site)
        try await site.run("--once", with: variables).expect(status: 0)
        #expect(try await species().last == ["jpeg/c.jpg", "certaine", "Pouillot véloce"])
        let two = try await site.run("equivalences", "--json", with: variables)
        two.expect(status: 0)
        let expected = try JSONValue(
            parsing: """
                {"equivalences": [{"lu": "Grizard du bois", "espece_code": "13110", "espece_nom": "Pouillot véloce", \
                "personnes": ["Ali", "Zoé"], "fiches": 2, "etat": "confirme"}]}
                """)
        #expect(try two.summary() == expected)

        let unknown = try await site.run("equivalences", "--undo", "Xyzzy", with: variables)
        unknown.expect(status: 64)
        #expect(unknown.errors.contains("nothing was learned about Xyzzy"))
        let undone = try await site.run("equivalences", "--undo", "grizard du BOIS", with: variables)
        undone.expect(status: 0)
        #expect(undone.output == "undone: what 2 corrections taught about grizard du BOIS\n")
        #expect(
            try await species() == [
                ["jpeg/a.jpg", "certaine", "Pouillot véloce"], ["jpeg/b.jpg", "certaine", "Pouillot véloce"],
                ["jpeg/c.jpg", "inconnue", nil],
            ])
        let after = try await site.run("equivalences", with: variables)
        #expect(after.output.contains("undone"))
        // The next pass brings nothing of it back.
        try await site.run("--once", with: variables).expect(status: 0)
        #expect(try await species().last == ["jpeg/c.jpg", "inconnue", nil])
        #expect(site.model.calls.count == 3)
    }

    /// Puts the species right in a result, as the page writes it.
    private func correct(_ stem: String, by person: String, _ site: Site<NextcloudStandIn>) throws {
        let place = site.resultPath(stem)
        let ours = String(decoding: try #require(try site.cloud.bytes(at: place)), as: UTF8.self)
        let edited = ours.replacing("\"espece\": \"Grizard du bois\"", with: "\"espece\": \"Pouillot véloce\"")
            .replacing(
                #/"nids_sync": \{/#,
                with: "\"nids_sync\": {\"relecture\": {\"by\": \"\(person)\", \"when\": \"2026-11-20T10:00:00Z\"},")
        #expect(edited.contains("Pouillot véloce") && edited.contains("\"by\": \"\(person)\""))
        try site.cloud.put(place, text: edited)
    }
}
