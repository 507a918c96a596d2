/// The views meant for people, as they are in version 2: what version 1 had, in its order, and the new columns behind.
enum ObservationViews {
    /// The views that version 1 had, too: whoever puts others in their place needs the right to drop them.
    static let replaced = ["nids_v_fiches", "nids_v_visites"]

    /// Makes those that are missing, and those that are of an earlier version anew.
    static func renew(in session: any SQLSession) throws {
        let dialect = session.dialect
        let selects = [
            ("nids_v_fiches", fiches(dialect)), ("nids_v_visites", visites),
            ("nids_v_annees_eloignees", NeighbourViews.distantYears(dialect)),
            ("nids_v_doublons", NeighbourViews.duplicates), ("nids_v_a_verifier", NeighbourViews.toReview),
        ]
        for (name, select) in selects {
            let present = try session.columns(of: name)
            // Making a view needs no right to drop; replacing one does.
            if present.isEmpty {
                try session.run("\(dialect.createView) \(name) AS \(select)")
            } else if !isCurrent(name, present) {
                for statement in dialect.replaceView(name, select) { try session.run(statement) }
            }
        }
    }

    private static func isCurrent(_ name: String, _ columns: [String]) -> Bool {
        switch name {
        case "nids_v_fiches": added.allSatisfy(columns.contains)
        case "nids_v_visites": columns.contains("date_visite")
        default: true
        }
    }

    /// What version 2 added to `nids_v_fiches`.
    static let added =
        ["nombre_erreurs", "nombre_avertissements", "regles"] + ComputedRow.columns.dropLast()
        + ["espece_modele", "relue_par", "relue_le", "priorite_relecture"]

    /// What it added to `nids_v_visites`.
    static let addedToVisits = ["date_visite", "annee_nombre", "espece_statut", "espece_code", "espece_nom"]

    private static func fiches(_ dialect: SQLDialect) -> String {
        """
        SELECT f.id AS fiche_id, l.id AS lecture_id, f.racine, f.chemin,
            \(columns(ReadingRows.ficheColumns)),
            (SELECT COUNT(*) FROM nids_controles c WHERE c.lecture_id = l.id) AS nombre_controles,
            l.origine, l.modele, l.type_fiche, l.transcrite_le, l.chemin_resultat,
            (SELECT COUNT(*) FROM nids_controles c WHERE c.lecture_id = l.id AND c.gravite = 'erreur')
                AS nombre_erreurs,
            (SELECT COUNT(*) FROM nids_controles c WHERE c.lecture_id = l.id AND c.gravite = 'avertissement')
                AS nombre_avertissements,
            \(dialect.rules) AS regles,
            \(columns(Array(added.dropFirst(3))))
        FROM nids_fiches f JOIN nids_lectures l ON l.id = (
            SELECT m.id FROM nids_lectures m WHERE m.fiche_id = f.id AND m.retiree_le IS NULL
            ORDER BY CASE m.origine WHEN 'personne' THEN 0 ELSE 1 END, m.est_principal DESC, m.modele LIMIT 1)
        """
    }

    private static func columns(_ names: [String]) -> String { names.map { "l.\($0)" }.joined(separator: ", ") }

    private static let visites = """
        SELECT f.fiche_id, f.lecture_id, f.racine, f.chemin, f.n_fiche, f.observateur, f.n_espece, f.espece,
            f.annee, f.commune, f.departement,
            v.rang, v.jour, v.mois, v.heure, v.nombre_oeufs, v.nombre_poussins, v.age, v.observations,
            v.date_visite, f.annee_nombre, f.espece_statut, f.espece_code, f.espece_nom
        FROM nids_v_fiches f JOIN nids_visites v ON v.lecture_id = f.lecture_id
        """
}
