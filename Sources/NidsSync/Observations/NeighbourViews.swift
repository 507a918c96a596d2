import Transcriber

/// The views that compare sheets with each other: years far from those of their folder, likely duplicates, and what to
/// look over first by all that is known.
///
/// Each is computed anew when it is looked at: what is true of a sheet changes with the others, and neither its rows nor
/// its result need be written again for that.
enum NeighbourViews {
    /// Fewer others tell no years that a folder is of.
    private static let fewestOthers = 8
    /// Years are far from others of one year from here on; farther where they are of many.
    private static let nearYears = 10

    /// Years more than ten years, and two and a half standard deviations more, from the mean of the others in the folder.
    static func distantYears(_ dialect: SQLDialect) -> String {
        let folder = dialect.folder(of: "f.chemin")
        // Counted from 1950, so that squares keep their digits.
        return """
            SELECT m.fiche_id, m.lecture_id, m.racine, m.chemin, m.dossier, m.annee_nombre,
                ROUND(1950 + m.moyenne) AS annee_dossier, m.autres AS autres_fiches
            FROM (
                SELECT s.fiche_id, s.lecture_id, s.racine, s.chemin, s.dossier, s.annee_nombre, s.annee, s.autres,
                    (s.somme - s.annee) * 1e0 / s.autres AS moyenne,
                    (s.carres - s.annee * s.annee) * 1e0 / s.autres AS carre_moyen
                FROM (
                    SELECT f.fiche_id, f.lecture_id, f.racine, f.chemin, \(folder) AS dossier, f.annee_nombre,
                        f.annee_nombre - 1950 AS annee,
                        COUNT(*) OVER (PARTITION BY f.racine, \(folder)) - 1 AS autres,
                        SUM(f.annee_nombre - 1950) OVER (PARTITION BY f.racine, \(folder)) AS somme,
                        SUM((f.annee_nombre - 1950) * (f.annee_nombre - 1950)) OVER (PARTITION BY f.racine, \(folder))
                            AS carres
                    FROM nids_v_fiches f WHERE f.annee_nombre BETWEEN 1900 AND 2100
                ) s WHERE s.autres >= \(fewestOthers)
            ) m
            WHERE ABS(m.annee - m.moyenne) > \(nearYears)
                AND (ABS(m.annee - m.moyenne) - \(nearYears)) * (ABS(m.annee - m.moyenne) - \(nearYears))
                    > 6.25 * (m.carre_moyen - m.moyenne * m.moyenne)
            """
    }

    /// Sheets with a scan of the same content, or with the same number, observer and year, as one recorded before.
    static let duplicates = """
        SELECT d.fiche_id, d.lecture_id, d.racine, d.chemin, d.doublon_de, o.chemin AS chemin_doublon, d.motif
        FROM (
            SELECT f.fiche_id, f.lecture_id, f.racine, f.chemin, 'scan' AS motif,
                MIN(f.fiche_id) OVER (PARTITION BY p.sha256) AS doublon_de
            FROM nids_v_fiches f JOIN nids_pages p ON p.lecture_id = f.lecture_id WHERE p.sha256 <> ''
            UNION
            SELECT f.fiche_id, f.lecture_id, f.racine, f.chemin, 'numero' AS motif,
                MIN(f.fiche_id) OVER (
                    PARTITION BY LOWER(TRIM(f.n_fiche)), LOWER(TRIM(f.observateur)), f.annee_nombre) AS doublon_de
            FROM nids_v_fiches f
            WHERE f.n_fiche <> '' AND f.observateur <> '' AND f.annee_nombre IS NOT NULL
        ) d JOIN nids_fiches o ON o.id = d.doublon_de
        WHERE d.doublon_de <> d.fiche_id
        """

    private static let columns = """
        fiche_id, lecture_id, racine, chemin, priorite_relecture, n_fiche, observateur, n_espece, espece,
        espece_statut, espece_nom, espece_proposee, espece_score, annee, commune, departement,
        nombre_erreurs, nombre_avertissements, nombre_controles, regles, modele, chemin_resultat,
        annee_dossier, doublon_de
        """

    /// What deserves a second look, what does most first. That a sheet does not go with others counts where nobody has
    /// looked it over.
    static let toReview = """
        SELECT \(columns) FROM (
            SELECT f.fiche_id, f.lecture_id, f.racine, f.chemin,
                CASE WHEN \(sum) > 100 THEN 100 ELSE \(sum) END AS priorite_relecture,
                f.n_fiche, f.observateur, f.n_espece, f.espece, f.espece_statut, f.espece_nom, f.espece_proposee,
                f.espece_score, f.annee, f.commune, f.departement, f.nombre_erreurs, f.nombre_avertissements,
                f.nombre_controles, f.regles, f.modele, f.chemin_resultat, y.annee_dossier, d.doublon_de
            FROM nids_v_fiches f
            LEFT JOIN nids_v_annees_eloignees y
                ON y.fiche_id = f.fiche_id AND f.relue_le IS NULL AND f.origine <> 'personne'
            LEFT JOIN (SELECT fiche_id, MIN(doublon_de) AS doublon_de FROM nids_v_doublons GROUP BY fiche_id) d
                ON d.fiche_id = f.fiche_id AND f.relue_le IS NULL AND f.origine <> 'personne'
        ) v WHERE priorite_relecture > 0 ORDER BY priorite_relecture DESC, racine, chemin
        """

    /// Rows of version 1 have no priority: what their checks say stands in for it.
    private static let sum = """
        (COALESCE(f.priorite_relecture,
            f.nombre_erreurs * \(points(.erreur)) + f.nombre_avertissements * \(points(.avertissement)))
        + CASE WHEN y.fiche_id IS NULL THEN 0 ELSE \(points(.anneeEloignee)) END
        + CASE WHEN d.fiche_id IS NULL THEN 0 ELSE \(points(.doublon)) END)
        """

    private static func points(_ factor: ReviewFactor) -> Int { Int(factor.weight.points) }
}
