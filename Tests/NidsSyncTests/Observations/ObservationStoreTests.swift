import Foundation
import Testing
import Transcriber

@testable import NidsSync

@Suite("Every store of observations")
struct ObservationStoreTests {
    @Test("keeps every field of a sheet as it was read", arguments: StoreKind.available)
    func everyField(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            #expect(try await store.record(.sample()) == .inserted)
            let row = try #require(try await store.current().first)
            let expected = [
                "racine": "Observations Media", "chemin": "jpeg/TRI_ANCIEN/fiche 25.jpg", "n_fiche": "25",
                "observateur": "O'Brien, \"Zoé\" \\ é", "n_espece": "1462", "espece": "Mésange bleue", "annee": "1977",
                "nid_precedent_meme_couple": "0", "hauteur_nid": "2.5", "commune": "Besançon", "departement": "2A",
                "premier_oeuf_jour": "30", "premier_oeuf_mois": "4", "premiere_eclosion_precision": "±2",
                "premier_envol_jour": "7", "oeufs_pondus": "9", "poussins_demi": "0", "remarque": "🐦🥚 œuf percé",
                "nombre_controles": "1", "origine": "modele", "modele": "gemini_3_flash", "type_fiche": "ancien",
                "transcrite_le": "2026-05-30 14:01:02",
                "chemin_resultat": "transcription_results/jpeg/TRI_ANCIEN/fiche 25.jpg.json",
                "nombre_erreurs": "0", "nombre_avertissements": "0", "regles": "siecle", "annee_nombre": "1977",
                "hauteur_nid_m": "2.5", "date_premier_oeuf": "1977-04-30", "espece_statut": "certaine",
                "espece_source": "nom", "espece_code": "14620", "espece_nom": "Mésange bleue",
                "espece_scientifique": "Cyanistes caeruleus", "espece_score": "1", "espece_forme": "mesangebleue",
            ]
            // What is not named is blank: it is NULL, not an empty text.
            #expect(row == expected)
            let visits = try await store.current(.visites)
            #expect(visits.map { $0["jour"] } == ["30", "31"])
            #expect(visits.map { $0["observations"] } == ["couve", nil])
            #expect(visits.map { $0["commune"] } == ["Besançon", "Besançon"])
            #expect(visits.map { $0["date_visite"] } == ["1977-05-30", "1977-05-31"])
            #expect(visits.map { $0["espece_code"] } == ["14620", "14620"])
            #expect(
                try await store.texts("SELECT rang, champ, regle, gravite, message FROM nids_controles")
                    == [["1", "annee", "siecle", "doute", "77 lu 1977"]])
            #expect(
                try await store.texts("SELECT document, version_consigne, modele_fournisseur FROM nids_lectures")
                    == [["{\"remarque\": null}", "3", "gemini-3-flash-preview"]])
        }
    }

    @Test("puts each field of the sheet in the column of its name", arguments: StoreKind.available)
    func columns(_ kind: StoreKind) async throws {
        var reading = ObservationReading.sample()
        var fiche = Fiche()
        fiche.nid.hCVert = "h_c_vert"
        fiche.nid.nid = "nid"
        fiche.localisation.ign50000 = "IGN"
        fiche.localisation.coordonneesEtOuLieuDit = "lieu-dit"
        fiche.localisation.altitude = "altitude"
        fiche.localisation.paysage = "paysage"
        fiche.localisation.alentours = "alentours"
        fiche.tableauDonnees2.premierOeufPondu.precision = "p1"
        fiche.tableauDonnees2.premierPoussinEclos.jour = 1
        fiche.tableauDonnees2.premierPoussinEclos.mois = 2
        fiche.tableauDonnees2.premierPoussinVolant.mois = 3
        fiche.tableauDonnees2.premierPoussinVolant.precision = "p3"
        fiche.tableauDonnees2.nombreOeufs.eclos = 4
        fiche.tableauDonnees2.nombreOeufs.nEcl = 5
        fiche.tableauDonnees2.nombrePoussins.troisQuarts = 6
        fiche.tableauDonnees2.nombrePoussins.volT = 7
        fiche.causesEchec.causesDEchec = "pillé"
        reading.fiche = fiche
        try await kind.withStore { [reading] store in
            try await store.record(reading)
            let row = try #require(try await store.current().first)
            let domain = row.filter { ReadingRows.ficheColumns.contains($0.key) }
            #expect(
                domain == [
                    "hauteur_couvert": "h_c_vert", "nid": "nid", "ign_50000": "IGN", "coordonnees_lieu_dit": "lieu-dit",
                    "altitude": "altitude", "paysage": "paysage", "alentours": "alentours",
                    "premier_oeuf_precision": "p1", "premiere_eclosion_jour": "1", "premiere_eclosion_mois": "2",
                    "premier_envol_mois": "3", "premier_envol_precision": "p3", "oeufs_eclos": "4",
                    "oeufs_non_eclos": "5", "poussins_trois_quarts": "6", "poussins_volants": "7",
                    "causes_echec": "pillé",
                ])
        }
    }

    @Test("changes nothing when the same reading is recorded again", arguments: StoreKind.available)
    func twice(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            #expect(try await store.record(.sample()) == .inserted)
            // Timestamps of long ago, so that one written again would show.
            try await store.write(concerning: nil) { session in
                try session.run("UPDATE nids_lectures SET enregistree_le = '2001-01-01', modifiee_le = '2001-01-01'")
            }
            let before = try await store.contents()
            #expect(before["nids_visites"]?.count == 2)
            #expect(try await store.record(.sample()) == .unchanged)
            #expect(try await store.contents() == before)
        }
    }

    @Test(
        "replaces a reading's visits and checks when it changed, and keeps its number", arguments: StoreKind.available)
    func update(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.record(.sample())
            try await store.record(.sample(model: "other", isPrimary: false))
            var changed = ObservationReading.sample()
            changed.fiche.tableauDonnees.removeFirst()
            changed.fiche.informationsGenerales.observateur = nil
            changed.checks = []
            let before = try await store.texts("SELECT id, enregistree_le FROM nids_lectures ORDER BY id")
            #expect(try await store.record(changed) == .updated)
            #expect(try await store.texts("SELECT id, enregistree_le FROM nids_lectures ORDER BY id") == before)
            #expect(try await store.current().map { $0["observateur"] } == [nil])
            #expect(try await store.current(.visites).map { $0["jour"] } == ["31"])
            #expect(try await store.current().map { $0["nombre_controles"] } == ["0"])
            // The other model's parts are untouched.
            #expect(try await store.texts("SELECT COUNT(*) FROM nids_visites") == [["3"]])
            #expect(try await store.texts("SELECT COUNT(*) FROM nids_controles") == [["1"]])
        }
    }

    @Test("tells texts apart that differ in their normal form only", arguments: StoreKind.available)
    func normalForms(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.record(.sample("caf\u{e9}.jpg", espece: "\u{e9}"))
            #expect(try await store.record(.sample("cafe\u{301}.jpg", espece: "\u{e9}")) == .inserted)
            #expect(try await store.record(.sample("caf\u{e9}.jpg", espece: "e\u{301}")) == .updated)
            #expect(SheetKey("caf\u{e9}.jpg") != SheetKey("cafe\u{301}.jpg"))
            #expect(try await store.count().sheets == 2)
        }
    }

    @Test("keeps U+0000 visible instead of cutting the text there", arguments: StoreKind.available)
    func nul(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.record(.sample(espece: "Mer\u{0}le"))
            #expect(try await store.current().map { $0["espece"] } == ["Mer\u{FFFD}le"])
        }
    }

    @Test("takes paths of 4,000 bytes, and paths that are not UTF-8", arguments: StoreKind.available)
    func strangePaths(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let long = String(repeating: "é", count: 2000)
            try await store.record(.sample(long))
            #expect(try await store.current().map { $0["chemin"] } == [long])
            for byte: UInt8 in [0xE8, 0xE9] {
                var reading = ObservationReading.sample()
                reading.sheet.path = [0x66, byte, 0x2E, 0x6A]
                #expect(try await store.record(reading) == .inserted)
            }
            #expect(try await store.count().sheets == 3)
        }
    }

    @Test(
        "keeps texts at the limit whole and rejects longer ones, leaving nothing behind", arguments: StoreKind.available
    )
    func limits(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var reading = ObservationReading.sample()
            reading.fiche.remarque = String(repeating: "é", count: 32_767)
            reading.document = String(repeating: "x", count: 1 << 20)
            reading.fiche.informationsGenerales.nEspece = .max
            try await store.record(reading)
            #expect(try await store.current().map { $0["remarque"]?.utf8.count } == [65_534])
            #expect(try await store.texts("SELECT LENGTH(document) FROM nids_lectures") == [["1048576"]])
            let before = try await store.contents()

            reading = .sample("other.jpg")
            reading.fiche.tableauDonnees[1].observations = String(repeating: "é", count: 32_768)
            let error = await #expect(throws: ObservationError.self) { try await store.record(reading) }
            guard case .rejected(reading.sheet, let reason)? = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
            #expect(reason.contains("observations of visit 2"))
            reading = .sample("other.jpg", model: "")
            await #expect(throws: ObservationError.self) { try await store.record(reading) }
            #expect(try await store.contents() == before)
        }
    }

    @Test("leaves nothing behind of a sheet that the database itself rejects halfway", arguments: StoreKind.available)
    func halfway(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            // A rule of the database's own that only the last row breaks.
            try await store.write(concerning: nil) { session in
                let column = kind == .sqlite ? "gravite" : "gravite(20)"
                try session.run("CREATE UNIQUE INDEX nids_test ON nids_controles (\(column))")
            }
            var reading = ObservationReading.sample()
            reading.checks.append(reading.checks[0])
            let before = try await store.contents()
            let error = await #expect(throws: ObservationError.self) { try await store.record(reading) }
            guard case .rejected(reading.sheet, _)? = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
            #expect(try await store.contents() == before)
            #expect(before["nids_fiches"] == [])
        }
    }

    @Test("deletes a sheet's parts with it, and takes no part without its whole", arguments: StoreKind.available)
    func foreignKeys(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.record(.sample())
            for table in ["nids_visites", "nids_pages", "nids_controles", "nids_lectures"] {
                let parent = table == "nids_lectures" ? "fiche_id" : "lecture_id"
                await #expect(throws: ObservationError.self) {
                    try await store.write(concerning: nil) { session in
                        try session.run("UPDATE \(table) SET \(parent) = 999999")
                    }
                }
            }
            try await store.write(concerning: nil) { _ = try $0.run("DELETE FROM nids_fiches") }
            #expect(try await store.contents().values.allSatisfy(\.isEmpty))
        }
    }

    @Test("records from several tasks at once, each sheet once", arguments: StoreKind.available)
    func concurrency(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask { try await store.record(.sample("fiche \(number % 10).jpg")) }
                }
                try await group.waitForAll()
            }
            #expect(try await store.count().readings == 10)
            #expect(try await store.current().count == 10)
        }
    }
}
