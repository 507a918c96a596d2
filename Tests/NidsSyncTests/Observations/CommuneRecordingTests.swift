import Testing
import Transcriber

@testable import NidsSync

@Suite("The commune of a sheet")
struct CommuneRecordingTests {
    private static let list = """
        code_insee;nom;code_departement;latitude;longitude
        25056;Besançon;25;47.254;6.02
        38545;Vif;38;45.056;5.669
        57690;Valmont;57;;
        01700;Valmont;01;;

        """

    private func names() throws -> NameReference {
        NameReference(communes: try CommuneReference(csv: Array(Self.list.utf8), file: "communes.csv"))
    }

    private func readings() -> [ObservationReading] {
        [("BESANCON", "25"), ("Vif", nil), ("Vif", "25"), ("Valmont", nil), ("Xyzzy", "25"), (nil, "25")].enumerated()
            .map { (number, words: (String?, String?)) in
                var reading = ObservationReading.sample("jpeg/\(number).jpg")
                reading.fiche.localisation.commune = words.0
                reading.fiche.localisation.depT = words.1
                return reading
            }
    }

    private static let columns = """
        SELECT commune, commune_statut, commune_code, commune_nom, commune_departement, commune_latitude, \
        commune_longitude FROM nids_v_fiches ORDER BY chemin
        """

    private static let expected: [[String?]] = [
        ["BESANCON", "certaine", "25056", "Besançon", "25", "47.254", "6.02"],
        ["Vif", "certaine", "38545", "Vif", "38", "45.056", "5.669"],
        ["Vif", "autre_departement", nil, nil, nil, nil, nil],
        ["Valmont", "plusieurs", nil, nil, nil, nil, nil],
        ["Xyzzy", "inconnue", nil, nil, nil, nil, nil],
        [nil, nil, nil, nil, nil, nil, nil],
    ]

    @Test("is recorded with its code and place where a list is given", arguments: StoreKind.available)
    func recorded(_ kind: StoreKind) async throws {
        try await kind.withStore(names: try names()) { store in
            for reading in readings() { try await store.record(reading) }
            #expect(try await store.texts(Self.columns) == Self.expected)
        }
    }

    @Test("is looked up once a list is given, and no more when it is taken away", arguments: StoreKind.available)
    func given(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for reading in readings() { try await store.record(reading) }
            let without = Self.expected.map { [$0[0]] + Array(repeating: nil, count: 6) }
            #expect(try await store.texts(Self.columns) == without)
            try await store.with(try names()).prepare()
            #expect(try await store.texts(Self.columns) == Self.expected)
            try await store.prepare()
            #expect(try await store.texts(Self.columns) == without)
        }
    }
}
