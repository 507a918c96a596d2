import GRDB
import HarnessSupport

/// A reading as the observations have it.
struct ObservationRow: Sendable {
    var path: String
    var origin: String
    var document: String
    var isWithdrawn: Bool
    /// Where its result lies, below the root.
    var result: String?
    var content: String?

    /// All of them, from the SQLite file in a state folder.
    /// - Throws: `TestFailure`, `DatabaseError`.
    static func all(in state: String) throws -> [ObservationRow] {
        try DatabaseCopy.reading(state + "/observations.sqlite") { db in
            guard try db.tableExists("nids_lectures") else { return [] }
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT f.chemin, l.origine, l.document, l.retiree_le, l.chemin_resultat,
                    (SELECT sha256 FROM nids_pages p WHERE p.lecture_id = l.id) AS sha256
                    FROM nids_lectures l JOIN nids_fiches f ON f.id = l.fiche_id ORDER BY f.chemin
                    """
            ).map { row in
                ObservationRow(
                    path: row["chemin"], origin: row["origine"], document: row["document"],
                    isWithdrawn: (row["retiree_le"] as String?) != nil, result: row["chemin_resultat"],
                    content: row["sha256"])
            }
        } ?? []
    }
}
