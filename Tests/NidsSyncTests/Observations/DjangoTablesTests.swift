import MariaDB
import TestSupport
import Testing
import Transcriber

@testable import NidsSync

@Suite("The lists of the Django application in the same database", .enabled(if: MariaDBServer.isInstalled))
struct DjangoTablesTests {
    private static let species = """
        CREATE TABLE taxonomy_espece (id INT PRIMARY KEY, nom VARCHAR(100), nom_anglais VARCHAR(100), \
            nom_scientifique VARCHAR(100), statut VARCHAR(30)) CHARACTER SET utf8mb4;
        INSERT INTO taxonomy_espece VALUES (1, 'Merle noir', 'Blackbird', 'Turdus merula', ''), \
            (2, 'Oiseau de Robin', '', '', ''), (3, 'Mésange bleue', '', 'Parus caeruleus', ''), \
            (4, 'Parus caeruleus', '', '', ''), (5, '', '', '', '');
        """
    private static let communes = """
        CREATE TABLE geo_commune_france (id INT PRIMARY KEY, nom VARCHAR(100), code_insee VARCHAR(5), \
            code_departement VARCHAR(3), latitude DECIMAL(9, 6), longitude DECIMAL(9, 6), autres_noms TEXT) \
            CHARACTER SET utf8mb4;
        INSERT INTO geo_commune_france VALUES (1, 'Besançon', '25056', '25', 47.254, 6.02, 'Besac, Vesontio'), \
            (2, 'Vif', '38545', '38', NULL, NULL, NULL);
        """

    private func database(_ statements: String) async throws -> MariaDBServer.Database {
        let database = try await MariaDBServer.shared.createDatabase()
        try await MariaDBServer.shared.sql(statements, database: database.name)
        return database
    }

    private func store(_ database: MariaDBServer.Database) -> MariaDBObservationStore {
        MariaDBObservationStore(configuration: database.configuration, takesDjangoLists: true)
    }

    private func reading(_ number: Int, _ espece: String, _ commune: String) -> ObservationReading {
        var reading = ObservationReading.sample("jpeg/\(number).jpg", espece: espece)
        reading.fiche.informationsGenerales.nEspece = nil
        reading.fiche.localisation.commune = commune
        reading.fiche.localisation.depT = nil
        return reading
    }

    @Test("serve in the place of ours, and stay as they are")
    func serve() async throws {
        let database = try await database(Self.species + Self.communes)
        let tables = "SELECT * FROM taxonomy_espece; SELECT * FROM geo_commune_france"
        let before = try await MariaDBServer.shared.sql(tables, database: database.name)
        let store = store(database)
        try await store.prepare()
        let words = [
            ("merle noir", "besancon"), ("Oiseau de Robin", "Vesontio"), ("Cyanistes caeruleus", "Vif"),
            ("Rougegorge familier", "Xyzzy"), ("Turdus merula", "Vif"),
        ]
        for (number, (espece, commune)) in words.enumerated() {
            try await store.record(reading(number, espece, commune))
        }
        let rows = try await store.texts(
            """
            SELECT espece_statut, espece_code, espece_nom, commune_statut, commune_code, commune_latitude \
            FROM nids_v_fiches ORDER BY chemin
            """)
        #expect(
            rows == [
                ["certaine", "11870", "Merle noir", "certaine", "25056", "47.254"],
                ["certaine", nil, "Oiseau de Robin", "certaine", "25056", "47.254"],
                ["certaine", "14620", "Mésange bleue", "certaine", "38545", nil],
                ["inconnue", nil, nil, "inconnue", nil, nil],
                ["certaine", "11870", "Merle noir", "certaine", "38545", nil],
            ])
        #expect(try await MariaDBServer.shared.sql(tables, database: database.name) == before)
        // Nothing is computed anew at the next start, nor when something is undone, unless the lists changed.
        let contents = try await store.contents()
        let next = self.store(database)
        #expect(try await next.undoEquivalence(of: "Xyzzy") == 0)
        try await next.prepare()
        #expect(try await next.contents() == contents)
        try await MariaDBServer.shared.sql(
            "UPDATE taxonomy_espece SET nom = 'Rougegorge familier' WHERE id = 2", database: database.name)
        try await self.store(database).prepare()
        let species = "SELECT espece_nom FROM nids_v_fiches ORDER BY chemin"
        #expect(
            try await store.texts(species)
                == [["Merle noir"], [nil], ["Mésange bleue"], ["Rougegorge familier"], ["Merle noir"]])
    }

    @Test("serve where only one of them is there, beside ours")
    func one() async throws {
        let store = store(try await database(Self.communes))
        try await store.prepare()
        try await store.record(reading(1, "Rougegorge familier", "Vif"))
        #expect(
            try await store.texts("SELECT espece_code, commune_code FROM nids_v_fiches") == [["10990", "38545"]])
    }

    @Test(
        "end the start with 78 and words where there are none, or columns are missing",
        arguments: [
            ("SELECT 1", ["neither taxonomy_espece nor geo_commune_france"]),
            (
                "CREATE TABLE taxonomy_espece (id INT, name TEXT)",
                ["taxonomy_espece has no column nom", "only id, name", "reference.especes_file"]
            ),
            (
                "CREATE TABLE geo_commune_france (id INT, nom TEXT)",
                ["geo_commune_france has no column code_insee", "reference.communes_file"]
            ),
        ])
    func missing(_ statements: String, _ words: [String]) async throws {
        let store = store(try await database(statements))
        let error = await #expect(throws: ObservationError.self) { try await store.prepare() }
        #expect(error?.status == .configuration)
        for word in words { #expect(error?.description.contains(word) == true, "\(String(describing: error))") }
    }
}
