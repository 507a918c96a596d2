import Foundation
import Transcriber

@testable import NidsSync

/// The tables as version 1 made and filled them.
enum Version1 {
    /// Makes them; those of an unfinished upgrade with more steps.
    static func make(in store: any ObservationDatabase, steps: Int = 2) async throws {
        try await store.migrate {
            try ObservationMigrations.run(in: $0, steps: Array(ObservationMigrations.steps.prefix(steps)))
        }
    }

    /// Records as version 1 did.
    static func record(_ readings: [ObservationReading], in store: any ObservationDatabase) async throws {
        try await store.write(concerning: nil) { session in
            for reading in readings { try insert(reading, in: session) }
        }
    }

    private static func insert(_ reading: ObservationReading, in session: any SQLSession) throws {
        let (rows, now) = (try ReadingRows(reading), SQLValue("2026-01-01 00:00:00"))
        let fiche = try session.insert(
            into: "nids_fiches", ["cle", "racine", "chemin", "enregistree_le"],
            [
                SQLValue(reading.sheet.digest), SQLValue(reading.sheet.root), SQLValue(reading.sheet.readablePath), now,
            ])
        let lecture = try session.insert(
            into: "nids_lectures",
            ReadingRows.lectureColumns + ["est_principal", "empreinte", "modifiee_le", "fiche_id", "enregistree_le"],
            rows.lecture + [SQLValue(reading.isPrimary), SQLValue(rows.digest), now, .integer(fiche), now])
        for (table, columns, parts) in [
            ("nids_visites", ReadingRows.visiteColumns, rows.visites),
            ("nids_pages", ReadingRows.pageColumns, rows.pages),
            ("nids_controles", ReadingRows.checkColumns, rows.checks),
        ] {
            for part in parts {
                _ = try session.insert(into: table, ["lecture_id"] + columns, [.integer(lecture)] + part)
            }
        }
    }

    /// Sheets with all that is hard to compute with.
    static func readings(_ count: Int) -> [ObservationReading] {
        let heights = ["1,50 m", "≈3", "env. 2 m", "1m50", "2-3", "cime", "99999999999", "80 cm", "au sol", nil]
        let years = ["1977", "2011", "0077", nil, "77", "20111", "١٩٧٧"]
        let species = [
            "Mésange bleue", "MERLE NOIR", "Hirondelle rustiqe", "Mésange", "Xyzzy", nil, "🐦", "Rouge-gorge familier",
        ]
        return (0..<count).map { number in
            var reading = ObservationReading.sample("jpeg/fiche \(number).jpg")
            reading.fiche.nid.hautNid = heights[number % heights.count]
            reading.fiche.localisation.altitude = heights[(number + 3) % heights.count]
            reading.fiche.informationsGenerales.annee = years[number % years.count]
            reading.fiche.informationsGenerales.espece = species[number % species.count]
            reading.fiche.informationsGenerales.nEspece = [nil, 9920, .max, .min, 14620][number % 5]
            reading.fiche.tableauDonnees[0].jour = [31, 30, 29, .max, nil][number % 5]
            reading.fiche.tableauDonnees[0].mois = [2, 4, .min, 13, nil, 5][number % 6]
            return reading
        }
    }
}
