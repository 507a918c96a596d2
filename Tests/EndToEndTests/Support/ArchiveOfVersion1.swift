import Foundation

@testable import NidsSync

/// A database of version 1 with many sheets, filled by the database itself.
enum ArchiveOfVersion1 {
    static func make(sheets: Int, in store: any ObservationDatabase) async throws {
        try await store.migrate {
            try ObservationMigrations.run(in: $0, steps: Array(ObservationMigrations.steps.prefix(2)))
        }
        try await store.write(concerning: nil) { session in
            for statement in statements(sheets, session.dialect) { try session.run(statement) }
        }
    }

    /// The rows still to be computed.
    static let pending = "SELECT COUNT(*) FROM nids_lectures WHERE calcul = ''"

    private static func statements(_ sheets: Int, _ dialect: SQLDialect) -> [String] {
        func joined(_ parts: String...) -> String {
            dialect == .sqlite
                ? "(" + parts.joined(separator: " || ") + ")" : "CONCAT(\(parts.joined(separator: ", ")))"
        }
        let digits = "(SELECT 0 AS d" + (1...9).map { " UNION ALL SELECT \($0)" }.joined() + ")"
        let numbers = """
            SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * g.d + 1 AS n
            FROM \(digits) a, \(digits) b, \(digits) c, \(digits) e, \(digits) g
            """
        let text = dialect == .sqlite ? "CAST(n AS TEXT)" : "CAST(n AS CHAR)"
        let now = "'2026-01-01 00:00:00'"
        return [
            """
            INSERT INTO nids_fiches (id, cle, racine, chemin, enregistree_le)
            SELECT n, \(text), 'Archive', \(joined("'jpeg/fiche '", text, "'.jpg'")), \(now)
            FROM (\(numbers)) s WHERE n <= \(sheets)
            """,
            """
            INSERT INTO nids_lectures (id, fiche_id, modele, est_principal, origine, type_fiche, document, empreinte,
                enregistree_le, modifiee_le, n_fiche, espece, n_espece, annee, hauteur_nid, altitude, commune,
                departement, premier_oeuf_jour, premier_oeuf_mois)
            SELECT id, id, 'gemini_3_flash', 1, 'modele', 'ancien', \(joined("'{\"remarque\": \"'", "chemin", "'\"}'")), cle,
                \(now), \(now), cle,
                CASE id % 6 WHEN 0 THEN 'Mésange bleue' WHEN 1 THEN 'MERLE NOIR' WHEN 2 THEN 'Hirondelle rustiqe'
                    WHEN 3 THEN 'Mésange' WHEN 4 THEN 'Rouge-gorge familier' ELSE 'Xyzzy' END,
                CASE id % 4 WHEN 0 THEN 14620 ELSE NULL END, \(joined("'19'", dialect == .sqlite ? "CAST(60 + id % 40 AS TEXT)" : "60 + id % 40")),
                CASE id % 3 WHEN 0 THEN '1,50 m' WHEN 1 THEN 'env. 2 m' ELSE 'cime' END, '450', 'Voiron', '38',
                1 + id % 31, 4 + id % 3
            FROM nids_fiches
            """,
            """
            INSERT INTO nids_visites (lecture_id, rang, jour, mois, nombre_oeufs)
            SELECT l.id, r.d, 1 + (l.id + 5 * r.d) % 31, 3 + r.d, r.d
            FROM nids_lectures l, \(digits) r WHERE r.d BETWEEN 1 AND 6
            """,
        ]
    }
}
